import type { Command } from 'commander';
import { userError } from '../../errors/index.ts';
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

/**
 * Absolute path of the state folder that is meant.
 * @throws WhippetError WHIPPET_SERVER_OPTION: an empty name, as of a variable that is not set, would mean the current folder.
 */
export function stateOf({ state }: StateFlag, { environment, cwd }: Context): string {
  if (state?.trim() === '') {
    throw userError('WHIPPET_SERVER_OPTION', { option: '--state', value: state, expected: 'the path of a folder' });
  }
  return stateFolder({ flag: state, variable: environment.state, cwd });
}
