import { type FileHandle, open } from 'node:fs/promises';
import { userError } from '../../errors/index.ts';

/**
 * A safetensors file, read tensor by tensor. The format: u64 little-endian length of the header, the header in JSON
 * (`{name: {dtype, shape, data_offsets: [begin, end]}}`), then the bytes. https://huggingface.co/docs/safetensors
 */
export interface SafetensorsFile {
  readonly names: readonly string[];
  /** Undefined where there is no such tensor. */
  shape(name: string): readonly number[] | undefined;
  /** Values of an F32, F16 or BF16 tensor, row-major. @throws WHIPPET_BACKBONE_WEIGHTS_MALFORMED for other types. */
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Headers of networks with a thousand tensors take 100 KB; a length beyond this is garbage, not a header. */
const longestHeader = 16 * 1024 * 1024;
const bytesPerValue: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/**
 * Opens a file and checks its header against its length: offsets without gaps or overlaps, sizes that agree with types and shapes.
 * `source` names it in errors.
 * @throws WHIPPET_BACKBONE_FILE, WHIPPET_BACKBONE_WEIGHTS_MALFORMED
 */
export async function openSafetensors(path: string, source: string): Promise<SafetensorsFile> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw userError('WHIPPET_BACKBONE_FILE', { source: path, reason }, error);
  }
  try {
    const { entries, dataStart } = await readHeader(file, source);
    return {
      names: [...entries.keys()],
      shape: (name) => entries.get(name)?.shape,
      read: (name) => readValues(file, entries.get(name), { name, dataStart, source }),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function malformed(source: string, reason: string): never {
  throw userError('WHIPPET_BACKBONE_WEIGHTS_MALFORMED', { source, reason });
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  return bytes;
}

async function readHeader(
  file: FileHandle,
  source: string,
): Promise<{ entries: ReadonlyMap<string, TensorEntry>; dataStart: number }> {
  const { size } = await file.stat();
  const start = await readExactly(file, 0, Math.min(size, 8));
  if (!start || start.length < 8) malformed(source, `it has only ${size} bytes`);
  if ((start[0] === 0x50 && start[1] === 0x4b) || (start[0] === 0x80 && start[1]! <= 5)) {
    malformed(source, 'it is a PyTorch pickle (.pth, .bin), which can run code when it is read');
  }
  const length = Number(new DataView(start.buffer).getBigUint64(0, true));
  if (length < 2 || length > longestHeader) malformed(source, `its header would be ${length} bytes long`);
  const header = await readExactly(file, 8, Math.min(length, size - 8));
  if (!header || header.length < length) malformed(source, 'it ends within its header: the file is cut short');
  const entries = parseHeader(new TextDecoder().decode(header), source);
  checkLayout(entries, size - 8 - length, source);
  return { entries, dataStart: 8 + length };
}

function parseHeader(text: string, source: string): Map<string, TensorEntry> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    malformed(source, 'its header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    malformed(source, 'its header is no object');
  const entries = new Map<string, TensorEntry>();
  for (const [name, entry] of Object.entries(header as Record<string, unknown>)) {
    if (name !== '__metadata__') entries.set(name, parseEntry(name, entry, source));
  }
  return entries;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function parseEntry(name: string, entry: unknown, source: string): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const sane =
    typeof dtype === 'string' &&
    Array.isArray(shape) &&
    shape.every(isCount) &&
    Array.isArray(offsets) &&
    offsets.length === 2 &&
    offsets.every(isCount);
  if (!sane) malformed(source, `its header describes the tensor "${name}" wrongly`);
  const [begin, end] = offsets as [number, number];
  const width = bytesPerValue[dtype];
  const values = shape.reduce((product: number, side: number) => product * side, 1);
  // Types of fewer than 8 bits and types to come are let pass: they cannot be read, but need not be.
  if (begin > end || (width !== undefined && values * width !== end - begin)) {
    malformed(source, `the tensor "${name}" of ${dtype} [${shape.join(', ')}] does not fit its ${end - begin} bytes`);
  }
  return { dtype, shape, begin, end };
}

function checkLayout(entries: ReadonlyMap<string, TensorEntry>, dataLength: number, source: string): void {
  let at = 0;
  for (const [name, { begin, end }] of [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) malformed(source, `the tensor "${name}" leaves a gap or overlaps another`);
    at = end;
  }
  if (at > dataLength) malformed(source, `it is cut short: ${at - dataLength} of ${at} bytes of tensors are missing`);
  if (at < dataLength) malformed(source, `${dataLength - at} bytes follow its last tensor`);
}

async function readValues(
  file: FileHandle,
  entry: TensorEntry | undefined,
  { name, dataStart, source }: { name: string; dataStart: number; source: string },
): Promise<Float32Array> {
  if (!entry) malformed(source, `it has no tensor "${name}"`);
  const bytes = await readExactly(file, dataStart + entry.begin, entry.end - entry.begin);
  if (!bytes) malformed(source, 'it became shorter while it was read');
  if (entry.dtype === 'F32') return new Float32Array(bytes.buffer);
  if (entry.dtype === 'F16') return Float32Array.from(new Uint16Array(bytes.buffer), halfToSingle);
  if (entry.dtype === 'BF16') {
    // bfloat16 is the upper half of float32.
    return new Float32Array(Uint32Array.from(new Uint16Array(bytes.buffer), (upper) => upper << 16).buffer);
  }
  return malformed(source, `the tensor "${name}" is of type ${entry.dtype}; F32, F16 or BF16 is needed`);
}

/** IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 of fraction. */
function halfToSingle(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
