/** `whippet up` in a process of its own, as a user starts it. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Endpoint } from '../../test/training/driver.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

export interface Running extends Endpoint {
  stop(): Promise<void>;
}

export async function startWhippetServer(state: string): Promise<Running> {
  const argv = [join(repository, 'bin/whippet'), 'up', '--port', '0', '--state', state, '--json'];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout });
  const { value } = await lines[Symbol.asyncIterator]().next();
  const { url } = JSON.parse(String(value)) as { url: string };
  const credentials = JSON.parse(readFileSync(join(state, 'credentials.json'), 'utf8'));
  return {
    ...{ url, credentials },
    stop: () =>
      new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}
