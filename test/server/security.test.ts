/** What somebody would try who is up to no good: each of these was possible, or is what keeps something from being possible. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { after, before, describe, it } from 'node:test';
import {
  type Answer,
  assumeNewRole,
  codeOf,
  element,
  jsonRequest,
  queryRequest,
  rawRequest,
  send,
  statement,
} from './client.ts';
import { fileScope, type Running, running } from './running.ts';
import { type Keys, percentEncode, presigned, type RawRequest, signed } from './signing.ts';

const scope = fileScope(after);
let here: Running;
let root: Keys;

before(async () => {
  here = await running(scope);
  root = here.server.credentials;
  await here.root.s3('PUT', '/vault');
});

/** As boto3 presigns with SigV2, headers in the query included. */
function presignedV2(
  method: string,
  path: string,
  { headers, expires }: { headers: [string, string][]; expires: number },
) {
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('');
  const text = `${method}\n\n\n${expires}\n${lines}${path}`;
  const signature = createHmac('sha1', root.secretAccessKey).update(text).digest('base64');
  return (query: [string, string][]): RawRequest => {
    const own = { AWSAccessKeyId: root.accessKeyId, Signature: signature, Expires: `${expires}` };
    const pairs = [...Object.entries(own), ...query].map(([name, value]) => `${name}=${percentEncode(value)}`);
    return rawRequest(here.url, { method, target: `${path}?${pairs.join('&')}` });
  };
}

describe('signatures', () => {
  it('cover the name of the operation', async () => {
    const asked = jsonRequest(here.url, 'Logs_20140328.DescribeLogGroups', {});
    const { 'x-amz-target': target = '', ...headers } = asked.headers;
    const sealed = await signed({ ...asked, headers }, { keys: root, service: 'logs' });
    const answer = await send(here.url, { ...sealed, headers: { ...sealed.headers, 'x-amz-target': target } });
    assert.equal(codeOf(answer), 'InvalidSignatureException');
  });

  it('of SigV2 let no line break make one header of two', async () => {
    const expires = Math.floor(Date.now() / 1000) + 300;
    const sealed = presignedV2('PUT', '/vault/v2', {
      headers: [
        ['x-amz-meta-a', '1'],
        ['x-amz-meta-b', '2'],
      ],
      expires,
    });
    const honest = await send(
      here.url,
      sealed([
        ['x-amz-meta-a', '1'],
        ['x-amz-meta-b', '2'],
      ]),
    );
    assert.equal(honest.status, 200);
    const merged = await send(here.url, sealed([['x-amz-meta-a', '1\nx-amz-meta-b:2']]));
    assert.equal(codeOf(merged), 'InvalidArgument');
  });

  it('of SigV2 let nobody choose which part of a header counts', async () => {
    const expires = Math.floor(Date.now() / 1000) + 300;
    const sealed = presignedV2('PUT', '/vault/v2', { headers: [['x-amz-meta-a', 'one,two']], expires });
    const split = await send(
      here.url,
      sealed([
        ['x-amz-meta-a', 'one'],
        ['x-amz-meta-a', 'two'],
      ]),
    );
    assert.equal(codeOf(split), 'InvalidArgument');
  });
});

describe('headers in presigned URLs', () => {
  const put = async (key: string, query: string): Promise<Answer> => {
    const asked = rawRequest(here.url, { method: 'PUT', target: `/vault/${key}?${query}`, body: 'x' });
    return send(here.url, await presigned(asked, { keys: root, service: 's3' }));
  };

  it('hold what headers can hold: else the object could never be answered', async () => {
    for (const query of [
      'x-amz-meta-a=1%0D%0Aevil%3A2',
      'x-amz-meta-a%20b=1',
      'x-amz-website-redirect-location=%2Fa%0A',
    ]) {
      assert.equal(codeOf(await put('bad', query)), 'InvalidArgument', query);
    }
  });

  it('come back as the bytes that were given', async () => {
    assert.equal((await put('euro', 'x-amz-meta-price=%E2%82%AC')).status, 200);
    const answer = await here.root.s3('HEAD', '/vault/euro');
    assert.equal(Buffer.from(String(answer.headers['x-amz-meta-price']), 'latin1').toString(), '€');
  });
});

