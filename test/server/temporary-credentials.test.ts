import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assumeNewRole, callerOf, codeOf, element, queryRequest, rawRequest, send, statement } from './client.ts';
import { fileScope, type Running, running } from './running.ts';
import { type Keys, presigned, presignedV2, signed } from './signing.ts';

const file = fileScope(after);
let at: Running;
before(async () => {
  at = await running(file);
  assert.equal((await at.root.s3('PUT', '/bucket')).status, 200);
  assert.equal((await at.root.s3('PUT', '/bucket/kept', { body: 'kept bytes' })).status, 200);
});

const minute = 60_000;
const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * minute);

const arn = 'arn:aws:s3:::bucket';

describe('temporary credentials', () => {
  const codes = async (keys: Keys): Promise<string[]> => {
    const caller = callerOf(at.url, keys);
    const answers = [
      await caller.s3('GET', '/bucket/kept'),
      await caller.query('sts', { Action: 'GetCallerIdentity' }),
      await caller.json('logs', 'Logs_20140328.DescribeLogGroups', {}),
    ];
    return answers.map((answer) => `${answer.status} ${codeOf(answer)}`);
  };

  test('need their own token, and end', async (t) => {
    const { keys } = await assumeNewRole(at.root, 'everything', {
      policy: statement({ Action: '*', Resource: '*' }),
      url: at.url,
    });
    assert.deepEqual(await codes(keys), ['200 200', '200 200', '200 200']);
    const unknown = ['403 InvalidClientTokenId', '400 UnrecognizedClientException'];
    const { sessionToken = '', ...pair } = keys;
    assert.deepEqual(await codes(pair), ['403 InvalidAccessKeyId', ...unknown]);
    assert.deepEqual(await codes({ ...pair, sessionToken: `${sessionToken.slice(0, -4)}AAAA` }), [
      '400 InvalidToken',
      ...unknown,
    ]);
    assert.deepEqual(await codes({ ...at.server.credentials, sessionToken }), ['400 InvalidToken', ...unknown]);

    const other = await running(t);
    const short = await other.root.query('sts', { Action: 'GetSessionToken', DurationSeconds: '900' });
    const session = {
      accessKeyId: element(short.text, 'AccessKeyId'),
      secretAccessKey: element(short.text, 'SecretAccessKey'),
      sessionToken: element(short.text, 'SessionToken'),
    };
    const start = Date.now();
    const at901 = callerOf(other.url, session, () => new Date(start + 901_000));
    assert.equal((await callerOf(other.url, session).s3('GET', '/')).status, 200);
    other.pass(901);
    const ended = [
      await at901.s3('GET', '/'),
      await at901.query('iam', { Action: 'ListRoles' }),
      await at901.json('logs', 'Logs_20140328.DescribeLogGroups', {}),
    ];
    assert.deepEqual(
      ended.map((answer) => `${answer.status} ${codeOf(answer)}`),
      ['400 ExpiredToken', '403 ExpiredToken', '400 ExpiredTokenException'],
    );
  });

  test('sign presigned URLs of both versions', async () => {
    const policy = statement({ Action: 's3:GetObject', Resource: `${arn}/*` });
    const { keys } = await assumeNewRole(at.root, 'presigner', { policy, url: at.url });
    const get = rawRequest(at.url, { target: '/bucket/kept' });
    assert.equal((await send(at.url, await presigned(get, { keys, service: 's3' }))).text, 'kept bytes');
    assert.equal((await send(at.url, presignedV2(get, { keys, expires: inMinutes(5) }))).text, 'kept bytes');
  });
});

test('STS takes presigned URLs, by which others learn who somebody is', async () => {
  const { keys } = await assumeNewRole(at.root, 'presented', {
    policy: statement({ Action: 's3:*', Resource: '*' }),
    url: at.url,
  });
  const get = rawRequest(at.url, { target: '/?Action=GetCallerIdentity&Version=2011-06-15' });
  const answer = await send(at.url, await presigned(get, { keys, service: 'sts', expiresIn: 60 }));
  assert.equal(element(answer.text, 'Arn'), 'arn:aws:sts::000000000000:assumed-role/presented/test');
  const late = await presigned(get, { keys, service: 'sts', expiresIn: 60, date: inMinutes(-2) });
  const refusal = await send(at.url, late);
  assert.deepEqual([refusal.status, codeOf(refusal)], [403, 'SignatureDoesNotMatch']);
  assert.match(element(refusal.text, 'Message'), /^Signature expired: /);
});

test('the root key is for its owner, and no secret is in the log or in a refusal', async (t) => {
  const { server, root, log, url } = await running(t);
  assert.equal((await stat(join(server.state, 'credentials.json'))).mode & 0o777, 0o600);
  assert.equal((await stat(server.state)).mode & 0o777, 0o700);
  const policy = statement({ Action: 's3:*', Resource: '*' });
  const { keys, caller } = await assumeNewRole(root, 'logged', { policy, url });
  const get = rawRequest(url, { target: '/nowhere/kept' });
  const wrong = await signed(get, { keys, service: 's3' });
  const requests = [
    wrong,
    { ...wrong, target: '/nowhere/other' },
    await presigned(get, { keys, service: 's3' }),
    { ...(await presigned(get, { keys, service: 's3' })), method: 'PUT' },
    presignedV2(get, { keys, expires: inMinutes(5) }),
    await signed(queryRequest(url, 'sts', { Action: 'GetCallerIdentity' }), { keys, service: 'sts' }),
  ];
  const answers = await Promise.all(requests.map((request) => send(url, request)));
  await caller.s3('PUT', '/another');
  assert.ok(log.length > requests.length);
  const signatures = requests.flatMap(({ target, headers }) =>
    [...`${target} ${headers.authorization ?? ''}`.matchAll(/Signature=([^&\s]{20,})/g)].map(
      ([, value]) => value ?? '',
    ),
  );
  assert.ok(signatures.length >= requests.length);
  const secrets = [server.credentials.secretAccessKey, keys.secretAccessKey, keys.sessionToken ?? 'none'];
  const hashed = secrets.map((secret) => createHash('sha256').update(secret).digest('hex'));
  const lines = log.join('\n');
  for (const secret of [...secrets, ...hashed, ...signatures, ...signatures.map(decodeURIComponent)]) {
    assert.ok(!lines.includes(secret), 'a secret is in the log');
  }
  for (const { text, headers } of answers) {
    for (const secret of [server.credentials.secretAccessKey, keys.secretAccessKey]) {
      assert.ok(!`${text} ${JSON.stringify(headers)}`.includes(secret), 'a secret is in an answer');
    }
  }
});
