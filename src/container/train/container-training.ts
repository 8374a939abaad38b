import type { ProxySettings } from '../../net/index.ts';
import type { ContainerEnvironment } from '../environment.ts';
import type { InstanceEvent } from '../events.ts';
import type { Memory } from './memory.ts';
import type { Log } from './training-log.ts';

/** What one training in a container is given by whoever runs the process. */
export interface ContainerTraining {
  /** `/opt/ml` on SageMaker. */
  readonly root: string;
  readonly environment: ContainerEnvironment;
  /** Processors that this process may use. */
  readonly cores: number;
  /** Features and weights, where WHIPPET_CACHE names no folder. */
  readonly cacheDirectory: string;
  readonly proxy: ProxySettings;
  readonly mirror?: string;
  /** Aborted by SIGTERM, and when whoever started the process is gone. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** For what goes wrong. */
  readonly logError: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that is never set back. */
  readonly elapsed: () => number;
}

/** A training with its way to whoever started it. */
export interface Job extends ContainerTraining {
  readonly tell: (event: InstanceEvent) => void;
  /** Of a process that works on several. */
  readonly memory?: Memory;
}
