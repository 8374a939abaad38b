import type { EngineEvent } from '../engine/index.ts';
import type { Environment } from './environment.ts';
import type { Progress } from './terminal/progress.ts';
import type { Style } from './terminal/style.ts';

/** What a command may touch. */
export interface Context {
  readonly environment: Environment;
  /** For results: what a pipe wants. */
  readonly out: (text: string) => void;
  /** For progress, notes and errors. */
  readonly note: (text: string) => void;
  readonly progress: Progress;
  /** Style of `out` and of `note`: either may be a terminal. */
  readonly style: Style;
  readonly noteStyle: Style;
  /** Bytes of standard input. */
  readonly readInput: () => Promise<Buffer>;
  readonly signal: AbortSignal;
  /** Signals are left to the command from here on: it passes them to a child, or dies of them. */
  readonly releaseSignals: () => void;
  /** Which of the three standard streams are a terminal. */
  readonly terminal: { readonly input: boolean; readonly out: boolean; readonly note: boolean };
  /** Columns of the terminal that notes go to, at the moment. */
  readonly noteColumns: () => number;
  /** A yes-or-no question; asked where `terminal.input` and `terminal.note` hold. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** The working directory. */
  readonly cwd: string;
  /** Processors that this process may use. */
  readonly cores: number;
  /** Set when the command ends well enough to say so, but not well: 1. */
  exitCode: number;
}

/** Events of the engine as people or machines want them: progress on standard error unless `quiet`. */
export function listener(context: Context, quiet = false): (event: EngineEvent) => void {
  return (event) => {
    if (!quiet || event.type === 'warning' || event.type === 'picture-refused') context.progress.show(event);
  };
}
