import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStore, type Store } from '../../store/index.ts';
import { createSession, findSession, type SessionPrincipal } from './sessions.ts';
import { stsTables } from './tables.ts';

const now = new Date('2026-11-21T07:00:00.400Z');
const principal: SessionPrincipal = {
  kind: 'assumed-role',
  account: '000000000000',
  arn: 'arn:aws:sts::000000000000:assumed-role/Train/s',
  id: 'AROAAAAAAAAAAAAAAAAAA:s',
  roleArn: 'arn:aws:iam::000000000000:role/Train',
  roleName: 'Train',
  sessionPolicies: ['{}'],
  issuedAt: now,
};

function stateOf({ database }: Store) {
  return { database, clock: { now: () => now }, random: randomBytes };
}

async function withFolder(work: (open: () => Promise<Store>) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'whippet-sts-'));
  try {
    await work(() => openStore({ directory, schemas: [stsTables] }));
  } finally {
    await rm(directory, { recursive: true });
  }
}

test('a session is found again, after a restart too', () =>
  withFolder(async (open) => {
    const first = await open();
    const made = createSession(principal, { seconds: 900, now }, stateOf(first));
    await first.close();
    const second = await open();
    const found = findSession(made.AccessKeyId, stateOf(second));
    assert.deepEqual(found, {
      accessKeyId: made.AccessKeyId,
      secretAccessKey: made.SecretAccessKey,
      sessionToken: made.SessionToken,
      expires: new Date('2026-11-21T07:15:00Z'),
      principal,
    });
    assert.equal(findSession('ASIAAAAAAAAAAAAAAAAA', stateOf(second)), undefined);
    await second.close();
  }));

test('an expired session is known to be so for a day, then forgotten', () =>
  withFolder(async (open) => {
    const store = await open();
    const state = stateOf(store);
    const at = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000);
    const { AccessKeyId: key } = createSession(principal, { seconds: 3600, now }, state);
    createSession(principal, { seconds: 3600, now: at(24.9) }, state);
    assert.deepEqual(findSession(key, state)?.expires, new Date('2026-11-21T08:00:00Z'));
    createSession(principal, { seconds: 3600, now: at(25.1) }, state);
    assert.equal(findSession(key, state), undefined);
    await store.close();
  }));
