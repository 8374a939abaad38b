/** Protocol buffers on the wire: just what ONNX files need. https://protobuf.dev/programming-guides/encoding/ */

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;
const MAX_FIELD_NUMBER = 2 ** 29 - 1;

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One field as it stands in a message: `value` for varints, `bytes` for everything else. */
export interface Field {
  readonly number: number;
  readonly wireType: number;
  readonly value: bigint;
  readonly bytes: Uint8Array;
}

/** Iterates over the fields of one message, without copying. Throws a RangeError on malformed input. */
export function* readFields(message: Uint8Array): Generator<Field> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= message.length) throw new RangeError('a number runs past the end');
      const byte = view.getUint8(at++);
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, result);
    }
    throw new RangeError('a number is longer than ten bytes');
  };
  const take = (length: number): Uint8Array => {
    if (length > message.length - at) throw new RangeError('a field runs past the end');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = varint();
    const number = Number(key >> 3n);
    const wireType = Number(key & 7n);
    if (number === 0 || number > MAX_FIELD_NUMBER) throw new RangeError(`a field has number ${number}`);
    if (wireType === VARINT) yield { number, wireType, value: varint(), bytes: new Uint8Array() };
    else if (wireType === LENGTH) yield { number, wireType, value: 0n, bytes: take(Number(varint())) };
    else if (wireType === FIXED32) yield { number, wireType, value: 0n, bytes: take(4) };
    else if (wireType === FIXED64) yield { number, wireType, value: 0n, bytes: take(8) };
    else throw new RangeError(`unknown wire type ${wireType}`);
  }
}

/** An int64 that must be a safe integer; none of what is read as a number here is near that limit in a sound model. */
export function readInt(field: Field): number {
  if (field.wireType !== VARINT) throw new RangeError(`field ${field.number} is not a number`);
  return safeInteger(field.value);
}

/** A field holding an int64, or (packed) many of them. */
export function readInts(field: Field): number[] {
  if (field.wireType === VARINT) return [readInt(field)];
  const values: number[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of readBytes(field)) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (shift > 70n) throw new RangeError('a number is longer than ten bytes');
    if (byte >= 0x80) continue;
    values.push(safeInteger(value));
    value = 0n;
    shift = 0n;
  }
  if (shift !== 0n) throw new RangeError('a number runs past the end');
  return values;
}

function safeInteger(value: bigint): number {
  const number = Number(BigInt.asIntN(64, value));
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is out of range`);
  return number;
}

/** A nested message or a byte string, not copied. */
export function readBytes(field: Field): Uint8Array {
  if (field.wireType !== LENGTH) throw new RangeError(`field ${field.number} has no length`);
  return field.bytes;
}

export function readText(field: Field): string {
  const bytes = readBytes(field);
  try {
    return textDecoder.decode(bytes);
  } catch {
    throw new RangeError(`the text in field ${field.number} is not UTF-8`);
  }
}

/** Collects the fields of one message; big byte arrays are kept by reference until `finish()`. */
export class MessageWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  #push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  #varint(value: bigint): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    do {
      bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
      rest >>= 7n;
    } while (rest > 0n);
    this.#push(Uint8Array.from(bytes));
  }

  int(number: number, value: number | bigint): this {
    this.#varint(BigInt((number << 3) | VARINT));
    this.#varint(BigInt(value));
    return this;
  }

  float(number: number, value: number): this {
    this.#varint(BigInt((number << 3) | FIXED32));
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#push(bytes);
    return this;
  }

  bytes(number: number, bytes: Uint8Array): this {
    this.#varint(BigInt((number << 3) | LENGTH));
    this.#varint(BigInt(bytes.length));
    this.#push(bytes);
    return this;
  }

  text(number: number, text: string): this {
    return this.bytes(number, textEncoder.encode(text));
  }

  /** Copies a field that was read and is not interpreted. */
  field(field: Field): this {
    if (field.wireType === VARINT) return this.int(field.number, field.value);
    if (field.wireType === LENGTH) return this.bytes(field.number, field.bytes);
    this.#varint(BigInt((field.number << 3) | field.wireType));
    this.#push(field.bytes);
    return this;
  }

  finish(): Uint8Array {
    const message = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      message.set(chunk, at);
      at += chunk.length;
    }
    return message;
  }
}
