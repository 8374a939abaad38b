import { incompleteBody, malformedChunk, malformedTrailer, smallChunk, wrongLength } from './body-faults.ts';
import type { ChunkChecks } from './chunk-signature.ts';
import { readTrailer } from './trailer.ts';

/** A chunk's first line: size, signature and room to spare. */
const longestLine = 512;
const longestTrailer = 16_384;
const smallestChunk = 8192;

export interface DeframerOptions {
  /** Bytes of all chunks together. */
  readonly length: number;
  /** Filled at the end. */
  readonly trailers: Map<string, string>;
  /** The names that x-amz-trailer announced; undefined for a form without trailer. */
  readonly declared: string | undefined;
  /** Absent where chunks aren't signed. */
  readonly checks: ChunkChecks | undefined;
}

/** Takes aws-chunked framing off, piece by piece, wherever the pieces are cut. */
export interface Deframer {
  /** The data within a piece, as views of it. @throws AwsFault */
  push(piece: Uint8Array): Generator<Uint8Array>;
  /** @throws AwsFault when something is missing or the trailer is not what was announced or signed. */
  end(): void;
}

type State = 'line' | 'data' | 'line end' | 'trailer';

export function createDeframer({ length, trailers, declared, checks }: DeframerOptions): Deframer {
  let state: State = 'line';
  // Of a line or the trailer: what came before this piece. Short, so text is cheap enough.
  let held = '';
  let remaining = 0;
  let delivered = 0;
  let size = 0;
  let signature = '';

  const startChunk = (line: string): void => {
    const previous = size;
    ({ size, signature } = readLine(line, checks !== undefined));
    if (size > 0 && previous > 0 && previous < smallestChunk) throw smallChunk();
    remaining = size;
    delivered += size;
    if (delivered > length) throw wrongLength();
    state = size === 0 ? 'trailer' : 'data';
    if (size === 0) checks?.endChunk(signature);
  };

  /** Text up to `end`, with what was held. */
  const take = (piece: Buffer, from: number, end: number): string => {
    const text = held + piece.toString('latin1', from, end);
    held = '';
    return text;
  };

  return {
    *push(bytes) {
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let at = 0;
      while (at < piece.length) {
        if (state === 'data') {
          const data = piece.subarray(at, at + remaining);
          at += data.length;
          remaining -= data.length;
          checks?.update(data);
          if (remaining === 0) {
            checks?.endChunk(signature);
            state = 'line end';
          }
          yield data;
        } else if (state === 'trailer') {
          if (held.length + piece.length - at > longestTrailer) throw malformedTrailer();
          held = take(piece, at, piece.length);
          at = piece.length;
        } else {
          const newline = piece.indexOf(10, at);
          const end = newline < 0 ? piece.length : newline + 1;
          if (held.length + end - at > longestLine) throw malformedChunk('a line is too long');
          const text = take(piece, at, end);
          at = end;
          if (newline < 0) held = text;
          else if (!text.endsWith('\r\n')) throw malformedChunk('a line does not end with CRLF');
          else if (state === 'line') startChunk(text.slice(0, -2));
          else if (text !== '\r\n') throw malformedChunk('a chunk is longer than its size');
          else state = 'line';
        }
      }
    },
    end() {
      if (state !== 'trailer') throw incompleteBody();
      if (delivered !== length) throw wrongLength();
      readTrailer(held, { trailers, declared, checks });
    },
  };
}

/** `10000` or `10000;chunk-signature=…`. Other extensions are let pass where nothing is signed (RFC 9112 §7.1.1). */
function readLine(line: string, isSigned: boolean): { size: number; signature: string } {
  const match = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line);
  if (!match?.[1]) throw malformedChunk('a chunk does not begin with its size');
  if (isSigned && match[2] === undefined) throw malformedChunk('a chunk has no signature');
  return { size: Number.parseInt(match[1], 16), signature: match[2] ?? '' };
}
