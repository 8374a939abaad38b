import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { type ChunkedForm, chunkedUpload } from './chunked-uploads.ts';
import {
  type Answer,
  assumeNewRole,
  callerOf,
  codeOf,
  element,
  jsonRequest,
  queryRequest,
  rawRequest,
  send,
  statement,
} from './client.ts';
import { fileScope, type Running, running } from './running.ts';
import { type Keys, presigned, presignedV2, type RawRequest, signed } from './signing.ts';

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

/** One call of each protocol that succeeds when it is signed well. */
const protocols: Readonly<
  Record<
    string,
    { readonly service: string; readonly make: () => RawRequest /** How a refusal begins. */; readonly shape: RegExp }
  >
> = {
  'REST-XML': {
    service: 's3',
    shape: /^<\?xml [^>]*>\n<Error><Code>/,
    make: () => rawRequest(at.url, { method: 'PUT', target: '/bucket/a%20b?x-id=PutObject', body: 'bytes' }),
  },
  query: {
    service: 'sts',
    shape: /^<ErrorResponse[^>]*><Error><Type>(Sender|Receiver)<\/Type><Code>/,
    make: () => queryRequest(at.url, 'sts', { Action: 'GetCallerIdentity' }),
  },
  JSON: {
    service: 'logs',
    shape: /^\{"__type":"/,
    make: () => jsonRequest(at.url, 'Logs_20140328.DescribeLogGroups', { limit: 5 }),
  },
  CBOR: {
    service: 'monitoring',
    shape: /f__type/,
    make: () =>
      rawRequest(at.url, {
        method: 'POST',
        target: '/service/GraniteServiceVersion20100801/operation/ListMetrics',
        headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
        body: Uint8Array.of(0xa0),
      }),
  },
};

/** An answer with its code, also where it is CBOR. */
function outcome(answer: Answer): string {
  if (answer.headers['content-type'] !== 'application/cbor' || answer.status < 300) return codeOf(answer);
  return /([A-Z][A-Za-z]+Exception|NotImplemented)/.exec(answer.body.toString('latin1'))?.[1] ?? `${answer.status}`;
}

const expectations: Readonly<Record<string, Readonly<Record<string, readonly [status: number, code: string]>>>> = {
  'REST-XML': {
    mismatch: [403, 'SignatureDoesNotMatch'],
    body: [400, 'XAmzContentSHA256Mismatch'],
    unknown: [403, 'InvalidAccessKeyId'],
    early: [403, 'RequestTimeTooSkewed'],
    late: [403, 'RequestTimeTooSkewed'],
    service: [400, 'AuthorizationHeaderMalformed'],
    region: [403, 'SignatureDoesNotMatch'],
    garbage: [400, 'AuthorizationHeaderMalformed'],
  },
  query: {
    mismatch: [403, 'SignatureDoesNotMatch'],
    body: [403, 'SignatureDoesNotMatch'],
    unknown: [403, 'InvalidClientTokenId'],
    early: [403, 'SignatureDoesNotMatch'],
    late: [403, 'SignatureDoesNotMatch'],
    region: [403, 'SignatureDoesNotMatch'],
    garbage: [400, 'IncompleteSignature'],
  },
  JSON: {
    mismatch: [400, 'InvalidSignatureException'],
    body: [400, 'InvalidSignatureException'],
    unknown: [400, 'UnrecognizedClientException'],
    early: [400, 'InvalidSignatureException'],
    late: [400, 'InvalidSignatureException'],
    region: [400, 'InvalidSignatureException'],
    garbage: [400, 'IncompleteSignatureException'],
  },
  CBOR: {
    mismatch: [400, 'InvalidSignatureException'],
    body: [400, 'InvalidSignatureException'],
    unknown: [403, 'UnrecognizedClientException'],
    early: [400, 'InvalidSignatureException'],
    late: [400, 'InvalidSignatureException'],
    region: [400, 'InvalidSignatureException'],
    garbage: [400, 'IncompleteSignatureException'],
  },
};

/** The signed request with something done to it on its way. */
type Tampering = (request: RawRequest) => RawRequest;

const withHeader =
  (name: string, change: (value: string) => string): Tampering =>
  (request) => ({ ...request, headers: { ...request.headers, [name]: change(request.headers[name] ?? '') } });

const tamperings: Readonly<Record<string, { readonly expected: string; readonly tamper: Tampering }>> = {
  body: {
    expected: 'body',
    tamper: (request) => ({ ...request, body: Buffer.concat([request.body, Buffer.from('x')]) }),
  },
  query: {
    expected: 'mismatch',
    tamper: (request) => ({ ...request, target: `${request.target}${request.target.includes('?') ? '&' : '?'}x=1` }),
  },
  date: {
    expected: 'mismatch',
    tamper: withHeader('x-amz-date', (date) => date.replace(/..Z$/, (s) => (s === '00Z' ? '01Z' : '00Z'))),
  },
  signature: {
    expected: 'mismatch',
    tamper: withHeader('authorization', (text) => text.replace(/.$/, (c) => (c === '0' ? '1' : '0'))),
  },
  region: {
    expected: 'region',
    tamper: withHeader('authorization', (text) => text.replace('/us-east-1/', '/eu-west-1/')),
  },
  key: {
    expected: 'unknown',
    tamper: withHeader('authorization', (text) => text.replace(/Credential=\w+/, 'Credential=AKIAIOSFODNN7EXAMPLE')),
  },
  'authorization that is none': {
    expected: 'garbage',
    tamper: withHeader('authorization', () => 'AWS4-HMAC-SHA256 x'),
  },
};

for (const [name, { service, make, shape }] of Object.entries(protocols)) {
  const expected = expectations[name] ?? {};
  const refused = async (request: RawRequest, what: string): Promise<void> => {
    const answer = await send(at.url, request);
    assert.deepEqual([answer.status, outcome(answer)], expected[what], answer.text);
    assert.match(answer.text, shape, what);
  };
  const sign = (options: { keys?: Keys; date?: Date; region?: string } = {}): Promise<RawRequest> =>
    signed(make(), { keys: at.server.credentials, service, ...options });

  describe(`a ${name} request`, () => {
    test('is accepted when it is signed, in any region, within 15 minutes either way', async () => {
      const requests = [
        sign(),
        sign({ region: 'ap-southeast-2' }),
        sign({ date: inMinutes(-14.9) }),
        sign({ date: inMinutes(14.9) }),
      ];
      for (const request of requests) {
        const answer = await send(at.url, await request);
        assert.equal(answer.status, 200, answer.text);
      }
    });

    test('is refused when its time is off by more', async () => {
      await refused(await sign({ date: inMinutes(-15.1) }), 'late');
      await refused(await sign({ date: inMinutes(15.1) }), 'early');
    });

    for (const [what, { expected, tamper }] of Object.entries(tamperings)) {
      test(`is refused with another ${what}`, async () => refused(tamper(await sign()), expected));
    }

    test('is refused with another path, method or signed header', async () => {
      const request = await sign();
      if (service === 's3') {
        await refused({ ...request, target: request.target.replace('a%20b', 'a%20c') }, 'mismatch');
        await refused({ ...request, method: 'DELETE' }, 'mismatch');
      } else await refused(withHeader('content-type', (type) => `${type};a=b`)(request), 'mismatch');
      await refused(withHeader('host', (host) => host.replace('127.0.0.1', 'localhost'))(request), 'mismatch');
    });

    test('is refused with a signature for another service', async () => {
      const answer = await send(at.url, await signed(make(), { keys: at.server.credentials, service: 'ec2' }));
      const codes = { json: 'InvalidSignatureException', xml: 'SignatureDoesNotMatch' };
      // Where nothing but the signature names the service, this is another one.
      const expected = { 'REST-XML': 'NotImplemented', query: 'NotImplemented', JSON: codes.json, CBOR: codes.json };
      assert.equal(outcome(answer), expected[name as keyof typeof expected], answer.text);
      assert.match(answer.text, shape);
    });

    test('is refused with a wrong secret or a key that nobody has', async () => {
      const { accessKeyId, secretAccessKey } = at.server.credentials;
      await refused(await sign({ keys: { accessKeyId, secretAccessKey: `${secretAccessKey}x` } }), 'mismatch');
      await refused(await sign({ keys: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey } }), 'unknown');
    });
  });
}

