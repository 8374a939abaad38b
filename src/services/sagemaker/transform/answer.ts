/** What an instance answers, which may be hostile: so much of it is held in memory, and no more. */
import type { IncomingMessage } from 'node:http';

/** Bytes of results that are not written yet, over all requests to an instance. */
export interface ResultMemory {
  readonly limit: number;
  held: number;
}

/** The probabilities of ten thousand classes with their names are one. */
const largestResult = 4 * 1024 ** 2;
/** Results of all requests to an instance, of which there are no more than cores: what one job's fill is no other's. */
const resultMemoryBytes = 16 * 1024 ** 2;
/** Of an error: its message is cut to less. */
const largestProblem = 16 * 1024;

export function openResultMemory(): ResultMemory {
  return { limit: resultMemoryBytes, held: 0 };
}

/** A body, and the head that came before it. */
export type Response = AsyncIterable<Buffer> & Pick<IncomingMessage, 'headers'>;

/**
 * `whippet container serve` says how long its answers are. Read in chunks instead, an answer of chunks of one byte keeps this process busy
 * for as long as it lasts.
 * @returns bytes; undefined where it does not say.
 */
export function lengthOf({ headers }: Pick<Response, 'headers'>): number | undefined {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  return length === undefined || encoding !== undefined ? undefined : Number(length);
}

/**
 * A result, which counts until the caller takes its length from `held`.
 * @throws Error where it is too large, by itself or with the others that are held.
 */
export async function readResult(response: Response, memory: ResultMemory): Promise<Buffer> {
  const size = lengthOf(response) ?? 0;
  if (size > largestResult) throw new Error(`the answer is larger than ${largestResult} bytes`);
  if (memory.held + size > memory.limit)
    throw new Error(`answers under way are larger than ${memory.limit} bytes together`);
  memory.held += size;
  try {
    return await readStart(response, size);
  } catch (error) {
    memory.held -= size;
    throw error;
  }
}

/** What the container says, on one line: the message of an error in JSON, or the text itself. What is long is not read to its end. */
export async function readProblem(response: Response): Promise<string> {
  const bytes = await readStart(response, Math.min(lengthOf(response) ?? 0, largestProblem));
  const text = bytes.toString('utf8');
  return (jsonMessage(text) ?? text).slice(0, 2_000).replace(/\s+/g, ' ').trim().slice(0, 500);
}

/** Copies what comes: a list of small chunks would take some hundred times their size. */
async function readStart(response: Response, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for await (const chunk of response) {
    if (at + chunk.length > size) {
      chunk.copy(bytes, at, 0, size - at);
      break;
    }
    at += chunk.copy(bytes, at);
  }
  return bytes;
}

function jsonMessage(text: string): string | undefined {
  try {
    const parsed = JSON.parse(text) as { message?: unknown; error?: unknown } | null;
    const found = parsed?.message ?? (parsed?.error as { message?: unknown } | undefined)?.message ?? parsed?.error;
    return typeof found === 'string' ? found : undefined;
  } catch {
    return undefined;
  }
}
