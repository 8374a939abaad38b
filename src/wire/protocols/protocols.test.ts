import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { AwsFault } from '../fault.ts';
import type { WireRequest, WireResponse } from '../message.ts';
import { type OperationModel, readModel, type ServiceModel } from '../model.ts';
import { cborCodec, type ServiceName } from '../schemas.ts';
import { cborProtocol } from './cbor.ts';
import { jsonProtocol } from './json.ts';
import type { Protocol } from './protocol.ts';
import { queryProtocol } from './query.ts';
import { restXmlProtocol } from './rest-xml.ts';

interface Sent {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly bucket?: string;
}

function request({ method = 'POST', target = '/', headers = {}, body = '', bucket }: Sent): WireRequest {
  const [rawPath = '/', rawQuery = ''] = target.split('?');
  const bytes = Buffer.from(body);
  return {
    ...{ method, rawPath, rawQuery, rawHeaders: Object.entries(headers) },
    headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    ...(bucket !== undefined && { bucket }),
    buffer: async () => bytes,
    stream: () => ({
      length: bytes.length,
      trailers: new Map<string, string>(),
      async *[Symbol.asyncIterator]() {
        yield bytes;
      },
    }),
  };
}

const models = new Map<ServiceName, ServiceModel>();
for (const name of ['s3', 'sts', 'iam', 'cloudwatch', 'logs'] as const) models.set(name, await readModel(name));
const model = (name: ServiceName): ServiceModel => models.get(name) as ServiceModel;
const operation = (service: ServiceName, name: string): OperationModel =>
  model(service).operations.get(name) as OperationModel;

async function faultOf(work: () => unknown): Promise<AwsFault> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof AwsFault, String(error));
    return error;
  }
  throw new Error('no fault');
}

function text({ body }: WireResponse): string {
  assert.ok(typeof body === 'string' || body instanceof Uint8Array);
  return Buffer.from(body).toString('utf8');
}

const context = (service: ServiceName, sent: Sent = {}) => ({
  requestId: 'r-1',
  request: request(sent),
  service: model(service),
});

const fault = new AwsFault({ code: 'InvalidParameterValue', status: 400, message: 'no <good>' });

describe('JSON', () => {
  const protocol = jsonProtocol('1.1');

  it('finds the operation by its target, and none of another service', () => {
    const sent = request({ headers: { 'X-Amz-Target': 'Logs_20140328.PutLogEvents' } });
    assert.equal(protocol.identify(sent, model('logs')), 'PutLogEvents');
    assert.equal(protocol.identify(sent, model('cloudwatch')), undefined);
  });

  it('reads numbers as dates where the model has timestamps', async () => {
    const body = JSON.stringify({ Namespace: 'A', MetricData: [{ MetricName: 'm', Timestamp: 1.5 }] });
    assert.deepEqual(await protocol.read(request({ body }), operation('cloudwatch', 'PutMetricData')), {
      Namespace: 'A',
      MetricData: [{ MetricName: 'm', Timestamp: new Date(1500) }],
    });
  });

  it('reads a gzipped body, within the bound', async () => {
    const zipped = gzipSync(JSON.stringify({ Namespace: 'A' }));
    const headers = { 'Content-Encoding': 'gzip' };
    const put = operation('cloudwatch', 'PutMetricData');
    assert.deepEqual(await protocol.read(request({ body: zipped, headers }), put), { Namespace: 'A' });
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    assert.equal((await faultOf(() => protocol.read(request({ body: bomb, headers }), put))).status, 413);
    const garbage = await faultOf(() => protocol.read(request({ body: 'no gzip', headers }), put));
    assert.equal(garbage.code, 'SerializationException');
  });

  it('refuses what is no object', async () => {
    for (const body of ['[]', '1', 'null', '{', '"a"', '\xff', '{"MetricData":[{"Timestamp":"yesterday"}]}']) {
      const put = operation('cloudwatch', 'PutMetricData');
      const refusal = await faultOf(() => protocol.read(request({ body: Buffer.from(body, 'latin1') }), put));
      assert.equal(refusal.code, 'SerializationException', body);
    }
  });

  it('names errors by their shape, and by the old code to clients that ask', () => {
    const asked = protocol.writeFault(fault, context('cloudwatch', { headers: { 'x-amzn-query-mode': 'true' } }));
    assert.equal(asked.headers['x-amzn-query-error'], 'InvalidParameterValue;Sender');
    assert.deepEqual(JSON.parse(text(asked)), { __type: 'InvalidParameterValueException', message: 'no <good>' });
    const plain = protocol.writeFault(fault, context('cloudwatch'));
    assert.equal(plain.headers['x-amzn-query-error'], undefined);
  });
});

