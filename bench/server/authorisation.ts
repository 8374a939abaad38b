/**
 * What identity costs a request, in this process: the key looked up and its signature verified, then the caller's rights gathered
 * from the state and the request held against them. As a session of a role with two of AWS's large managed policies and an inline one.
 */
import { join } from 'node:path';
import { createJournal, createScheduler, wallClock } from '../../src/host/index.ts';
import { findCredential } from '../../src/server/authenticate.ts';
import type { Authorizer } from '../../src/server/authorize.ts';
import { createDecisions, decisionTables } from '../../src/server/decisions.ts';
import { startServer } from '../../src/server/index.ts';
import { createServices, type Services } from '../../src/server/services.ts';
import { serviceTables } from '../../src/services/tables.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { createVerifier, readSignature } from '../../src/wire/index.ts';
import { assumeNewRole, callerOf, statement } from '../../test/server/client.ts';
import { type Keys, type RawRequest, signed } from '../../test/server/signing.ts';
import { median, type Options, type Table } from './measure.ts';

const account = '000000000000';
const managed = ['AmazonSageMakerFullAccess', 'AmazonS3FullAccess'];
const batch = 200;

const inline = statement({
  Action: ['s3:GetObject', 's3:PutObject'],
  Resource: `arn:aws:s3:::bench-\${aws:PrincipalAccount}/*`,
  Condition: { StringLike: { 'aws:UserAgent': '*' } },
});

export async function measure({ quick }: Options, folder: string): Promise<Table> {
  const directory = join(folder, 'state');
  const { root, role } = await prepare(directory);
  const store = await openStore({ directory, schemas: [decisionTables, ...serviceTables] });
  try {
    const batches = quick ? 1 : 50;
    const rows = [
      ['root', await times(store, { keys: root, root, batches })],
      ['role of three policies', await times(store, { keys: role, root, batches })],
    ] as const;
    return {
      title: `authorisation: processor microseconds a request, medians of ${batches} batches of ${batch}`,
      columns: ['', 'key and signature', 'rights', 'together', 'of 200 µs'],
      rows: rows.map(([name, { signature, rights }]) => [
        name,
        signature.toFixed(0),
        rights.toFixed(0),
        (signature + rights).toFixed(0),
        ((signature + rights) / 200).toFixed(2),
      ]),
      notes: [],
    };
  } finally {
    await store.close();
  }
}

/** A state with the role in it, and the keys of a session. */
async function prepare(state: string): Promise<{ root: Keys; role: Keys }> {
  const server = await startServer({ port: 0, state });
  try {
    const root = callerOf(server.url, server.credentials);
    const { keys } = await assumeNewRole(root, 'bench', { policy: inline, url: server.url });
    for (const name of managed) {
      const policy = { RoleName: 'bench', PolicyArn: `arn:aws:iam::aws:policy/${name}` };
      const { status, text } = await root.query('iam', { Action: 'AttachRolePolicy', ...policy });
      if (status !== 200) throw new Error(text);
    }
    return { root: server.credentials, role: keys };
  } finally {
    await server.stop();
  }
}

interface Asked {
  readonly keys: Keys;
  readonly root: Keys;
  readonly batches: number;
}

/** Microseconds. */
async function times(store: Store, { keys, root, batches }: Asked): Promise<{ signature: number; rights: number }> {
  const journal = createJournal(() => {}, wallClock.now);
  const scheduler = createScheduler(journal);
  try {
    const { record } = createDecisions(store.database, { scheduler, now: wallClock.now });
    const parts = { store, scheduler, clock: wallClock, journal, root, account, record, url: () => '' };
    const services = createServices(parts);
    const check = await signatureCheck(services, keys);
    const allow = await rightsCheck(services, (await check()).principal);
    const signature: number[] = [];
    const rights: number[] = [];
    for (let index = 0; index <= batches; index++) {
      const found = [await timed(check), await timed(allow)] as const;
      // The first is for the compiler.
      if (index > 0 || batches === 1) {
        signature.push(found[0]);
        rights.push(found[1]);
      }
    }
    return { signature: median(signature), rights: median(rights) };
  } finally {
    await scheduler.stop();
  }
}

/** Processor time, since other work on the machine does not count in it. The disk is not waited for here. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < batch; index++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / batch;
}

async function signatureCheck({ credentials }: Services, keys: Keys) {
  const headers = { host: '127.0.0.1:4566', 'user-agent': 'Boto3/1.43.11', 'content-type': 'image/jpeg' };
  const target = '/bench-000000000000/photos/0001.jpg';
  const asked: RawRequest = { method: 'PUT', target, headers, body: Buffer.alloc(1_000) };
  const request = await signed(asked, { keys, service: 's3' });
  const rawHeaders = Object.entries(request.headers);
  const head = { method: 'PUT', rawPath: target, rawQuery: '', rawHeaders, headers: lowerCased(rawHeaders) };
  const verifier = createVerifier();
  return async () => {
    const now = new Date();
    const claim = readSignature(head)!;
    const credential = await findCredential(claim, { credentials, now, family: 's3' });
    verifier.verify(head, claim, { secret: credential.secretAccessKey, now, family: 's3' });
    return credential;
  };
}

function lowerCased(headers: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

async function rightsCheck({ authorizer }: Services, principal: Parameters<Authorizer['rightsOf']>[0]) {
  const demand = { action: 's3:PutObject', resource: 'arn:aws:s3:::bench-000000000000/photos/0001.jpg' };
  return async () => {
    const facts = { sourceIp: '127.0.0.1', secure: false, userAgent: 'Boto3/1.43.11', referer: undefined };
    const rights = await authorizer.rightsOf(principal, { ...facts, region: 'us-east-1', now: new Date() });
    const denial = rights.denial([demand]);
    if (denial !== undefined) throw new Error(denial);
  };
}
