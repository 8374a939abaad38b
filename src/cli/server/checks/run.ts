import { execFile } from 'node:child_process';

type Variables = Readonly<Record<string, string | undefined>>;

export interface Ran {
  /** Undefined where the program is not there or did not end by itself. */
  readonly code: number | undefined;
  /** Both streams. */
  readonly output: string;
}

/** Runs a program to see whether it works: a shim can be in PATH and lead nowhere. */
export function run(program: string, args: readonly string[], env: Variables): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 10_000, env: { ...env } }, (error, stdout, stderr) => {
      const failed = error && typeof error.code === 'number' ? error.code : undefined;
      resolve({ code: error ? failed : 0, output: `${stdout}${stderr}` });
    });
  });
}