describe('CBOR', () => {
  const protocol = cborProtocol();
  const { reader, writer } = cborCodec();

  it('finds service and operation in the path', () => {
    const target = '/service/GraniteServiceVersion20100801/operation/ListMetrics';
    assert.equal(protocol.identify(request({ target }), model('cloudwatch')), 'ListMetrics');
    assert.equal(protocol.identify(request({ target }), model('logs')), undefined);
  });

  it('reads and writes by the schema', async () => {
    const put = operation('cloudwatch', 'PutMetricData');
    const input = { Namespace: 'A', MetricData: [{ MetricName: 'm', Timestamp: new Date(5000), Value: 0.25 }] };
    writer.write(put.input, input);
    assert.deepEqual(await protocol.read(request({ body: writer.flush() }), put), input);
    const list = operation('cloudwatch', 'ListMetrics');
    const { body } = protocol.write({ Metrics: [{ MetricName: 'm' }] }, list, context('cloudwatch'));
    assert.deepEqual(reader.read(list.output, body as Uint8Array), { Metrics: [{ MetricName: 'm' }] });
  });

  it('refuses garbage, however long it says it is', async () => {
    for (const bytes of ['9bffffffffffffffff', 'ff', 'bf', 'a1', '5b7fffffffffffffff', `${'81'.repeat(20_000)}`]) {
      const body = Buffer.from(bytes, 'hex');
      const refusal = await faultOf(() => protocol.read(request({ body }), operation('cloudwatch', 'PutMetricData')));
      assert.equal(refusal.code, 'SerializationException', bytes.slice(0, 20));
    }
  });

  it('writes faults with type and message', () => {
    const { body, headers } = protocol.writeFault(fault, context('cloudwatch'));
    assert.equal(headers['smithy-protocol'], 'rpc-v2-cbor');
    assert.deepEqual(reader.read(15, body as Uint8Array), {
      __type: 'InvalidParameterValueException',
      message: 'no <good>',
    });
  });
});

describe('query', () => {
  const protocol = queryProtocol();
  const read = (body: string, service: ServiceName, name: string) =>
    protocol.read(request({ body }), operation(service, name));

  it('finds the action in the body, or in the URL of a GET', async () => {
    assert.equal(await protocol.identify(request({ body: 'Action=GetRole&RoleName=a' }), model('iam')), 'GetRole');
    const get = request({ method: 'GET', target: '/?Action=GetRole&Version=2010-05-08' });
    assert.equal(await protocol.identify(get, model('iam')), 'GetRole');
  });

  it('reads lists, structures, numbers and plus signs', async () => {
    const body =
      'Action=CreateRole&RoleName=a+b&MaxSessionDuration=3600&Tags.member.2.Key=two&Tags.member.2.Value=' +
      '&Tags.member.1.Key=one&Tags.member.1.Value=%C3%A9';
    assert.deepEqual(await read(body, 'iam', 'CreateRole'), {
      RoleName: 'a b',
      MaxSessionDuration: 3600,
      Tags: [
        { Key: 'one', Value: 'é' },
        { Key: 'two', Value: '' },
      ],
    });
    assert.deepEqual(await read('Tags=', 'iam', 'CreateRole'), { Tags: [] });
  });

  it('reads a gzipped form, and NaN as the number that it is not', async () => {
    const body = gzipSync('Action=PutMetricData&Namespace=A&MetricData.member.1.Value=NaN');
    const sent = request({ body, headers: { 'Content-Encoding': 'gzip' } });
    assert.equal(await protocol.identify(sent, model('cloudwatch')), 'PutMetricData');
    assert.deepEqual(await protocol.read(sent, operation('cloudwatch', 'PutMetricData')), {
      Namespace: 'A',
      MetricData: [{ Value: Number.NaN }],
    });
  });

  it('reads names that objects have without being asked', async () => {
    const body = '__proto__.a=1&constructor.prototype.b=2&RoleName.__proto__=3&Tags.member.__proto__.Key=4';
    assert.deepEqual(await read(body, 'iam', 'CreateRole'), { Tags: [] });
    assert.equal(({} as Record<string, unknown>).a, undefined);
  });

  it('refuses what is no number, too deep or too much', async () => {
    const number = await faultOf(() => read('MaxSessionDuration=soon', 'iam', 'CreateRole'));
    assert.equal(number.code, 'MalformedInput');
    assert.match(number.message, /"soon"/);
    const deep = await faultOf(() => read(`${'a.'.repeat(40)}b=1`, 'iam', 'CreateRole'));
    assert.match(deep.message, /nested/);
    const many = await faultOf(() => read('a=1&'.repeat(10_001), 'iam', 'CreateRole'));
    assert.match(many.message, /parameters/);
  });

  it('wraps the result and escapes what is written', () => {
    const output = { Role: { RoleName: 'a<b', Path: '/', CreateDate: new Date(0), Tags: [{ Key: 'k', Value: '&' }] } };
    assert.equal(
      text(protocol.write(output, operation('iam', 'GetRole'), context('iam'))),
      '<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role><Path>/</Path>' +
        '<RoleName>a&lt;b</RoleName><CreateDate>1970-01-01T00:00:00Z</CreateDate><Tags><member><Key>k</Key>' +
        '<Value>&amp;</Value></member></Tags></Role></GetRoleResult><ResponseMetadata><RequestId>r-1</RequestId>' +
        '</ResponseMetadata></GetRoleResponse>',
    );
    assert.match(text(protocol.writeFault(fault, context('iam'))), /<Type>Sender<\/Type><Code>InvalidParameterValue</);
  });
});

