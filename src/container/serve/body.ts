import type { IncomingMessage } from 'node:http';
import { userError } from '../../errors/index.ts';

/** Bytes of bodies in memory, over all requests. */
export interface BodyMemory {
  readonly limit: number;
  held: number;
}

export interface BodyLimits {
  readonly maxBytes: number;
  readonly memory: BodyMemory;
  readonly signal: AbortSignal;
}

/**
 * Reads a request's body into memory, where it counts until `release` is called.
 * @throws WHIPPET_SERVE_BODY_TOO_LARGE, WHIPPET_SERVE_MEMORY; the signal's reason when the caller left.
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const { maxBytes, memory } = limits;
  checkDeclaredLength(request, maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => reject(limits.signal.reason);
      if (limits.signal.aborted) return stop();
      limits.signal.addEventListener('abort', stop, { once: true });
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        memory.held += chunk.length;
        chunks.push(chunk);
        if (bytes > maxBytes) reject(userError('WHIPPET_SERVE_BODY_TOO_LARGE', { limit: maxBytes }));
        else if (memory.held > memory.limit) reject(userError('WHIPPET_SERVE_MEMORY', { limit: memory.limit }));
      });
      request.on('end', resolve);
      request.on('error', reject);
    });
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes);
  } catch (error) {
    memory.held -= bytes;
    // What still comes is thrown away.
    request.removeAllListeners('data');
    request.resume();
    throw error;
  }
}

/** A body that says itself that it is too large is refused unread. */
export function checkDeclaredLength(request: IncomingMessage, maxBytes: number): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    throw userError('WHIPPET_SERVE_BODY_TOO_LARGE', { limit: maxBytes });
  }
}
