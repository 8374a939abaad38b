/**
 * Frames on a stream: u32 bytes of the header · u32 bytes of the payload · header, JSON in UTF-8 · payload. Little-endian. Both lengths are
 * bounded, so that nobody makes the other side hold more than that.
 */
export const frameLimits = { headerBytes: 4 * 1024 * 1024, payloadBytes: 32 * 1024 * 1024 } as const;

const prefixBytes = 8;

export interface Frame {
  readonly header: unknown;
  readonly payload: Buffer;
}

const nothing = Buffer.alloc(0);

/** @throws RangeError for more than `frameLimits` allows: a defect of the sender. */
export function encodeFrame(header: object, payload: Uint8Array = nothing): Buffer[] {
  const text = Buffer.from(JSON.stringify(header));
  if (text.length > frameLimits.headerBytes || payload.length > frameLimits.payloadBytes) {
    throw new RangeError(`a frame of ${text.length} and ${payload.length} bytes is too large`);
  }
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32LE(text.length, 0);
  prefix.writeUInt32LE(payload.length, 4);
  const parts: Buffer[] = [Buffer.concat([prefix, text])];
  if (payload.length > 0) parts.push(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength));
  return parts;
}

/**
 * Takes a stream apart, whatever pieces it comes in.
 * @returns takes the next piece and gives the frames it completes. @throws Error that says what is wrong with them
 */
export function frameReader(): (chunk: Buffer) => Frame[] {
  let chunks: Buffer[] = [];
  let held = 0;
  let needed = prefixBytes;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    const frames: Frame[] = [];
    // Joined only when a frame is complete: a large one in small pieces is copied once.
    while (held >= needed) {
      const bytes: Buffer = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      chunks = [bytes];
      const { header, payload } = lengthsOf(bytes);
      const end = prefixBytes + header + payload;
      needed = end;
      if (held < end) break;
      const payloadAt = prefixBytes + header;
      // A copy, as a small payload would keep the whole piece in memory.
      const content = Buffer.from(bytes.subarray(payloadAt, end));
      frames.push({ header: parse(bytes.subarray(prefixBytes, payloadAt)), payload: content });
      chunks = [bytes.subarray(end)];
      held -= end;
      needed = prefixBytes;
    }
    return frames;
  };
}

function lengthsOf(bytes: Buffer): { header: number; payload: number } {
  const header = bytes.readUInt32LE(0);
  const payload = bytes.readUInt32LE(4);
  if (header > frameLimits.headerBytes || payload > frameLimits.payloadBytes) {
    throw new Error(`a frame claims ${header} and ${payload} bytes, which is too large`);
  }
  return { header, payload };
}

function parse(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    throw new Error('the header of a frame is not JSON');
  }
}
