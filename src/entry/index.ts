import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

/**
 * The file a worker or child process starts from, beside the module that asks: `entryFile(import.meta.url, 'extraction-worker')`.
 * Works from source (.ts) and from dist/ (.js); tsc rewrites imports but not URLs.
 */
export function entryFile(moduleUrl: string, name: string): URL {
  return new URL(`./${name}${extname(new URL(moduleUrl).pathname)}`, moduleUrl);
}

/** Whippet's own version. src/entry and dist/entry are equally deep. */
export function whippetVersion(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;
}

/** The `whippet` command as a file for Node. src/entry and dist/entry are equally deep. */
export function commandFile(): URL {
  return new URL('../../bin/whippet', import.meta.url);
}
