import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../../src/random/index.ts';
import { decisionTables } from '../../../src/server/decisions.ts';
import { startServer } from '../../../src/server/index.ts';
import { serviceTables } from '../../../src/services/tables.ts';
import { checkStore, openStore } from '../../../src/store/index.ts';
import { type Caller, callerOf } from '../client.ts';
import type { Keys } from '../signing.ts';
import { createExpectations, type Expectations } from './expectations.ts';
import { kinds } from './things.ts';

export interface KillOptions {
  /** Of the state; used by all rounds. */
  readonly directory: string;
  readonly seed: string;
  readonly rounds: number;
}

export interface KillSummary {
  acknowledged: number;
  /** Changes that a kill interrupted, and how many of them are nevertheless there. */
  interrupted: number;
  survived: number;
  /** Blobs that nothing referred to any more: of what was replaced, deleted and interrupted. */
  collected: number;
}

/**
 * Lets clients change things on a server in a process of its own and kills that at a random moment (SIGKILL). After each kill another
 * server on the same state must have everything that was acknowledged, byte by byte, and nothing by halves; and the state must be
 * whole, with nothing in it that nobody needs.
 * @throws AssertionError
 */
export async function killRounds({ directory, seed, rounds }: KillOptions): Promise<KillSummary> {
  const expectations = createExpectations();
  const summary: KillSummary = { acknowledged: 0, interrupted: 0, survived: 0, collected: 0 };
  for (let round = 0; round < rounds; round++) {
    await changeUntilKilled({ directory, seed: `${seed}/${round}`, expectations });
    const server = await startServer({ port: 0, state: directory });
    try {
      await verify(callerOf(server.url, server.credentials), expectations, summary);
    } finally {
      await server.stop();
    }
    summary.collected += await collect(directory);
    assert.deepEqual((await checkStore(directory)).findings, [], `${seed}/${round}`);
  }
  summary.acknowledged = expectations.acknowledged;
  return summary;
}

/** What a server does every few minutes. */
async function collect(directory: string): Promise<number> {
  const store = await openStore({ directory, schemas: [decisionTables, ...serviceTables] });
  try {
    return (await store.blobs.collect()).removed;
  } finally {
    await store.close();
  }
}

async function verify(caller: Caller, expectations: Expectations, summary: KillSummary): Promise<void> {
  const open = new Set(expectations.open);
  for (const thing of expectations.things) {
    const candidates = expectations.of(thing);
    const [kind = '', name = ''] = thing.split(':');
    const found = await kinds[kind]?.read(caller, name, candidates);
    assert.ok(candidates.includes(found), `${thing} is ${found}, not ${candidates.join(' or ')}`);
    if (open.has(thing)) {
      summary.interrupted++;
      if (found === candidates[1]) summary.survived++;
    }
    expectations.settle(thing, found);
  }
}

interface Changing {
  readonly directory: string;
  readonly seed: string;
  readonly expectations: Expectations;
}

const mostChanges = 40;

async function changeUntilKilled({ directory, seed, expectations }: Changing): Promise<void> {
  const { child, url, keys } = await startProcess(directory);
  const exited = once(child, 'exit');
  const caller = callerOf(url, keys);
  await caller.s3('PUT', '/bucket');
  await caller.json('logs', 'Logs_20140328.CreateLogGroup', { logGroupName: 'group' });
  const random = seededRandom(`${seed}/kill`);
  let left = 1 + random.integer(mostChanges);
  const turns = random.integer(200);
  const onChange = async (): Promise<void> => {
    if (--left !== 0) return;
    // Somewhere in the middle of what the others are doing.
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    child.kill('SIGKILL');
  };
  await Promise.all(Object.keys(kinds).map((kind) => work(kind, { caller, seed, expectations, onChange, child })));
  const [, signal] = (await exited) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', `${seed}: the server ended by itself`);
}

interface Work {
  readonly caller: Caller;
  readonly seed: string;
  readonly expectations: Expectations;
  readonly onChange: () => Promise<void>;
  readonly child: ChildProcess;
}

/** One change after the other, until there is no answer any more. */
async function work(kindName: string, { caller, seed, expectations, onChange, child }: Work): Promise<void> {
  const kind = kinds[kindName];
  assert.ok(kind);
  const random = seededRandom(`${seed}/${kindName}`);
  for (let step = 0; ; step++) {
    const name = `${kindName}-${random.integer(3)}`;
    const content = `${seed.replaceAll(/\W/g, '-')}-${kindName}-${step}`;
    const removes = kindName !== 'batches' && random.next() < 0.2;
    const thing = `${kindName}:${name}`;
    try {
      if (kindName === 'batches') {
        const logStreamName = name;
        await caller.json('logs', 'Logs_20140328.CreateLogStream', { logGroupName: 'group', logStreamName });
      }
      expectations.begin(thing, removes ? undefined : content);
      if (removes) await kind.remove(caller, name);
      else await kind.put(caller, name, content);
      expectations.confirm(thing);
    } catch (error) {
      if ((error as Error).name === 'AssertionError') throw error;
      // The connection broke: that is what was wanted, unless nobody killed.
      assert.ok(child.killed, `${seed}: ${error}`);
      return;
    }
    void onChange();
  }
}

async function startProcess(directory: string): Promise<{ child: ChildProcess; url: string; keys: Keys }> {
  const script = fileURLToPath(new URL('./server.ts', import.meta.url));
  const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, credentials } = JSON.parse(line) as { url: string; credentials: Keys };
    return { child, url, keys: credentials };
  }
  throw new Error('The server ended at its start.');
}
