/** What may be left of all jobs when they have ended and the server has stopped: nothing but what the next jobs are quicker with. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hostTables } from '../../../src/host/index.ts';
import { decisionTables } from '../../../src/server/decisions.ts';
import { serviceTables } from '../../../src/services/tables.ts';
import { openStore } from '../../../src/store/index.ts';
import { jobProcesses } from './processes.ts';
import { program, type ServerPlaces } from './server.ts';

export async function assertClean({ state, temporary }: ServerPlaces): Promise<void> {
  assert.deepEqual(jobProcesses(state), [], 'processes');
  const folder = join(state, 'sagemaker');
  for (const name of ['jobs', 'transforms']) assert.deepEqual(await namesIn(join(folder, name)), [], name);
  assert.deepEqual(
    (await namesIn(temporary)).filter((name) => name.startsWith('whippet')),
    [],
    'temporary files',
  );
  const channels = await tidyStore(state);
  assert.deepEqual((await namesIn(join(folder, 'channels'))).sort(), channels.sort(), 'channels');
  const { healthy, findings } = await doctor(state);
  assert.ok(healthy, JSON.stringify(findings));
  const troubles = findings.filter(({ check, level }) => /^(state|modes|server)$/.test(check) && level !== 'ok');
  assert.deepEqual(troubles, []);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Does what a server does every few minutes, and looks for records of processes. @returns the channels that are known. */
async function tidyStore(state: string): Promise<string[]> {
  const store = await openStore({ directory: state, schemas: [decisionTables, hostTables, ...serviceTables] });
  try {
    await store.blobs.collect();
    assert.deepEqual(store.database.all('SELECT * FROM instance_processes'), [], 'records of processes');
    return store.database.all<{ digest: string }>('SELECT digest FROM sagemaker_channels').map(({ digest }) => digest);
  } finally {
    await store.close();
  }
}

interface Finding {
  readonly check: string;
  readonly level: string;
  readonly text: string;
}

async function doctor(state: string): Promise<{ healthy: boolean; findings: Finding[] }> {
  const child = spawn(process.execPath, [program, 'doctor', '--json', '--state', state], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text);
}
