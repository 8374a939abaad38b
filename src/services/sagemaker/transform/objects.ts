/** The objects of a transform job: each is one request, and one result. */
import { AwsFault } from '../../../wire/index.ts';
import type { ChannelFile } from '../channels/listing.ts';
import { below } from '../s3-uri.ts';
import type { RoleSession, SageMakerState } from '../state.ts';
import { failed, JobFailure } from '../training/outcome.ts';
import type { ServingInstance } from './instance.ts';
import { invokeContainer } from './invoke.ts';
import { doneObjects, recordDone } from './progress.ts';
import type { TransformJobRow } from './record.ts';
import type { TransformSettings } from './settings.ts';

export interface ObjectGround {
  readonly instances: readonly ServingInstance[];
  readonly session: RoleSession;
  readonly settings: TransformSettings;
  readonly signal: AbortSignal;
}

/**
 * Transforms what is not done yet, at each instance so many objects at a time as the job wants. An object that fails keeps no other from
 * its result, as on AWS.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-errors.html
 * @throws JobFailure where nothing can be written, or an instance is lost; when aborted.
 */
export async function transformObjects(
  job: TransformJobRow,
  files: readonly ChannelFile[],
  ground: ObjectGround,
  state: SageMakerState,
): Promise<void> {
  const done = new Map(doneObjects(job.id, state.database).map(({ name, etag }) => [name, etag]));
  const queue = files.filter(({ path, etag }) => done.get(path) !== etag).values();
  const stop = new AbortController();
  const signal = AbortSignal.any([ground.signal, stop.signal]);
  const worker = async (instance: ServingInstance): Promise<void> => {
    for (const file of queue) {
      signal.throwIfAborted();
      const problem = await transformObject(file, { ...ground, signal, instance });
      recordDone(job.id, { name: file.path, etag: file.etag, problem: problem ?? null }, state.database);
    }
  };
  const { instances, settings } = ground;
  const workers = instances.flatMap((instance) => Array.from({ length: settings.concurrent }, () => worker(instance)));
  const all = Promise.all(workers);
  try {
    await Promise.race([all, ...instances.map(({ lost }) => lost)]);
  } finally {
    stop.abort();
    await Promise.allSettled(workers);
  }
}

interface One extends ObjectGround {
  readonly instance: ServingInstance;
}

/** @returns what keeps this object from a result; undefined when the result is written. */
async function transformObject(file: ChannelFile, one: One): Promise<string | undefined> {
  const { bucket, key, size } = file;
  const { settings, session, signal, instance } = one;
  const problem = (text: string, kind = 'ClientError'): string => {
    instance.dataLog.line(dataLine(`${bucket}/${key}: ${kind}: ${text}`));
    return text;
  };
  if (settings.maxPayload !== undefined && size > settings.maxPayload) {
    return problem(`it has ${size} bytes, and MaxPayloadInMB is ${settings.maxPayload / 1024 ** 2}`);
  }
  try {
    const answer = await invokeContainer(instance, {
      ...{ ...settings, size, signal },
      open: () => session.objects.read(bucket, key),
    });
    if (answer.kind === 'problem') {
      const status = answer.status === undefined ? '' : `${answer.status}: `;
      return problem(`${status}${answer.message}`, (answer.status ?? 500) < 500 ? 'ClientError' : 'AlgorithmError');
    }
    try {
      await writeResult(file, answer, one);
    } finally {
      instance.results.held -= answer.body.length;
    }
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AwsFault) return problem(`${error.code}: ${error.message}`);
    throw error;
  }
}

/** `photos/a.jpg` of the prefix becomes `photos/a.jpg.out` below the output. */
async function writeResult(
  { path }: ChannelFile,
  { body, contentType }: { readonly body: Buffer; readonly contentType: string | undefined },
  { settings, session }: One,
): Promise<void> {
  const { bucket, key } = below(settings.output, `${path}.out`);
  const needsLine = settings.lines && body.at(-1) !== newline[0];
  const bytes = needsLine ? Buffer.concat([body, newline]) : body;
  try {
    await session.objects.put(bucket, key, { bytes }, contentType === undefined ? {} : { contentType });
  } catch (error) {
    // Where one result cannot be written, none can.
    if (!(error instanceof AwsFault)) throw error;
    const reason = `The result s3://${bucket}/${key} cannot be written: ${error.code}: ${error.message}`;
    throw new JobFailure(failed('ClientError', reason));
  }
}

const newline = Buffer.from('\n');

/** As AWS writes into the data log. */
export function dataLine(text: string): string {
  return `[sagemaker logs]: ${text}`;
}
