import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startServerWith } from '../../src/server/start-server.ts';
import { type Fault, type FaultyFileSystem, faultyFileSystem } from '../../src/store/faulty-files.fixture.ts';
import { nodeFileSystem } from '../../src/store/file-system.ts';
import { checkStore } from '../../src/store/index.ts';
import { type Answer, type Caller, callerOf, codeOf } from './client.ts';
import { temporaryFolder } from './running.ts';

const clock = { now: () => new Date() };
const old = Buffer.alloc(120_000, 'old');
const fresh = Buffer.alloc(150_000, 'new');

interface Faulty {
  readonly caller: Caller;
  readonly files: FaultyFileSystem;
  readonly log: readonly string[];
  stop(): Promise<void>;
}

/** A server whose disk can be made to fail. */
async function faulty(state: string): Promise<Faulty> {
  const files = faultyFileSystem(nodeFileSystem);
  const log: string[] = [];
  const onLog = (line: string): void => void log.push(line);
  const server = await startServerWith({ port: 0, state, onLog }, { clock, files });
  return { caller: callerOf(server.url, server.credentials), files, log, stop: () => server.stop() };
}

async function prepared(t: TestContext, state: string): Promise<Faulty> {
  const at = await faulty(state);
  t.after(() => at.stop());
  await at.caller.s3('PUT', '/bucket');
  assert.equal((await at.caller.s3('PUT', '/bucket/key', { body: old })).status, 200);
  return at;
}

/** Acknowledged: it is there. Refused: what was there before is there, and the refusal is one that clients try again after. */
async function assertHonest({ caller }: Faulty, answer: Answer, what: string): Promise<void> {
  const { body } = await caller.s3('GET', '/bucket/key');
  if (answer.status === 200) assert.ok(body.equals(fresh), `${what}: acknowledged and not there`);
  else {
    const [status, code] = what.startsWith('ENOSPC') ? [503, 'ServiceUnavailable'] : [500, 'InternalError'];
    assert.deepEqual([answer.status, codeOf(answer)], [status, code], what);
    assert.ok(body.equals(old), `${what}: refused, and the object is another`);
  }
}

for (const fault of ['ENOSPC', 'EIO', 'short'] as const satisfies readonly Fault[]) {
  test(`${fault} in the middle of an upload is told to the client, who has the old object or the new one`, async (t) => {
    const at = await prepared(t, await temporaryFolder(t));
    const refused: number[] = [];
    for (let operation = 1; ; operation++) {
      at.files.arm(fault, operation);
      const answer = await at.caller.s3('PUT', '/bucket/key', { body: fresh });
      const { met } = at.files;
      at.files.arm(fault, Number.MAX_SAFE_INTEGER);
      if (met === undefined) break;
      await assertHonest(at, answer, `${fault} at ${operation}, ${met}`);
      if (answer.status !== 200) refused.push(operation);
      assert.equal((await at.caller.s3('PUT', '/bucket/key', { body: old })).status, 200, 'the next upload');
    }
    if (fault === 'short') assert.deepEqual(refused, [], 'the rest of a short write is written');
    else assert.ok(refused.length > 2, `${refused.length} faults were told`);
  });
}

test('a machine that stops in the middle of an upload has, when it starts again, what it acknowledged', async (t) => {
  for (let operation = 1; ; operation++) {
    const state = await temporaryFolder(t);
    const at = await prepared(t, state);
    at.files.arm('crash', operation);
    const answer = await at.caller.s3('PUT', '/bucket/key', { body: fresh });
    const { met } = at.files;
    await at.stop();
    await at.files.losePower();
    const again = await faulty(state);
    t.after(() => again.stop());
    await assertHonest(again, answer, `stopped at ${operation}, ${met}`);
    await again.stop();
    const damages = (await checkStore(state)).findings.filter(({ kind }) => kind !== 'orphan');
    assert.deepEqual(damages, []);
    if (met === undefined) break;
  }
});
