import { userError } from '../errors/index.ts';
import { parseAddress } from './peers/address.ts';

/** Those of a process, by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What a container's process is told through its environment; docs/container.md lists every variable. */
export interface ContainerEnvironment {
  /** WHIPPET_EVENTS_FD: where `whippet.instance/1` goes. */
  readonly eventsFd?: number;
  /** WHIPPET_THREADS: cores to use. */
  readonly threads?: number;
  /** WHIPPET_CACHE: features and weights. */
  readonly cache?: string;
  /** WHIPPET_CACHE_BASE: caches of others with colons between, only read. */
  readonly cacheBase?: readonly string[];
  /** WHIPPET_OFFLINE: nothing is downloaded. */
  readonly offline: boolean;
  /** WHIPPET_WARM: after its job, a training process waits for the next on its standard input. */
  readonly warm: boolean;
  /** WHIPPET_JOB_SECRET, hexadecimal: what the hosts of a job know each other by. */
  readonly secret?: string;
  /** WHIPPET_HOSTS: where hosts are reached whose names do not resolve: `unix:/PATH`, `HOST:PORT` or `[IPV6]:PORT`. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** WHIPPET_CHECKPOINT_SECONDS: least time between two checkpoints. */
  readonly checkpointSeconds?: number;
  /** WHIPPET_RULES: rulesconfig.json, or names of rules, where no file can be written. */
  readonly rules?: string;
  /** SAGEMAKER_BIND_TO_PORT: the port that SageMaker asks a container to listen on. */
  readonly port?: number;
  /** SAGEMAKER_MODEL_SERVER_TIMEOUT: seconds that an invocation may take. */
  readonly requestSeconds?: number;
  /** SAGEMAKER_MAX_PAYLOAD_IN_MB: largest body of a batch transform; 0 is unlimited. */
  readonly payloadMegabytes?: number;
  /** TRAINING_JOB_NAME. */
  readonly jobName?: string;
  /** What SageMaker's training toolkit tells scripts: `SM_…` without the prefix. */
  readonly toolkit: Readonly<Record<string, string>>;
}

/**
 * Reads the variables that concern a container.
 * @throws WHIPPET_CONTAINER_VARIABLE for a value that makes no sense
 */
export function readContainerEnvironment(variables: Variables): ContainerEnvironment {
  const eventsFd = wholeNumber(variables, 'WHIPPET_EVENTS_FD', { minimum: 3, maximum: 1023 });
  const threads = wholeNumber(variables, 'WHIPPET_THREADS', { minimum: 1, maximum: 256 });
  const checkpointSeconds = wholeNumber(variables, 'WHIPPET_CHECKPOINT_SECONDS', { minimum: 0, maximum: 86_400 });
  const port = wholeNumber(variables, 'SAGEMAKER_BIND_TO_PORT', { minimum: 1, maximum: 65_535 });
  const requestSeconds = wholeNumber(variables, 'SAGEMAKER_MODEL_SERVER_TIMEOUT', { minimum: 1, maximum: 3600 });
  const payloadMegabytes = wholeNumber(variables, 'SAGEMAKER_MAX_PAYLOAD_IN_MB', { minimum: 0, maximum: 100 });
  const secret = secretOf(variables);
  const hosts = hostsOf(variables);
  const { WHIPPET_CACHE: cache, WHIPPET_CACHE_BASE: cacheBase, WHIPPET_RULES: rules } = variables;
  const { TRAINING_JOB_NAME: jobName, WHIPPET_OFFLINE: offline, WHIPPET_WARM: warm } = variables;
  return {
    ...(eventsFd !== undefined && { eventsFd }),
    ...(threads !== undefined && { threads }),
    ...(checkpointSeconds !== undefined && { checkpointSeconds }),
    ...(port !== undefined && { port }),
    ...(requestSeconds !== undefined && { requestSeconds }),
    ...(payloadMegabytes !== undefined && { payloadMegabytes }),
    ...(secret && { secret }),
    ...(hosts && { hosts }),
    ...(cache && { cache }),
    ...(cacheBase && { cacheBase: cacheBase.split(':').filter((directory) => directory !== '') }),
    ...(rules && { rules }),
    ...(jobName && { jobName }),
    offline: isYes(offline),
    warm: isYes(warm),
    toolkit: toolkitOf(variables),
  };
}

/** Most that a batch transform sends where SAGEMAKER_MAX_PAYLOAD_IN_MB is 0, in megabytes: AWS's limit of MaxPayloadInMB. */
const mostMegabytes = 100;

/** What of it concerns the HTTP server; `serveDefaults` has the rest. */
export function servingLimits({ requestSeconds, payloadMegabytes }: ContainerEnvironment): {
  readonly requestTimeoutMs?: number;
  readonly maxBodyBytes?: number;
} {
  return {
    ...(requestSeconds !== undefined && { requestTimeoutMs: requestSeconds * 1000 }),
    ...(payloadMegabytes !== undefined && { maxBodyBytes: (payloadMegabytes || mostMegabytes) * 1024 ** 2 }),
  };
}

function isYes(text: string | undefined): boolean {
  return text !== undefined && ['1', 'true', 'yes'].includes(text.toLowerCase());
}

function wholeNumber(
  variables: Variables,
  name: string,
  { minimum, maximum }: { minimum: number; maximum: number },
): number | undefined {
  const text = variables[name];
  if (!text) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw userError('WHIPPET_CONTAINER_VARIABLE', {
    name,
    reason: `"${text}" is no whole number from ${minimum} to ${maximum}`,
  });
}

function secretOf({ WHIPPET_JOB_SECRET: text }: Variables): string | undefined {
  if (!text) return undefined;
  // The value stays out of the message: it is a secret even where it is malformed.
  if (!/^([0-9a-f]{2}){16,}$/i.test(text)) {
    throw userError('WHIPPET_CONTAINER_VARIABLE', {
      name: 'WHIPPET_JOB_SECRET',
      reason: 'it is not at least 16 bytes in hexadecimal',
    });
  }
  return text;
}

function hostsOf({ WHIPPET_HOSTS: text }: Variables): Record<string, string> | undefined {
  if (!text) return undefined;
  const refuse = (reason: string): never => {
    throw userError('WHIPPET_CONTAINER_VARIABLE', { name: 'WHIPPET_HOSTS', reason });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return refuse(`it is not JSON (${(error as Error).message})`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return refuse('it is no JSON object');
  for (const [host, address] of Object.entries(parsed)) {
    if (typeof address !== 'string' || parseAddress(address) === undefined) {
      return refuse(`the address of ${host} is neither unix:/PATH nor HOST:PORT, but ${JSON.stringify(address)}`);
    }
  }
  return parsed as Record<string, string>;
}

/** What SageMaker's training toolkit tells scripts. */
export function toolkitOf(variables: Variables): Record<string, string> {
  const entries = Object.entries(variables).filter(([name, value]) => name.startsWith('SM_') && value);
  return Object.fromEntries(entries.map(([name, value]) => [name.slice('SM_'.length), value as string]));
}
