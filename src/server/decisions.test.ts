import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import type { RecurringTask } from '../host/index.ts';
import { openStore } from '../store/index.ts';
import { createDecisions, decisionTables } from './decisions.ts';

const day = 86_400_000;

async function recording(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'whippet-decisions-'));
  const store = await openStore({ directory, schemas: [decisionTables], durability: 'memory' });
  t.after(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  const tasks = new Map<string, RecurringTask>();
  let now = new Date('2026-01-01T00:00:00Z');
  const decisions = createDecisions(store.database, {
    scheduler: { every: (task) => void tasks.set(task.name, task), stop: async () => {} },
    now: () => now,
  });
  return {
    decisions,
    run: (name: string) => tasks.get(name)?.run(new AbortController().signal),
    wait(days: number) {
      now = new Date(now.getTime() + days * day);
    },
    record(action: string, { allowed = true, principal = 'arn:aws:iam::000000000000:root' } = {}) {
      decisions.record({ principal, action, resource: 'arn:aws:s3:::b', allowed, at: now });
    },
  };
}

it('counts what is alike, from first to last', async (t) => {
  const { decisions, record, run, wait } = await recording(t);
  record('s3:GetObject');
  record('s3:GetObject');
  await run('writing decisions');
  wait(1);
  record('s3:GetObject');
  record('s3:GetObject', { allowed: false });
  record('s3:PutObject', { principal: 'anonymous' });
  decisions.flush();
  const rows = decisions.list(10);
  assert.equal(rows.length, 3);
  const { count, first, last } = rows.find(({ action, allowed }) => action === 's3:GetObject' && allowed)!;
  assert.deepEqual(
    [count, first.toISOString(), last.toISOString()],
    [3, '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'],
  );
});

it('forgets after 90 days without use', async (t) => {
  const { decisions, record, run, wait } = await recording(t);
  record('s3:GetObject');
  record('s3:PutObject');
  decisions.flush();
  wait(60);
  record('s3:PutObject');
  decisions.flush();
  wait(40);
  await run('pruning decisions');
  assert.deepEqual(
    decisions.list(10).map(({ action }) => action),
    ['s3:PutObject'],
  );
});

it('prunes after many rows too, so that nobody fills the disk before the hour is over', async (t) => {
  const { decisions, record, wait } = await recording(t);
  record('s3:OldAction');
  decisions.flush();
  wait(91);
  for (let row = 0; row < 50_000; row++) record(`s3:Action${row}`);
  decisions.flush();
  assert.equal(
    decisions.list(100_000).some(({ action }) => action === 's3:OldAction'),
    false,
  );
});
