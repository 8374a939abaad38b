import { userError } from '../../errors/index.ts';
import { seededRandom } from '../../random/index.ts';
import { encodeModel, node, type OnnxModel, type OnnxNode, value } from '../onnx/model.ts';
import { openSession, type Session, type Tensor } from '../onnx/session.ts';
import { tensorNames } from './backbone.ts';

/** What a run on two test pictures tells of a tensor: its shape for two pictures and its values, flattened by picture. */
export interface Probed {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

export interface ProbeOptions {
  readonly source: string;
  readonly size: number;
}

const shapeOf = (name: string): string => `probe/${name}/shape`;
const flatOf = (name: string): string => `probe/${name}/flat`;

/**
 * Runs `body` (from `pixels` on, without outputs) on two test pictures, together and the second alone, and reads the tensors named.
 * A model that mixes the pictures of a batch, or insists on one, is found out here.
 * @throws WHIPPET_ONNX_LOAD, WHIPPET_BACKBONE_RUN, WHIPPET_BACKBONE_BATCH
 */
export async function probe(
  body: OnnxModel,
  tensors: readonly string[],
  options: ProbeOptions,
): Promise<ReadonlyMap<string, Probed>> {
  const session = await openProbe(encodeProbe(body, tensors), options);
  try {
    const pictures = testPictures(options.size);
    const second = await runBatch(session, pictures.subarray(pictures.length / 2), 1, options);
    const both = await runBatch(session, pictures, 2, options);
    return new Map(
      tensors.map((name) => {
        const dims = Array.from(both[shapeOf(name)]!.data as BigInt64Array, Number);
        const values = both[flatOf(name)]!.data as Float32Array;
        checkBatch(dims, values, { alone: second[flatOf(name)]!.data as Float32Array, options });
        return [name, { dims, values }];
      }),
    );
  } finally {
    await session.release();
  }
}

/** With the size fixed, ONNX Runtime finds some wrong shapes before it runs anything. */
async function openProbe(bytes: Uint8Array, { source, size }: ProbeOptions): Promise<Session> {
  try {
    return await openSession(bytes, { threads: 1, source });
  } catch (error) {
    if (!(error as Error).message.includes('ShapeInferenceError')) throw error;
    throw userError('WHIPPET_BACKBONE_RUN', { source, size, reason: reasonOf(error as Error) }, error);
  }
}

function encodeProbe(body: OnnxModel, tensors: readonly string[]): Uint8Array {
  const nodes: OnnxNode[] = tensors.flatMap((name) => [
    node('Shape', [name], [shapeOf(name)]),
    node('Flatten', [name], [flatOf(name)], { axis: { int: 1 } }),
  ]);
  const outputs = tensors.flatMap((name) => [
    value(shapeOf(name), 'int64', ['?']),
    value(flatOf(name), 'float32', ['?', '?']),
  ]);
  return encodeModel({ ...body, graph: { ...body.graph, nodes: [...body.graph.nodes, ...nodes], outputs } });
}

/** Two pictures of smooth noise, so that a feature extractor has something to say of them. */
function testPictures(size: number): Uint8Array {
  const random = seededRandom('backbone probe');
  const pictures = new Uint8Array(2 * size * size * 3);
  const phases = Array.from({ length: 6 }, () => random.next() * 6.28);
  for (let at = 0; at < pictures.length; at++) {
    const channel = at % 3;
    const pixel = (at - channel) / 3;
    const picture = pixel < size * size ? 0 : 3;
    const wave =
      Math.sin(0.13 * (pixel % size) + phases[picture + channel]!) * Math.cos((0.07 * pixel) / size + channel);
    pictures[at] = 110 + 70 * wave + 60 * random.next();
  }
  return pictures;
}

async function runBatch(
  session: Session,
  data: Uint8Array,
  count: number,
  { size, source }: ProbeOptions,
): Promise<Record<string, Tensor>> {
  try {
    return await session.run({ [tensorNames.pixels]: { dims: [count, size, size, 3], data } });
  } catch (error) {
    const reason = reasonOf(error as Error);
    throw userError(count === 1 ? 'WHIPPET_BACKBONE_RUN' : 'WHIPPET_BACKBONE_BATCH', { source, size, reason }, error);
  }
}

/** ONNX Runtime's sentences carry its own source paths; the operator is what a person can look for. */
function reasonOf({ message }: Error): string {
  const operator = /while running (\w+) node|Op \((\w+)\)/.exec(message)?.slice(1).find(Boolean);
  return operator === undefined ? message.trim() : `its operator ${operator} refuses the shape it gets`;
}

/** Batch 2 must give two rows, and the second picture what it gives alone (sums in another order may differ in the last digits). */
function checkBatch(
  dims: readonly number[],
  values: Float32Array,
  { alone, options }: { alone: Float32Array; options: ProbeOptions },
): void {
  const refuse = (reason: string): never => {
    throw userError('WHIPPET_BACKBONE_BATCH', { source: options.source, reason });
  };
  if (dims[0] !== 2 || values.length !== 2 * alone.length) refuse(`two pictures give a tensor of [${dims.join(', ')}]`);
  const row = values.subarray(alone.length);
  let scale = 0;
  let difference = 0;
  for (let i = 0; i < alone.length; i++) {
    scale = Math.max(scale, Math.abs(alone[i]!));
    difference = Math.max(difference, Math.abs(row[i]! - alone[i]!));
  }
  if (difference > 1e-3 * scale) refuse('what it computes for a picture depends on the others of the batch');
}
