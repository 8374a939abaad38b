import { containerVariables } from '../../container-variables.ts';
import type { RoleSession, SageMakerState } from '../../state.ts';
import { requestOf, type TrainingJobRow, trainingJobArn } from '../record.ts';
import type { HostLayout, JobLayout } from './layout.ts';

export interface EnvironmentOptions {
  readonly host: HostLayout;
  readonly layout: JobLayout;
  readonly session: RoleSession;
  readonly threads: number;
  /** Hexadecimal. */
  readonly secret: string;
  /** Folder of the features of the role's jobs. */
  readonly sharedFeatures: string;
  /** Folder of compiled code. */
  readonly code: string;
}

/** All of an instance's environment: what the request asks for, and what it cannot change. */
export function instanceEnvironment(
  job: TrainingJobRow,
  { host, layout, session, threads, secret, sharedFeatures, code }: EnvironmentOptions,
  state: Pick<SageMakerState, 'url'>,
): Record<string, string> {
  const request = requestOf(job);
  const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
  const addresses = layout.hosts.map(({ name }, at) => [name, `unix:${layout.sockets}/${at + 1}.sock`]);
  return {
    ...containerVariables(request.Environment),
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: host.directory,
    TMPDIR: `${host.directory}/tmp`,
    NODE_COMPILE_CACHE: code,
    TRAINING_JOB_NAME: job.name,
    TRAINING_JOB_ARN: trainingJobArn(job),
    WHIPPET_EVENTS_FD: '3',
    WHIPPET_THREADS: String(threads),
    WHIPPET_CACHE: host.cache,
    WHIPPET_CACHE_BASE: sharedFeatures,
    ...(layout.hosts.length > 1 && {
      WHIPPET_JOB_SECRET: secret,
      WHIPPET_HOSTS: JSON.stringify(Object.fromEntries(addresses)),
    }),
    ...(request.EnableNetworkIsolation
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
