import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { type DoctorFlags, runDoctor } from '../run/doctor.ts';
import { addStateFlag } from './state-flag.ts';

export function define(command: Command, context: Context): void {
  addStateFlag(command);
  command
    .option('--repair', 'repair what can be without losing anything that is whole')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((flags: DoctorFlags) => runDoctor(flags, context));
}

const examples = `
Ends with 1 where something is wrong (✗). What deserves a thought is marked
with !.

Examples:
  whippet doctor
  whippet doctor --repair
`;