describe('S3', () => {
  test('takes objects in every streaming form, and refuses them with a byte changed', async () => {
    const chunks = [Buffer.alloc(8192, 'a'), Buffer.alloc(10_000, 'b'), Buffer.from('end')];
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(Buffer.concat(chunks)));
    const trailer = ['x-amz-checksum-crc32', checksum.toString('base64')] as const;
    const forms: readonly (readonly [ChunkedForm, string])[] = [
      ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'SignatureDoesNotMatch'],
      ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', 'SignatureDoesNotMatch'],
      ['STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'BadDigest'],
    ];
    for (const [form, refusal] of forms) {
      const withTrailer = form.endsWith('TRAILER');
      const request = await chunkedUpload(rawRequest(at.url, { target: '/bucket/streamed' }), {
        ...{ keys: at.server.credentials, form, chunks },
        ...(withTrailer && { trailer }),
      });
      const taken = await send(at.url, request);
      assert.equal(taken.status, 200, `${form} ${taken.text}`);
      assert.ok((await at.root.s3('GET', '/bucket/streamed')).body.equals(Buffer.concat(chunks)), form);

      const changed = Buffer.from(request.body);
      changed[changed.indexOf('bbb')] = 99;
      const answer = await send(at.url, { ...request, target: request.target, body: changed });
      assert.equal(codeOf(answer), refusal, form);
      assert.ok((await at.root.s3('GET', '/bucket/streamed')).body.equals(Buffer.concat(chunks)), form);
    }
  });

  test('takes a body that was not signed', async () => {
    const request = rawRequest(at.url, { method: 'PUT', target: '/bucket/unsigned', body: 'anything' });
    const { credentials: keys } = at.server;
    const sent = await signed(request, { keys, service: 's3', payload: 'UNSIGNED-PAYLOAD' });
    assert.equal((await send(at.url, { ...sent, body: Buffer.from('other') })).status, 200);
  });

  test('takes presigned URLs until they expire', async () => {
    const get = rawRequest(at.url, { target: '/bucket/kept' });
    const { credentials: keys } = at.server;
    const signing = { keys, service: 's3' };
    const whole = await send(at.url, await presigned(get, signing));
    assert.equal(whole.text, 'kept bytes');
    const put = await presigned({ ...get, method: 'PUT', target: '/bucket/put' }, signing);
    assert.equal((await send(at.url, { ...put, body: Buffer.from('uploaded') })).status, 200);

    const later = await send(at.url, await presigned(get, { ...signing, date: inMinutes(-2), expiresIn: 60 }));
    assert.deepEqual(
      [later.status, codeOf(later), element(later.text, 'Message')],
      [403, 'AccessDenied', 'Request has expired'],
    );
    const sooner = await send(at.url, await presigned(get, { ...signing, date: inMinutes(16) }));
    assert.deepEqual([sooner.status, element(sooner.text, 'Message')], [403, 'Request is not valid yet']);
    const valid = await presigned(get, signing);
    for (const [from, to] of [
      ['kept', 'put'],
      ['X-Amz-Expires=300', 'X-Amz-Expires=900'],
      ['X-Amz-Signature=', 'X-Amz-Signature=0'],
    ]) {
      const answer = await send(at.url, { ...valid, target: valid.target.replace(from!, to!) });
      assert.deepEqual([answer.status, codeOf(answer)], [403, 'SignatureDoesNotMatch'], from);
    }
  });

  test('takes URLs presigned with signature version 2', async () => {
    const get = rawRequest(at.url, { target: '/bucket/kept' });
    const { credentials: keys } = at.server;
    const signing = { keys, expires: inMinutes(5) };
    assert.equal((await send(at.url, presignedV2(get, signing))).text, 'kept bytes');
    assert.equal(
      codeOf(await send(at.url, { ...presignedV2(get, signing), method: 'DELETE' })),
      'SignatureDoesNotMatch',
    );
    const late = await send(at.url, presignedV2(get, { keys, expires: inMinutes(-1) }));
    assert.deepEqual([late.status, codeOf(late)], [403, 'AccessDenied']);
  });

  test('does nothing for who does not sign', async () => {
    for (const [method, target] of [
      ['GET', '/'],
      ['GET', '/bucket'],
      ['GET', '/bucket/kept'],
      ['PUT', '/bucket/x'],
      ['DELETE', '/bucket'],
    ]) {
      const answer = await send(at.url, rawRequest(at.url, { method: method!, target: target! }));
      assert.deepEqual([answer.status, codeOf(answer)], [403, 'AccessDenied'], `${method} ${target}`);
    }
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

test('other services than S3 want a signature', async () => {
  const answers = [
    [queryRequest(at.url, 'iam', { Action: 'ListRoles' }), 403, 'MissingAuthenticationToken'],
    [jsonRequest(at.url, 'Logs_20140328.DescribeLogGroups', {}), 400, 'MissingAuthenticationTokenException'],
  ] as const;
  for (const [request, status, code] of answers) {
    const answer = await send(at.url, request);
    assert.deepEqual([answer.status, codeOf(answer)], [status, code]);
  }
});

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

describe('rights', () => {
  const user = (role: string): string => `User: arn:aws:sts::000000000000:assumed-role/${role}/test`;

  test('of a role with one permission are this one, and denials say why', async () => {
    const policy = statement({ Action: 's3:GetObject', Resource: `${arn}/kept` });
    const { caller } = await assumeNewRole(at.root, 'reader', { policy, url: at.url });
    assert.equal((await caller.s3('GET', '/bucket/kept')).text, 'kept bytes');
    assert.equal((await caller.s3('HEAD', '/bucket/kept')).status, 200);
    assert.equal((await caller.query('sts', { Action: 'GetCallerIdentity' })).status, 200);
    const because = (action: string): string => `because no identity-based policy allows the ${action} action`;
    const denied = [
      [await caller.s3('GET', '/bucket/put'), 's3:GetObject', `${arn}/put`],
      [await caller.s3('PUT', '/bucket/kept', { body: 'x' }), 's3:PutObject', `${arn}/kept`],
      [await caller.s3('DELETE', '/bucket/kept'), 's3:DeleteObject', `${arn}/kept`],
      [await caller.s3('GET', '/bucket?list-type=2'), 's3:ListBucket', arn],
      [await caller.query('iam', { Action: 'DeleteRole', RoleName: 'reader' }), 'iam:DeleteRole', 'role reader'],
      [
        await caller.json('logs', 'Logs_20140328.CreateLogGroup', { logGroupName: 'g' }),
        'logs:CreateLogGroup',
        'arn:aws:logs:us-east-1:000000000000:log-group:g',
      ],
    ] as const;
    for (const [answer, action, resource] of denied) {
      const code = answer.text.startsWith('{') ? 'AccessDeniedException' : 'AccessDenied';
      assert.equal(codeOf(answer), code, action);
      const message = answer.text.startsWith('{')
        ? (JSON.parse(answer.text) as { message: string }).message
        : element(answer.text, 'Message');
      const expected = `${user('reader')} is not authorized to perform: ${action} on resource: `;
      assert.ok(message.startsWith(expected), message);
      assert.ok(message.includes(resource), message);
      assert.ok(message.endsWith(because(action)), message);
    }
    assert.equal((await at.root.s3('GET', '/bucket/kept')).text, 'kept bytes');
  });

  test('are cut down by a session policy', async () => {
    const policy = statement({ Action: 's3:*', Resource: '*' });
    const session = statement({ Action: 's3:GetObject', Resource: '*' });
    const { caller } = await assumeNewRole(at.root, 'cut', { policy, session, url: at.url });
    assert.equal((await caller.s3('GET', '/bucket/kept')).status, 200);
    const answer = await caller.s3('PUT', '/bucket/cut', { body: 'x' });
    assert.equal(
      element(answer.text, 'Message'),
      `${user('cut')} is not authorized to perform: s3:PutObject on resource: "${arn}/cut" because no session policy allows the s3:PutObject action`,
    );
  });

  test('come from a bucket policy too, for who does not sign and for roles; a denial there wins', async () => {
    await at.root.s3('PUT', '/public');
    await at.root.s3('PUT', '/public/page', { body: 'page' });
    await at.root.s3('PUT', '/public/secret', { body: 'secret' });
    const anyone = { Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::public/*' };
    const nobody = { ...anyone, Resource: 'arn:aws:s3:::public/secret' };
    const document = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', ...anyone },
        { Effect: 'Deny', ...nobody },
      ],
    };
    const put = await at.root.s3('PUT', '/public?policy', { body: JSON.stringify(document) });
    assert.equal(put.status, 204, put.text);
    const anonymous = (target: string, method = 'GET') => send(at.url, rawRequest(at.url, { method, target }));
    assert.equal((await anonymous('/public/page')).text, 'page');
    assert.equal((await anonymous('/public/secret')).status, 403);
    assert.equal((await anonymous('/public/page', 'DELETE')).status, 403);
    assert.equal((await anonymous('/public')).status, 403);

    const policy = statement({ Action: 's3:*', Resource: '*' });
    const { caller } = await assumeNewRole(at.root, 'all-of-s3', { policy, url: at.url });
    assert.equal((await caller.s3('GET', '/public/page')).text, 'page');
    const denied = await caller.s3('GET', '/public/secret');
    assert.equal(
      element(denied.text, 'Message'),
      `${user('all-of-s3')} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::public/secret" with an explicit deny in a resource-based policy`,
    );
    const own = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 's3:*', Resource: '*' },
        { Effect: 'Deny', Action: 's3:PutObject', Resource: `${arn}/locked/*` },
      ],
    };
    const locked = await assumeNewRole(at.root, 'locked-out', { policy: own, url: at.url });
    assert.equal((await locked.caller.s3('PUT', '/bucket/open', { body: 'x' })).status, 200);
    const explicit = await locked.caller.s3('PUT', '/bucket/locked/a', { body: 'x' });
    assert.match(element(explicit.text, 'Message'), /with an explicit deny in an identity-based policy$/);
  });

  test('are written down as they were decided, for the root user to read', async () => {
    const policy = statement({ Action: 's3:GetObject', Resource: `${arn}/kept` });
    const { caller } = await assumeNewRole(at.root, 'watched', { policy, url: at.url });
    for (let i = 0; i < 3; i++) await caller.s3('GET', '/bucket/kept');
    await caller.s3('GET', '/bucket/other');
    const request = rawRequest(at.url, { target: '/_whippet/v1/decisions?limit=1000' });
    const { text } = await at.root.send(request, { service: 'whippet' });
    const written = JSON.parse(text) as {
      decisions: { principal: string; action: string; resource: string; allowed: boolean; count: number }[];
    };
    const { decisions } = written;
    const mine = decisions.filter(({ principal }) => principal.endsWith('assumed-role/watched/test'));
    assert.deepEqual(
      mine.map(({ action, resource, allowed, count }) => [action, resource, allowed, count]).sort(),
      [
        ['s3:GetObject', `${arn}/kept`, true, 3],
        ['s3:GetObject', `${arn}/other`, false, 1],
        // Who may list would have been told that the key is missing.
        ...mine
          .filter(({ action }) => action === 's3:ListBucket')
          .map(({ resource, count }) => ['s3:ListBucket', resource, false, count]),
      ].sort(),
    );
    // Made-up names fill neither memory nor disk.
    await send(at.url, rawRequest(at.url, { target: `/bucket/${'endless'.repeat(3000)}` }));
    const after = JSON.parse((await at.root.send(request, { service: 'whippet' })).text) as typeof written;
    const endless = after.decisions.find(({ resource }) => resource.includes('endless'));
    assert.equal(endless?.resource.length, 1500);
    assert.equal((await caller.send(request, { service: 'whippet' })).status, 403);
    assert.equal((await at.root.send(request, { service: 's3' })).status, 403);
    assert.equal((await send(at.url, request)).status, 403);
  });
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