describe('REST-XML', () => {
  const protocol: Protocol = restXmlProtocol(model('s3'));
  const identify = (line: string, headers: Record<string, string> = {}, bucket?: string) => {
    const [method = '', target = ''] = line.split(' ');
    return protocol.identify(request({ method, target, headers, ...(bucket && { bucket }) }), model('s3'));
  };

  it('finds S3 operations by method, path, parameters and headers', () => {
    const copy = { 'x-amz-copy-source': '/b/k' };
    const lines: [string, string, Record<string, string>?][] = [
      ['GET /', 'ListBuckets'],
      ['GET /?x-id=ListBuckets', 'ListBuckets'],
      ['PUT /b', 'CreateBucket'],
      ['PUT /b/', 'CreateBucket'],
      ['HEAD /b/', 'HeadBucket'],
      ['GET /b', 'ListObjects'],
      ['GET /b?list-type=2', 'ListObjectsV2'],
      ['GET /b/?versions', 'ListObjectVersions'],
      ['GET /b?location=', 'GetBucketLocation'],
      ['GET /b?uploads', 'ListMultipartUploads'],
      ['POST /b?delete=', 'DeleteObjects'],
      ['PUT /b/k', 'PutObject'],
      ['PUT /b/k', 'CopyObject', copy],
      ['PUT /b/k?partNumber=1&uploadId=u', 'UploadPart'],
      ['PUT /b/k?partNumber=1&uploadId=u', 'UploadPartCopy', copy],
      ['POST /b/k?uploads', 'CreateMultipartUpload'],
      ['POST /b/k?uploads=', 'CreateMultipartUpload'],
      ['POST /b/k?uploadId=u', 'CompleteMultipartUpload'],
      ['GET /b/k?uploadId=u', 'ListParts'],
      ['DELETE /b/k?uploadId=u', 'AbortMultipartUpload'],
      ['GET /b/k/with/slashes/', 'GetObject'],
      ['GET /b//', 'GetObject'],
      ['GET /b/k?tagging', 'GetObjectTagging'],
      ['GET /b?tagging', 'GetBucketTagging'],
      ['PUT /b?acl', 'PutBucketAcl'],
    ];
    for (const [line, name, headers] of lines) assert.equal(identify(line, headers), name, line);
    assert.equal(identify('PATCH /b/k'), undefined);
    assert.equal(identify('GET /k', {}, 'photos'), 'GetObject');
    assert.equal(identify('GET /', {}, 'photos'), 'ListObjects');
  });

  it('reads labels, parameters, headers and prefixed headers', async () => {
    const sent = request({
      method: 'PUT',
      target: '/my-bucket/a%20b/%F0%9F%90%B6+c//d',
      headers: { 'Content-Type': 'image/png', 'X-Amz-Meta-Breed': 'Beagle', 'If-None-Match': '*' },
      body: 'dog',
    });
    const { Body, ...input } = await protocol.read(sent, operation('s3', 'PutObject'));
    assert.deepEqual(input, {
      Bucket: 'my-bucket',
      Key: 'a b/🐶+c//d',
      ContentType: 'image/png',
      IfNoneMatch: '*',
      Metadata: { breed: 'Beagle' },
    });
    assert.ok(Body);
  });

  it('reads headers that a presigned URL carries in its query', async () => {
    const read = async (query: string, headers: Record<string, string> = {}) => {
      const sent = request({ method: 'PUT', target: `/b/k?${query}`, headers });
      const { Body: _, Bucket: __, Key: ___, ...input } = await protocol.read(sent, operation('s3', 'PutObject'));
      return input;
    };
    const signed = 'X-Amz-Signature=s&X-Amz-Date=d&X-Amz-Security-Token=t&x-amz-meta-breed=Beagle&x-amz-acl=private';
    assert.deepEqual(await read(signed), { ACL: 'private', Metadata: { breed: 'Beagle' } });
    assert.deepEqual(await read(signed, { 'x-amz-acl': 'public-read' }), {
      ACL: 'public-read',
      Metadata: { breed: 'Beagle' },
    });
    assert.deepEqual(await read('AWSAccessKeyId=a&Signature=s&content-type=image%2Fpng'), { ContentType: 'image/png' });
    assert.deepEqual(await read('content-type=image%2Fpng&x-amz-acl=private'), {});
    assert.equal(identify('PUT /b/k?X-Amz-Signature=s&x-amz-copy-source=%2Fb%2Fj'), 'CopyObject');
  });

  it('reads a virtual-hosted bucket', async () => {
    const sent = request({ method: 'GET', target: '/k', bucket: 'photos' });
    const input = await protocol.read(sent, operation('s3', 'GetObject'));
    assert.deepEqual(input, { Bucket: 'photos', Key: 'k' });
  });

  it('reads XML bodies and refuses broken ones', async () => {
    const body = '<Delete><Object><Key>a</Key></Object><Object><Key>&#98;</Key></Object><Quiet>true</Quiet></Delete>';
    const sent = (xml: string) => request({ target: '/b?delete', body: xml });
    assert.deepEqual(await protocol.read(sent(body), operation('s3', 'DeleteObjects')), {
      Bucket: 'b',
      Delete: { Objects: [{ Key: 'a' }, { Key: 'b' }], Quiet: true },
    });
    for (const xml of ['<Delete>', 'no xml', '<a></b>', `${'<a>'.repeat(50_000)}`, '\0']) {
      const refusal = await faultOf(() => protocol.read(sent(xml), operation('s3', 'DeleteObjects')));
      assert.equal(refusal.code, 'MalformedXML', xml.slice(0, 20));
    }
  });

  it('refuses labels that are no UTF-8, and numbers that are none', async () => {
    const uri = await faultOf(() =>
      protocol.read(request({ method: 'GET', target: '/b/%ff' }), operation('s3', 'GetObject')),
    );
    assert.equal(uri.code, 'InvalidURI');
    for (const value of ['many', '1.5', '1e3', '0x10', ' 1', '']) {
      const target = `/b?max-keys=${encodeURIComponent(value)}`;
      const read = () => protocol.read(request({ method: 'GET', target }), operation('s3', 'ListObjects'));
      assert.equal((await faultOf(read)).code, 'InvalidArgument', value);
    }
  });

  it('writes headers apart from the document', () => {
    const output = { ETag: '"e"', ContentLength: 3, LastModified: new Date(0), Metadata: { a: 'b' }, Body: 'dog' };
    const answer = protocol.write(output, operation('s3', 'GetObject'), { ...context('s3'), status: 206 });
    assert.equal(answer.status, 206);
    assert.equal(answer.headers['Last-Modified'], 'Thu, 01 Jan 1970 00:00:00 GMT');
    assert.equal(answer.headers['Content-Length'], '3');
    assert.equal(answer.headers['x-amz-meta-a'], 'b');
    assert.equal(answer.body, 'dog');
  });

  it('writes documents under AWS’s root names', () => {
    const list = { Name: 'b', Contents: [{ Key: 'a&b', Size: 1 }], IsTruncated: false, RequestCharged: 'requester' };
    const answer = protocol.write(list, operation('s3', 'ListObjectsV2'), context('s3'));
    assert.equal(answer.headers['x-amz-request-charged'], 'requester');
    assert.equal(
      text(answer),
      '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        '<IsTruncated>false</IsTruncated><Contents><Key>a&amp;b</Key><Size>1</Size></Contents><Name>b</Name></ListBucketResult>',
    );
    const location = protocol.write(
      { LocationConstraint: 'eu-west-1' },
      operation('s3', 'GetBucketLocation'),
      context('s3'),
    );
    assert.match(text(location), /<LocationConstraint xmlns="[^"]+">eu-west-1<\/LocationConstraint>$/);
    const none = protocol.write({}, operation('s3', 'GetBucketVersioning'), context('s3'));
    assert.match(text(none), /<VersioningConfiguration xmlns="[^"]+"\/>$/);
    assert.equal(protocol.write({}, operation('s3', 'DeleteObject'), context('s3')).status, 204);
  });

  it('writes faults, without a body to a HEAD', () => {
    const missing = new AwsFault({ code: 'NoSuchKey', status: 404, message: 'gone', fields: { Key: '<k>' } });
    assert.match(
      text(protocol.writeFault(missing, context('s3', { method: 'GET' }))),
      /<Error><Code>NoSuchKey<\/Code><Message>gone<\/Message><Key>&lt;k&gt;<\/Key><RequestId>r-1</,
    );
    assert.equal(protocol.writeFault(missing, context('s3', { method: 'HEAD' })).body, undefined);
  });
});
