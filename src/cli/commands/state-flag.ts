import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { stateFolder } from '../server/state-folder.ts';

export interface StateFlag {
  readonly state?: string;
}

export function addStateFlag(command: Command): void {
  command.option(
    '--state <folder>',
    'the folder with all that is stored (default: WHIPPET_STATE, else the nearest .whippet upwards)',
  );
}

/** Absolute path of the state folder that is meant. */
export function stateOf({ state }: StateFlag, { environment, cwd }: Context): string {
  return stateFolder({ flag: state, variable: environment.state, cwd });
}
