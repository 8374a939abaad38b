import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandFile } from '../../../entry/index.ts';
import type { Instance } from '../../../host/index.ts';
import { containerVariables } from '../container-variables.ts';
import type { RunnableModel } from '../models/model.ts';
import type { RoleSession, SageMakerState } from '../state.ts';
import { endedBy, failed, JobFailure } from '../training/outcome.ts';
import { openResultMemory } from './answer.ts';
import type { Target } from './invoke.ts';
import { asOnAws, type TransformHost, type TransformLayout } from './layout.ts';
import { openTransformLog, type TransformLog } from './log.ts';
import { socketAgent } from './own-socket.ts';
import { type TransformJobRow, transformRequest } from './record.ts';
import type { TransformSettings } from './settings.ts';

/** An instance that answers. */
export interface ServingInstance extends Target {
  readonly name: string;
  readonly instance: Instance;
  /** What it prints. */
  readonly log: TransformLog;
  /** What became of each object. */
  readonly dataLog: TransformLog;
  /** Rejects with the reason when the process ends, whenever that is. */
  readonly lost: Promise<never>;
}

export interface ServingOptions {
  readonly layout: TransformLayout;
  readonly model: RunnableModel;
  readonly session: RoleSession;
  readonly settings: TransformSettings;
}

/** What SageMaker gives a container to become ready. */
const readySeconds = 240;

/**
 * Starts one instance and waits until it answers.
 * @throws JobFailure where it ends before, or takes too long; WhippetError where the process cannot be started.
 */
export async function startServingInstance(
  job: TransformJobRow,
  { host, ...options }: ServingOptions & { readonly host: TransformHost },
  state: SageMakerState,
): Promise<ServingInstance> {
  const { layout, model } = options;
  await prepareTree(host, layout);
  const seconds = Math.floor(state.clock.now().getTime() / 1000);
  const stream = `${job.name}/${host.name}-${seconds}`;
  const log = openTransformLog({ ...job, stream }, state);
  let complaints: readonly string[] = [];
  const ready = announcement();
  const instance = await state.instances.start({
    name: `transform/${job.name}/${host.name}`,
    command: [
      ...([process.execPath, fileURLToPath(commandFile())] as const),
      ...['container', 'serve', '--root', host.root, '--socket', host.socket],
    ],
    environment: environmentOf(job, { host, ...options }, state),
    directory: host.directory,
    readable: [layout.model],
    writable: [host.socketFolder],
    network: !model.isolated,
    onLine(text, from) {
      const line = asOnAws(text, layout, host);
      if (from === 'stderr') complaints = lastTwo(complaints, line.trim());
      log.line(line);
    },
    onEvent(event) {
      if (isServing(event)) ready.tell();
    },
  });
  const lost = instance.exited.then(({ code, signal }) => {
    log.flush();
    const how = signal === null ? `exit code: ${code}` : `it ${endedBy(signal)}. A new job begins again`;
    throw new JobFailure(
      failed(
        'AlgorithmError',
        `The container of ${host.name} ended: ${complaints.join(' ') || 'without a word'}, ${how}`,
      ),
    );
  });
  // Whoever waits for it hears of it; nobody may be.
  lost.catch(() => {});
  try {
    await Promise.race([ready.promise, lost, tooLate(host.name)]);
    const dataLog = openTransformLog({ ...job, stream: `${stream}/data-log` }, state);
    return {
      name: host.name,
      agent: socketAgent(host.socket),
      results: openResultMemory(),
      instance,
      log,
      dataLog,
      lost,
    };
  } catch (error) {
    await instance.stop(0);
    throw error;
  }
}

/** Two of them leave room for how it ended in what is told of a failure. */
const longestComplaint = 400;

function lastTwo(complaints: readonly string[], line: string): readonly string[] {
  return line === '' ? complaints : [...complaints.slice(-1), line.slice(0, longestComplaint)];
}

async function prepareTree(
  { directory, root, socketFolder }: TransformHost,
  { model }: Pick<TransformLayout, 'model'>,
): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  for (const folder of [root, socketFolder, join(directory, 'tmp'), join(directory, 'cache')])
    await mkdir(folder, { recursive: true });
  await symlink(model, join(root, 'model'));
}

/** All of an instance's environment: what model and job ask for, and what they cannot change. */
function environmentOf(
  job: TransformJobRow,
  { host, model, session, settings }: ServingOptions & { readonly host: TransformHost },
  state: Pick<SageMakerState, 'url'>,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
  return {
    ...containerVariables({ ...model.environment, ...transformRequest(job).Environment }),
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: host.directory,
    TMPDIR: join(host.directory, 'tmp'),
    // https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-batch-code.html
    SAGEMAKER_BATCH: 'true',
    SAGEMAKER_MAX_PAYLOAD_IN_MB: String((settings.maxPayload ?? 0) / 1024 ** 2),
    SAGEMAKER_BATCH_STRATEGY: settings.strategy,
    SAGEMAKER_MAX_CONCURRENT_TRANSFORMS: String(settings.concurrent),
    WHIPPET_EVENTS_FD: '3',
    WHIPPET_THREADS: '1',
    WHIPPET_CACHE: join(host.directory, 'cache'),
    ...(model.isolated
      ? { WHIPPET_OFFLINE: '1' }
      : {
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
          AWS_SESSION_TOKEN: sessionToken,
          AWS_ENDPOINT_URL: state.url(),
          AWS_REGION: job.region,
          AWS_DEFAULT_REGION: job.region,
        }),
  };
}

/** That it answers. Where is known: a process that names another address would have objects sent to a place of its choice. */
function isServing(event: unknown): boolean {
  return typeof event === 'object' && event !== null && (event as { readonly type?: unknown }).type === 'serving';
}

function tooLate(name: string): Promise<never> {
  const reason = `The container of ${name} did not answer within ${readySeconds} seconds`;
  return new Promise((_resolve, reject) => {
    const giveUp = (): void => reject(new JobFailure(failed('AlgorithmError', reason)));
    setTimeout(giveUp, readySeconds * 1000).unref();
  });
}

/** A promise, and how it is kept. */
function announcement(): { readonly promise: Promise<void>; readonly tell: () => void } {
  let tell: () => void = () => {};
  const promise = new Promise<void>((resolve) => {
    tell = resolve;
  });
  return { promise, tell };
}
