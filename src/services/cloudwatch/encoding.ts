/** Summaries as tables hold them. A single value, which most are, takes a byte more than the value itself. */
import { type ByteReader, type ByteWriter, createReader, createWriter } from './bytes.ts';
import type { Distribution } from './distribution.ts';
import type { Summary } from './summary.ts';

/** What follows. Tables hold these numbers. */
const form = { single: 0, constant: 1, unknown: 2, exact: 3, sketch: 4 } as const;

/** A summary at its place among the buckets of a block. */
export interface Point {
  readonly index: number;
  readonly summary: Summary;
}

export function encodeSummary(summary: Summary): Buffer {
  const writer = createWriter();
  writeSummary(writer, summary);
  return writer.finish();
}

export function decodeSummary(bytes: Uint8Array): Summary {
  return readSummary(createReader(bytes));
}

/** @param points By index, ascending. */
export function encodePoints(points: readonly Point[]): Buffer {
  const writer = createWriter();
  writer.varint(points.length);
  let previous = 0;
  for (const { index, summary } of points) {
    writer.varint(index - previous);
    writeSummary(writer, summary);
    previous = index;
  }
  return writer.finish();
}

export function decodePoints(bytes: Uint8Array): Point[] {
  const reader = createReader(bytes);
  let index = 0;
  return Array.from({ length: reader.varint() }, () => {
    index += reader.varint();
    return { index, summary: readSummary(reader) };
  });
}

function writeSummary(writer: ByteWriter, summary: Summary): void {
  const { count, sum, minimum, maximum, distribution } = summary;
  if (distribution && minimum === maximum && sum === minimum * count) {
    writer.varint(count === 1 ? form.single : form.constant);
    if (count !== 1) writer.number(count);
    writer.number(minimum);
    return;
  }
  writer.varint(distribution === undefined ? form.unknown : form[distribution.kind]);
  writer.number(count);
  writer.number(sum);
  if (distribution?.kind === 'exact') writeCounts(writer, distribution.counts, (value) => writer.number(value));
  else {
    writer.number(minimum);
    writer.number(maximum);
    if (distribution) writeSketch(writer, distribution);
  }
}

function writeSketch(writer: ByteWriter, { doublings, zeros, bins }: Extract<Distribution, { kind: 'sketch' }>): void {
  writer.varint(doublings);
  writer.number(zeros);
  let previous = 0;
  writeCounts(writer, bins, (bin) => {
    writer.number(bin - previous);
    previous = bin;
  });
}

function writeCounts(writer: ByteWriter, counts: ReadonlyMap<number, number>, write: (key: number) => void): void {
  writer.varint(counts.size);
  for (const [key, count] of [...counts].sort(([a], [b]) => a - b)) {
    write(key);
    writer.number(count);
  }
}

function readSummary(reader: ByteReader): Summary {
  const kind = reader.varint();
  if (kind === form.single) return constant(reader.number(), 1);
  if (kind === form.constant) {
    const count = reader.number();
    return constant(reader.number(), count);
  }
  const count = reader.number();
  const sum = reader.number();
  if (kind === form.exact) {
    const counts = readCounts(reader, () => reader.number());
    const values = [...counts.keys()];
    const [minimum, maximum] = [values[0] as number, values.at(-1) as number];
    return { count, sum, minimum, maximum, distribution: { kind: 'exact', counts } };
  }
  const minimum = reader.number();
  const maximum = reader.number();
  return { count, sum, minimum, maximum, distribution: kind === form.sketch ? readSketch(reader) : undefined };
}

function constant(value: number, count: number): Summary {
  const distribution = { kind: 'exact', counts: new Map([[value, count]]) } as const;
  return { count, sum: value * count, minimum: value, maximum: value, distribution };
}

function readSketch(reader: ByteReader): Distribution {
  const doublings = reader.varint();
  const zeros = reader.number();
  let bin = 0;
  const bins = readCounts(reader, () => {
    bin += reader.number();
    return bin;
  });
  return { kind: 'sketch', doublings, zeros, bins };
}

function readCounts(reader: ByteReader, read: () => number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let left = reader.varint(); left > 0; left--) {
    const key = read();
    counts.set(key, reader.number());
  }
  return counts;
}
