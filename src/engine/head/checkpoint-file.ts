import { createHash } from 'node:crypto';
import type { EpochRecord } from '../events.ts';
import type { Tensor } from '../onnx/session.ts';
import type { Snapshot, State } from './trainer.ts';

/** The best epoch so far. */
export interface BestEpoch {
  readonly epoch: number;
  /** The `calibratedLoss` of its record. */
  readonly loss: number;
  readonly parameters: State;
}

/** All that a training is between two epochs. */
export interface TrainingState {
  readonly epochs: readonly EpochRecord[];
  readonly best: BestEpoch;
  readonly snapshot: Snapshot;
}

/** What a file holds before its tensors. Tensors follow in this order, float32 little-endian. */
interface Header {
  readonly belongsTo: string;
  readonly epochs: readonly EpochRecord[];
  readonly best: { readonly epoch: number; readonly loss: number };
  readonly at: { readonly epoch: number; readonly step: number };
  readonly tensors: readonly {
    readonly of: 'state' | 'best';
    readonly name: string;
    readonly dims: readonly number[];
  }[];
}

const magic = Buffer.from('whippet.checkpoint/2\n');
const digestBytes = 32;

/** Magic, length of the header (u32), header (JSON), tensors, SHA-256 of all before it. */
export function encodeCheckpoint({ epochs, best, snapshot }: TrainingState, belongsTo: string): Buffer {
  const tensors = [...listed('state', snapshot.state), ...listed('best', best.parameters)];
  const header: Header = {
    ...{ belongsTo, epochs },
    best: { epoch: best.epoch, loss: best.loss },
    at: { epoch: snapshot.epoch, step: snapshot.step },
    tensors: tensors.map(({ of, name, dims }) => ({ of, name, dims })),
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const bytes = tensors.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  const body = Buffer.concat([magic, length, text, ...bytes, Buffer.alloc(digestBytes)]);
  digestOf(body).copy(body, body.length - digestBytes);
  return body;
}

function listed(of: 'state' | 'best', state: State) {
  return Object.entries(state).map(([name, { dims, data }]) => ({ of, name, dims, data }));
}

function digestOf(file: Buffer): Buffer {
  return createHash('sha256')
    .update(file.subarray(0, file.length - digestBytes))
    .digest();
}

export interface DecodedCheckpoint extends TrainingState {
  /** Digest of the training that it is of. */
  readonly belongsTo: string;
}

/** @returns what is wrong with the file, where it is not as it was written. */
export function decodeCheckpoint(file: Buffer): DecodedCheckpoint | { readonly damage: string } {
  if (file.length < magic.length + 4 + digestBytes) return { damage: `it has ${file.length} bytes` };
  if (!file.subarray(0, magic.length).equals(magic)) return { damage: 'it does not begin as a checkpoint does' };
  if (!digestOf(file).equals(file.subarray(file.length - digestBytes))) return { damage: 'its checksum does not fit' };
  const start = magic.length + 4;
  const headerEnd = start + file.readUInt32LE(magic.length);
  const header = JSON.parse(file.toString('utf8', start, headerEnd)) as Header;
  const states: Record<'state' | 'best', Record<string, Tensor>> = { state: {}, best: {} };
  let at = headerEnd;
  for (const { of, name, dims } of header.tensors) {
    const bytes = 4 * dims.reduce((product, dim) => product * dim, 1);
    // Copied, as a tensor must start at a multiple of four bytes.
    const data = new Float32Array(new Uint8Array(file.subarray(at, at + bytes)).buffer);
    states[of][name] = { dims, data };
    at += bytes;
  }
  const { belongsTo, epochs, best } = header;
  return {
    ...{ belongsTo, epochs },
    best: { ...best, parameters: states.best },
    snapshot: { ...header.at, state: states.state },
  };
}
