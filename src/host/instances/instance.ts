/** Instances: child processes with a tree of their own, their own credentials and no sight of anything else. */

/** What is to be started. */
export interface InstanceSpec {
  /** For records and messages: `training/dogs-1/algo-1`. */
  readonly name: string;
  /** The program and its arguments. Usually `process.execPath`, a file of the package and its arguments. */
  readonly command: readonly [program: string, ...argv: string[]];
  /** All of its environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute path of its own tree, which it may write; the working directory. */
  readonly directory: string;
  /** Further files and folders (absolute) that it sees at the same path. */
  readonly readable?: readonly string[];
  readonly writable?: readonly string[];
  /** Whether it may reach the network. Without a sandbox it always can, and `isolation` says so. */
  readonly network: boolean;
  /** Complete lines of standard output and error, in order, without the line end; overlong ones come in pieces. */
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Parsed JSON lines of file descriptor 3. Anything can be in them: check. */
  readonly onEvent: (event: unknown) => void;
}

export interface InstanceExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Instance {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process and all that it started are gone, and every line has been told. */
  readonly exited: Promise<InstanceExit>;
  /** A line on its standard input; lost on a process that has ended or does not read. */
  tell(line: string): void;
  /** SIGTERM, and SIGKILL to all of it where it is not gone after `graceSeconds`. May be called more than once. */
  stop(graceSeconds: number): Promise<InstanceExit>;
}

/** How far instances are kept from the rest of the machine. */
export type Isolation = 'bubblewrap' | 'process';

export interface InstanceHost {
  readonly isolation: Isolation;
  /** Cores of this machine that instances may use. */
  readonly cores: number;
  /** @throws WHIPPET_HOST_… where the process cannot be started. */
  start(spec: InstanceSpec): Promise<Instance>;
  /** Ends what an earlier server left running: recorded process ids whose start times agree. Returns how many. */
  endSurvivors(): Promise<number>;
  /** Ends all instances. Nothing can be started afterwards. */
  close(graceSeconds: number): Promise<void>;
}
