import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AwsFault } from '../fault.ts';
import type { WireRequest } from '../message.ts';
import { type ServiceModel, schemaOf } from '../model.ts';
import { restJsonProtocol } from './rest-json.ts';

/** `PUT /dogs/{Name}?dry-run=…` with a header, a renamed member and a list, as the SDK would write it down. */
const input = [
  3,
  'test',
  'PutDogRequest',
  0,
  ['Name', 'DryRun', 'Token', 'Born', 'Toys'],
  [
    [0, 1],
    [2, { httpQuery: 'dry-run' }],
    [0, { httpHeader: 'x-token' }],
    [4, { jsonName: 'born' }],
    [1, 'test', 'Toys', 0, 0],
  ],
  1,
];
const output = [3, 'test', 'PutDogResponse', 0, ['Id', 'Age'], [[0, { httpHeader: 'x-id' }], 1]];
const service = {
  name: 'logs',
  signingName: 'dogs',
  operations: new Map([
    [
      'PutDog',
      {
        name: 'PutDog',
        input: schemaOf(input),
        output: schemaOf(output),
        streams: false,
        http: { method: 'PUT', path: '/dogs/{Name}', query: [], status: 201 },
      },
    ],
  ]),
  shapeOfCode: new Map(),
} satisfies ServiceModel;

function request(target: string, body: string, headers: Record<string, string> = {}): WireRequest {
  const [rawPath = '/', rawQuery = ''] = target.split('?');
  return {
    ...{
      method: 'PUT',
      rawPath,
      rawQuery,
      rawHeaders: Object.entries(headers),
      headers: new Map(Object.entries(headers)),
    },
    buffer: async () => Buffer.from(body),
    stream: () => {
      throw new Error('no stream');
    },
  };
}

const protocol = restJsonProtocol(service);
const putDog = service.operations.get('PutDog')!;

it('reads path, query, header and body', async () => {
  const sent = request('/dogs/Re%20x?dry-run=true', '{"born":86400,"Toys":["ball"],"Other":1}', { 'x-token': 't' });
  assert.equal(protocol.identify(sent, service), 'PutDog');
  assert.deepEqual(await protocol.read(sent, putDog), {
    Name: 'Re x',
    DryRun: true,
    Token: 't',
    Born: new Date(86_400_000),
    Toys: ['ball'],
  });
});

it('refuses a body that is no JSON', async () => {
  await assert.rejects(async () => protocol.read(request('/dogs/a', '{'), putDog), { code: 'SerializationException' });
});

it('writes headers, body and faults', () => {
  const context = { requestId: 'r', request: request('/', ''), service };
  const answer = protocol.write({ Id: 'd-1', Age: 3 }, putDog, context);
  assert.deepEqual([answer.status, answer.headers['x-id'], answer.body], [201, 'd-1', '{"Age":3}']);
  const fault = protocol.writeFault(new AwsFault({ code: 'NoSuchDog', status: 404, message: 'none' }), context);
  assert.deepEqual([fault.status, fault.headers['x-amzn-errortype']], [404, 'NoSuchDog']);
  assert.equal(fault.body, '{"message":"none"}');
});