describe('sessions', () => {
  const sessionOf = ({ text }: Answer): Keys => ({
    accessKeyId: element(text, 'AccessKeyId'),
    secretAccessKey: element(text, 'SecretAccessKey'),
    sessionToken: element(text, 'SessionToken'),
  });

  it('of the root user do not renew themselves, wherever their token stands', async () => {
    const keys = sessionOf(await here.root.query('sts', { Action: 'GetSessionToken' }));
    const asked = rawRequest(here.url, { target: '/?Action=GetSessionToken&Version=2011-06-15' });
    const answer = await send(here.url, await presigned(asked, { keys, service: 'sts' }));
    assert.equal(codeOf(answer), 'AccessDenied');
  });

  it('of a role that is deleted while a body is on its way do not become those of its successor', async () => {
    const few = statement({ Action: 'iam:GetRole', Resource: '*' });
    const everything = statement({ Action: '*', Resource: '*' });
    const { keys } = await assumeNewRole(here.root, 'phoenix', { policy: few, url: here.url });
    const asked = await signed(queryRequest(here.url, 'iam', { Action: 'ListRoles' }), { keys, service: 'iam' });
    const { outgoing, answered } = opened(asked);
    outgoing.write(asked.body.subarray(0, 5));
    // Answered after the first bytes of the other have been read.
    await here.root.query('iam', { Action: 'DeleteRolePolicy', RoleName: 'phoenix', PolicyName: 'only' });
    await here.root.query('iam', { Action: 'DeleteRole', RoleName: 'phoenix' });
    await assumeNewRole(here.root, 'phoenix', { policy: everything, url: here.url });
    outgoing.end(asked.body.subarray(5));
    assert.equal(codeOf(await answered), 'InvalidClientTokenId');
  });

  it('have no say in the private API', async () => {
    const { keys } = await assumeNewRole(here.root, 'curious', {
      policy: statement({ Action: '*', Resource: '*' }),
      url: here.url,
    });
    for (const service of ['whippet', 's3']) {
      const asked = rawRequest(here.url, { target: '/_whippet/v1/decisions' });
      const answer = await send(here.url, await signed(asked, { keys, service }));
      assert.equal(answer.status, 403);
      assert.doesNotMatch(answer.text, /decisions/);
    }
  });
});

/** A request whose body is sent by hand. */
function opened({ method, target, headers, body }: RawRequest) {
  const { hostname, port } = new URL(here.url);
  const outgoing = httpRequest({
    hostname,
    port,
    method,
    path: target,
    headers: { ...headers, 'content-length': body.length },
  });
  const answered = new Promise<Answer>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const whole = Buffer.concat(chunks);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: whole, text: whole.toString() });
      });
    });
  });
  return { outgoing, answered };
}

describe('bucket policies', () => {
  const readable = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::vault/*' };
  const read = async (age = 0): Promise<string> => {
    const date = new Date(Date.now() - age);
    const asked = rawRequest(here.url, { target: '/vault/read' });
    return codeOf(await send(here.url, await presigned(asked, { keys: root, service: 's3', date })));
  };
  const refuse = async (condition: object): Promise<void> => {
    const Statement = [readable, { ...readable, Effect: 'Deny', Condition: condition }];
    const body = JSON.stringify({ Version: '2012-10-17', Statement });
    assert.equal((await here.root.s3('PUT', '/vault?policy', { body })).status, 204);
  };

  before(() => here.root.s3('PUT', '/vault/read', { body: 'x' }));
  after(() => here.root.s3('DELETE', '/vault?policy'));

  it('can refuse what is presigned, and how', async () => {
    await refuse({ StringEquals: { 's3:authType': 'REST-QUERY-STRING' } });
    assert.equal(await read(), 'AccessDenied');
    assert.equal((await here.root.s3('GET', '/vault/read')).status, 200);
    await refuse({ StringEquals: { 's3:signatureversion': 'AWS4-HMAC-SHA256' } });
    assert.equal(await read(), 'AccessDenied');
  });

  it('can refuse signatures by their age', async () => {
    await refuse({ NumericGreaterThan: { 's3:signatureAge': '100000' } });
    assert.equal(await read(), '200');
    assert.equal(await read(150_000), 'AccessDenied');
  });

  it('can refuse bodies that are not signed', async () => {
    await refuse({ StringEquals: { 's3:x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } });
    const unsigned = await here.root.s3('GET', '/vault/read', {
      headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    });
    assert.equal(codeOf(unsigned), 'AccessDenied');
  });
});

describe('what keys are called', () => {
  it('is never a place on the disk, nor another key', async () => {
    const keys = ['../../../../escape', 'a%00b', 'a', 'a/', '_whippet/v1/status', 'p%2Fq'];
    for (const key of keys) assert.equal((await here.root.s3('PUT', `/vault/${key}`, { body: key })).status, 200, key);
    for (const key of keys) assert.equal((await here.root.s3('GET', `/vault/${key}`)).text, key);
  });

  it('is the same to policies and to the store', async () => {
    const policy = statement({ Action: 's3:*', Resource: '*' });
    const { caller } = await assumeNewRole(here.root, 'half', { policy, url: here.url });
    const names = { logGroupName: 'halves', logStreamName: '\ud800' };
    const { text } = await caller.json('logs', 'Logs_20140328.CreateLogStream', names);
    assert.match(text, /log-group:halves:log-stream:\ufffd because/);
  });

  it('does not open the private API to virtual hosts', async () => {
    const host = `vault.localhost:${new URL(here.url).port}`;
    const answer = await here.root.s3('GET', '/_whippet/v1/status', { headers: { host } });
    assert.equal(answer.text, '_whippet/v1/status');
  });
});
