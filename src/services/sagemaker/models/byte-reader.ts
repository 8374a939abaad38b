/** Takes bytes off a stream in the portions that a format asks for. */
export interface ByteReader {
  /** Exactly so many, or undefined at the end; a stream that ends within them is one that was cut. @throws Error */
  take(length: number): Promise<Buffer | undefined>;
  /** So many, in the pieces they come in. @throws Error when the stream ends before. */
  pieces(length: number): AsyncIterable<Buffer>;
  /** Whatever is left, to the stream's own end. */
  rest(): AsyncIterable<Buffer>;
}

export function readBytes(source: AsyncIterable<Buffer>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await iterator.next();
    if (next.done) return false;
    held = next.value;
    return true;
  };
  async function* pieces(length: number): AsyncGenerator<Buffer> {
    let left = length;
    while (left > 0) {
      if (held.length === 0 && !(await more())) throw new Error(`it ends ${left} bytes early`);
      const piece = held.subarray(0, left);
      held = held.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
  return {
    pieces,
    async take(length) {
      while (held.length === 0) if (!(await more())) return undefined;
      const taken: Buffer[] = [];
      for await (const piece of pieces(length)) taken.push(piece);
      return Buffer.concat(taken);
    },
    async *rest() {
      if (held.length > 0) yield held;
      held = Buffer.alloc(0);
      while (await more()) yield held;
    },
  };
}
