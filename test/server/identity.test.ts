import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Answer, codeOf, jsonRequest, queryRequest, rawRequest, send } from './client.ts';
import { fileScope, type Running, running } from './running.ts';
import { type Keys, type RawRequest, signed } from './signing.ts';

const file = fileScope(after);
let at: Running;
before(async () => {
  at = await running(file);
  assert.equal((await at.root.s3('PUT', '/bucket')).status, 200);
  assert.equal((await at.root.s3('PUT', '/bucket/kept', { body: 'kept bytes' })).status, 200);
});

const minute = 60_000;
const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * minute);

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
      // EC2 has no paths, but a service that has them and is not served speaks REST-JSON.
      if (name === 'REST-XML') assert.match(JSON.parse(answer.text).message, /^ec2 is not served/);
      else assert.match(answer.text, shape);
    });

    test('is refused with a wrong secret or a key that nobody has', async () => {
      const { accessKeyId, secretAccessKey } = at.server.credentials;
      await refused(await sign({ keys: { accessKeyId, secretAccessKey: `${secretAccessKey}x` } }), 'mismatch');
      await refused(await sign({ keys: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey } }), 'unknown');
    });
  });
}

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
