import { extname } from 'node:path';

/**
 * The file a worker or child process starts from, beside the module that asks: `entryFile(import.meta.url, 'extraction-worker')`.
 * Works from source (.ts) and from dist/ (.js); tsc rewrites imports but not URLs.
 */
export function entryFile(moduleUrl: string, name: string): URL {
  return new URL(`./${name}${extname(new URL(moduleUrl).pathname)}`, moduleUrl);
}
