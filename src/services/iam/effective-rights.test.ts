import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { openStore, type Store } from '../../store/index.ts';
import { attach } from './attachments.ts';
import { assumableRole, isCurrentRole, markRoleUsed, policiesOfRole } from './effective-rights.ts';
import { putInlinePolicy } from './inline-policies.ts';
import { insertPolicy, type ManagedPolicy, policyArn } from './policies.ts';
import { deleteRole, findRoleByArn, insertRole, type Role } from './roles.ts';
import type { IamState } from './state.ts';
import { iamTables } from './tables.ts';

const start = Date.UTC(2026, 10, 21, 7);
const arn = 'arn:aws:iam::000000000000:role/Train';
const role: Role = {
  ...{ account: '000000000000', name: 'Train', id: 'AROAAAAAAAAAAAAAAAAAA', path: '/', arn, trustPolicy: '{}' },
  ...{
    description: null,
    maxSessionDuration: 3600,
    created: new Date(start),
    lastUsed: undefined,
    lastUsedRegion: null,
  },
  tags: [['team', 'a']],
};
const s3 = 'arn:aws:iam::aws:policy/AmazonS3FullAccess';

let directory: string;
let store: Store;
let state: IamState;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'whippet-iam-'));
  store = await openStore({ directory, schemas: [iamTables], durability: 'memory' });
  state = { database: store.database, clock: { now: () => new Date(start) }, random: randomBytes };
  insertRole(role, state);
});
afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});

test('a role has its inline policies and those attached to it', () => {
  assert.deepEqual(policiesOfRole(arn, state), []);
  putInlinePolicy({ name: 'p', document: '{"a":1}' }, role, state);
  attach(s3, role, state);
  const [inline, managed, ...others] = policiesOfRole(arn, state);
  assert.deepEqual({ ...inline }, { name: 'p', document: '{"a":1}' });
  assert.equal(managed?.name, s3);
  assert.match(managed?.document ?? '', /"s3:\*"/);
  assert.deepEqual(others, []);
  assert.deepEqual(policiesOfRole(`${arn}2`, state), []);
});

test('who assumes a role may pass the managed policies of its account', () => {
  const found = assumableRole(arn, state);
  assert.deepEqual([found?.id, found?.tags], [role.id, [['team', 'a']]]);
  assert.match(found?.managedPolicy(s3) ?? '', /"s3:\*"/);
  assert.equal(found?.managedPolicy('arn:aws:iam::000000000000:policy/none'), undefined);
  for (const account of ['000000000000', '111111111111']) {
    const policy: ManagedPolicy = {
      ...{ arn: policyArn(account, '/', 'P'), name: 'P', id: 'ANPA', path: '/', description: null, tags: [] },
      ...{ created: new Date(start), updated: new Date(start), defaultVersion: 'v1', managedBy: 'account' },
    };
    insertPolicy(policy, { account, document: '{}' }, state);
  }
  assert.equal(found?.managedPolicy('arn:aws:iam::000000000000:policy/P'), '{}');
  assert.equal(found?.managedPolicy('arn:aws:iam::111111111111:policy/P'), undefined);
  assert.equal(assumableRole(`${arn}2`, state), undefined);
});

test('a role of the same name made later is another', () => {
  const session = { roleArn: arn, id: `${role.id}:session` };
  assert.ok(isCurrentRole(session, state));
  deleteRole(role, state);
  assert.ok(!isCurrentRole(session, state));
  insertRole({ ...role, id: 'AROABBBBBBBBBBBBBBBBB' }, state);
  assert.ok(!isCurrentRole(session, state));
});

test('the use of a role is noted, every five minutes or when the region changes', () => {
  const used = (): unknown[] => {
    const { lastUsed, lastUsedRegion } = findRoleByArn(arn, state) ?? {};
    return [lastUsed === undefined ? undefined : lastUsed.getTime() - start, lastUsedRegion];
  };
  const mark = (milliseconds: number, region = 'us-east-1'): void =>
    markRoleUsed(arn, { at: new Date(start + milliseconds), region }, state);
  assert.deepEqual(used(), [undefined, null]);
  mark(1_500);
  assert.deepEqual(used(), [1_000, 'us-east-1']);
  mark(299_000);
  assert.deepEqual(used(), [1_000, 'us-east-1']);
  mark(299_000, 'eu-west-1');
  assert.deepEqual(used(), [299_000, 'eu-west-1']);
  mark(600_000, 'eu-west-1');
  assert.deepEqual(used(), [600_000, 'eu-west-1']);
  markRoleUsed(`${arn}2`, { at: new Date(start), region: 'us-east-1' }, state);
});
