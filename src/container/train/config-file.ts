import { readFile } from 'node:fs/promises';
import { userError } from '../../errors/index.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A configuration file that holds one JSON object; undefined where there is no such file.
 * @throws WHIPPET_CONTAINER_CONFIG
 */
export async function readConfigFile(path: string): Promise<JsonObject | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw userError('WHIPPET_CONTAINER_CONFIG', { path, reason: (error as Error).message }, error);
  }
  return parseObject(text, path);
}

/** `source` names the text in messages: a path, or a variable. @throws WHIPPET_CONTAINER_CONFIG */
export function parseObject(text: string, source: string): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw userError('WHIPPET_CONTAINER_CONFIG', {
      path: source,
      reason: `it is not JSON (${(error as Error).message})`,
    });
  }
  if (isObject(parsed)) return parsed;
  throw userError('WHIPPET_CONTAINER_CONFIG', { path: source, reason: 'it does not hold a JSON object' });
}
