import { StringDecoder } from 'node:string_decoder';

export interface LineSplitter {
  /** Bytes as they come: a line, or a character of UTF-8, may begin in one chunk and end in the next. */
  push(chunk: Uint8Array): void;
  /** What is left is a line too. */
  end(): void;
}

export interface SplitOptions {
  /** Characters (UTF-16 units) of the longest piece. */
  readonly limit: number;
  /** A line without its end. Of an overlong one: its pieces, all but the last with `isWhole` false. */
  readonly onPiece: (piece: string, isWhole: boolean) => void;
}

/** Cuts a stream into lines of bounded length: what waits for the end of its line is never more than the limit and a chunk. */
export function splitLines({ limit, onPiece }: SplitOptions): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string): void => {
    rest += text;
    let start = 0;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', start)) {
      tellPieces(rest.slice(start, rest[end - 1] === '\r' && end > start ? end - 1 : end), true);
      start = end + 1;
    }
    rest = rest.slice(start);
    while (rest.length > limit) {
      const cut = beforeCharacter(rest, limit);
      onPiece(rest.slice(0, cut), false);
      rest = rest.slice(cut);
    }
  };
  const tellPieces = (line: string, isWhole: boolean): void => {
    let start = 0;
    while (line.length - start > limit) {
      const cut = beforeCharacter(line, start + limit);
      onPiece(line.slice(start, cut), false);
      start = cut;
    }
    onPiece(line.slice(start), isWhole);
  };
  return {
    push: (chunk) => take(decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))),
    end() {
      take(decoder.end());
      if (rest !== '') tellPieces(rest, true);
      rest = '';
    },
  };
}

/** Surrogates of a pair stay together. */
function beforeCharacter(text: string, at: number): number {
  const unit = text.charCodeAt(at - 1);
  return unit >= 0xd800 && unit <= 0xdbff && at > 1 ? at - 1 : at;
}
