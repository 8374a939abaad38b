import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadConstraints } from '../constraints/constraints.ts';
import { AwsFault } from '../fault.ts';
import type { Protocol } from '../protocols/protocol.ts';
import type { ServiceName } from '../schemas.ts';
import { validate } from './validate.ts';
import { wordingOf } from './wording.ts';

const protocols: Readonly<Record<ServiceName, Protocol['name']>> = {
  s3: 'rest-xml',
  sts: 'query',
  iam: 'query',
  logs: 'json-1.1',
  cloudwatch: 'query',
  sagemaker: 'json-1.1',
};

type Input = Readonly<Record<string, unknown>>;

/** `iam CreateRole` */
function check(operationOf: string, input: Input, protocol?: Protocol['name']): Input {
  const [service, operation] = operationOf.split(' ') as [ServiceName, string];
  const wording = wordingOf(service, protocol ?? protocols[service]);
  return validate(input, { operation, constraints: loadConstraints(service), wording });
}

function refusal(operationOf: string, input: Input, protocol?: Protocol['name']): AwsFault {
  try {
    check(operationOf, input, protocol);
  } catch (error) {
    assert.ok(error instanceof AwsFault, String(error));
    assert.equal(error.status, 400);
    return error;
  }
  throw new assert.AssertionError({ message: `${operationOf} was not refused` });
}

function refused(operationOf: string, input: Input, expected: string): void {
  const { code, message } = refusal(operationOf, input);
  assert.equal(`${code}: ${message}`, expected);
}

const tagPattern = String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]+`;
const role = { RoleName: 'r', AssumeRolePolicyDocument: '{}' };

/** Messages of February 2026, but for names and paths, which are older. */
describe('IAM', () => {
  test('names the member, not what was sent', () => {
    refused(
      'iam TagRole',
      { RoleName: 'r', Tags: [{ Key: 'k'.repeat(129), Value: 'v' }] },
      "ValidationError: 1 validation error detected: Value at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128",
    );
    refused(
      'iam TagRole',
      { RoleName: 'r', Tags: [{ Key: 'a', Value: 'v' }, { Value: 'v' }] },
      "ValidationError: 1 validation error detected: Value at 'tags.2.member.key' failed to satisfy constraint: Member must not be null",
    );
    refused(
      'iam CreateRole',
      { ...role, MaxSessionDuration: 3599 },
      "ValidationError: 1 validation error detected: Value at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600",
    );
    refused(
      'iam ListPolicies',
      { Scope: 'Mine' },
      "ValidationError: 1 validation error detected: Value at 'scope' failed to satisfy constraint: Member must satisfy enum value set: [All, AWS, Local]",
    );
    refused(
      'iam GetPolicyVersion',
      { PolicyArn: 'arn:aws:iam::aws:policy/P', VersionId: '1' },
      String.raw`ValidationError: 1 validation error detected: Value at 'versionId' failed to satisfy constraint: Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?`,
    );
  });

  test('names all that is wrong, the length first', () => {
    refused(
      'iam TagRole',
      { RoleName: 'r', Tags: [{ Key: '', Value: 'v' }] },
      `ValidationError: 2 validation errors detected: Value at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1; Value at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: ${tagPattern}`,
    );
    refused(
      'iam CreateRole',
      {},
      "ValidationError: 2 validation errors detected: Value at 'roleName' failed to satisfy constraint: Member must not be null; Value at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must not be null",
    );
  });

  test('names a list of bare values once, with all that its members have to be', () => {
    const message = `1 validation error detected: Value at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ${tagPattern}, Member must not be null]`;
    for (const TagKeys of [[''], ['a', 'bad#'], ['k'.repeat(129)], ['bad#', 'bad*', 'good']]) {
      refused('iam UntagRole', { RoleName: 'r', TagKeys }, `ValidationError: ${message}`);
    }
  });

  test('has its own words for names and paths, after all else', () => {
    const name = 'It must contain only alphanumeric characters and/or the following: +=,.@_-';
    const bad = { ...role, RoleName: 'arn:aws:iam::1:role/r' };
    refused('iam CreateRole', bad, `ValidationError: The specified value for roleName is invalid. ${name}`);
    refused(
      'iam CreateRole',
      { ...role, Path: 'x' },
      'ValidationError: The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
    refused(
      'iam ListRoles',
      { PathPrefix: 'invalid' },
      'ValidationError: The specified value for pathPrefix is invalid. It must begin with the / character and contain only alphanumeric characters and/or / characters.',
    );
    assert.match(refusal('iam CreateRole', { ...bad, MaxSessionDuration: 1 }).message, /^1 .* at 'maxSessionDuration'/);
  });
});

test('STS repeats what was sent, at no length', () => {
  const RoleArn = 'arn:aws:iam::000000000000:role/r';
  refused(
    'sts AssumeRole',
    { RoleArn, RoleSessionName: 'Session1:2' },
    String.raw`ValidationError: 1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`,
  );
  refused(
    'sts AssumeRole',
    { RoleArn, RoleSessionName: 's'.repeat(65) },
    `ValidationError: 1 validation error detected: Value '${'s'.repeat(65)}' at 'roleSessionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
  );
  refused(
    'sts AssumeRole',
    { RoleArn },
    "ValidationError: 1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
  );
  refused(
    'sts GetSessionToken',
    { DurationSeconds: 899 },
    "ValidationError: 1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
  );
  const long = refusal('sts AssumeRole', { RoleArn, RoleSessionName: 's'.repeat(1_000_000) });
  assert.ok(long.message.length < 1000, `${long.message.length} characters`);
  const many = refusal('sts AssumeRole', {
    RoleArn,
    RoleSessionName: 's1',
    TransitiveTagKeys: Array(100_000).fill('k'),
  });
  assert.match(many.message, /^1 .* Value '\[k, k, .*\.\.\.\]' at 'transitiveTagKeys'/);
  assert.ok(many.message.length < 1000, `${many.message.length} characters`);
});

describe('CloudWatch Logs', () => {
  const put = { logGroupName: 'g', logStreamName: 's' };

  test('says InvalidParameterException in the framework’s words', () => {
    refused(
      'logs PutLogEvents',
      { ...put, logEvents: [{ timestamp: 1, message: 'a' }, { message: '' }] },
      "InvalidParameterException: 2 validation errors detected: Value at 'logEvents.2.member.timestamp' failed to satisfy constraint: Member must not be null; Value at 'logEvents.2.member.message' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
    refused(
      'logs PutLogEvents',
      { ...put, logEvents: [] },
      "InvalidParameterException: 1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
    refused(
      'logs CreateLogStream',
      { ...put, logStreamName: 'a:b' },
      "InvalidParameterException: 1 validation error detected: Value at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*",
    );
  });

  test('names a map as a whole, keys and values apart', () => {
    const { message } = refusal('logs CreateLogGroup', { logGroupName: 'g', tags: { 'bad#': 'bad#', b: 'bad*' } });
    const parts = message.split('; ');
    assert.equal(parts.length, 2);
    assert.match(
      parts[0] ?? '',
      /^2 .* Value at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: \[/,
    );
    assert.match(
      parts[1] ?? '',
      /^Value at 'tags' failed to satisfy constraint: Map value must satisfy constraint: \[/,
    );
  });

  test('names ten of many', () => {
    const logEvents = Array.from({ length: 500 }, () => ({ timestamp: 1, message: '' }));
    assert.match(refusal('logs PutLogEvents', { ...put, logEvents }).message, /^10 validation errors detected: /);
  });
});

describe('CloudWatch', () => {
  const datum = { MetricName: 'm', Value: 1 };

  test('has a line for each parameter, what is missing first', () => {
    refused(
      'cloudwatch PutMetricData',
      {
        Namespace: 'n',
        MetricData: [datum, { ...datum, Unit: 'x', Dimensions: [{ Name: 'a', Value: '' }, { Name: 'b' }] }],
      },
      'MissingParameter: The parameter MetricData.member.2.Dimensions.member.1.Value is required.\nThe parameter MetricData.member.2.Dimensions.member.2.Value is required.',
    );
    refused('cloudwatch PutMetricData', {}, 'MissingParameter: The parameter Namespace is required.');
    const statistics = { Namespace: 'n', MetricName: 'm', StartTime: new Date(0), EndTime: new Date(1), Period: 60 };
    refused(
      'cloudwatch GetMetricStatistics',
      { ...statistics, Statistics: [] },
      'MissingParameter: The parameter Statistics is required.',
    );
    refused(
      'cloudwatch GetMetricStatistics',
      { ...statistics, Statistics: ['Sum', 'Median'] },
      'InvalidParameterValue: The parameter Statistics.member.2 must be a value in the set [ SampleCount, Average, Sum, Minimum, Maximum ].',
    );
  });

  test('has words of its own for lengths, sizes and numbers', () => {
    const refusedDatum = (more: Input, message: string) =>
      refused('cloudwatch PutMetricData', { Namespace: 'n', MetricData: [{ ...datum, ...more }] }, message);
    refusedDatum(
      { Dimensions: Array(31).fill({ Name: 'a', Value: 'b' }) },
      'InvalidParameterValue: The collection MetricData.member.1.Dimensions must not have a size greater than 30.',
    );
    refusedDatum(
      { MetricName: 'm'.repeat(256) },
      'InvalidParameterValue: The parameter MetricData.member.1.MetricName must be shorter than 256 characters.',
    );
    refusedDatum(
      { StorageResolution: 0 },
      'InvalidParameterValue: The parameter MetricData.member.1.StorageResolution must be greater than or equal to 1.',
    );
    refused(
      'cloudwatch ListMetrics',
      { Namespace: ':n' },
      'InvalidParameterValue: The value :n for parameter Namespace is invalid.',
    );
  });

  test('GetMetricData says ValidationError, and ends its last line', () => {
    refused(
      'cloudwatch GetMetricData',
      { StartTime: new Date(0), EndTime: new Date(1), MetricDataQueries: [{ Id: '' }] },
      'ValidationError: The parameter MetricDataQueries.member.1.Id is required.\n',
    );
  });
});

describe('S3', () => {
  const object = { Bucket: 'b', Key: 'k' };

  test('names a header that it does not know the value of', () => {
    const { code, message, fields } = refusal('s3 ListObjectsV2', { Bucket: 'b', EncodingType: 'base64' });
    assert.deepEqual([code, message], ['InvalidArgument', 'Invalid Encoding Method specified in Request']);
    assert.deepEqual(fields, { ArgumentName: 'encoding-type', ArgumentValue: 'base64' });
    refused(
      's3 PutObject',
      { ...object, StorageClass: 'COLD' },
      'InvalidStorageClass: The storage class you specified is not valid',
    );
    refused(
      's3 ListBuckets',
      { MaxBuckets: 0 },
      'InvalidArgument: Argument max-buckets must be an integer between 1 and 10000',
    );
    refused(
      's3 GetObjectAttributes',
      { ...object, ObjectAttributes: ['ETag', 'Colour'] },
      'InvalidArgument: Invalid attribute name specified.',
    );
    const missing = refusal('s3 GetObjectAttributes', object);
    assert.match(missing.message, /is either missing or empty$/);
    assert.deepEqual(missing.fields, { ArgumentName: 'x-amz-object-attributes' });
  });

  test('refuses a document as a whole', () => {
    const message = 'The XML you provided was not well-formed or did not validate against our published schema';
    const malformed = `MalformedXML: ${message}`;
    refused('s3 PutBucketVersioning', { Bucket: 'b', VersioningConfiguration: { Status: 'On' } }, malformed);
    refused('s3 DeleteObjects', { Bucket: 'b', Delete: { Objects: [{ VersionId: 'v' }] } }, malformed);
    refused('s3 DeleteObjects', { Bucket: 'b' }, 'MissingRequestBodyError: Request Body is empty');
    refused('s3 PutBucketPolicy', { Bucket: 'b' }, 'MissingRequestBodyError: Request Body is empty');
  });

  test('leaves open what is compared elsewhere', () => {
    check('s3 CreateMultipartUpload', { ...object, ChecksumAlgorithm: 'crc32', ChecksumType: 'composite' });
    check('s3 CreateBucket', { Bucket: 'b', CreateBucketConfiguration: { LocationConstraint: 'mars-1' } });
    check('s3 CopyObject', { ...object, CopySource: 'nonsense' });
  });

  test('does not look at a streamed body', () => {
    const Body = (async function* () {})();
    assert.equal(check('s3 PutObject', { ...object, Body }).Body, Body);
  });
});

describe('types', () => {
  test('are told in the words of AWS’s reader, without the member', () => {
    const mistyped = (input: Input) => refusal('logs PutLogEvents', input);
    assert.equal(mistyped({ logGroupName: 5 }).code, 'SerializationException');
    assert.equal(mistyped({ logGroupName: 5 }).message, 'NUMBER_VALUE can not be converted to a String');
    assert.equal(mistyped({ logGroupName: true }).message, 'TRUE_VALUE can not be converted to a String');
    assert.equal(mistyped({ logGroupName: {} }).message, 'Start of structure or map found where not expected.');
    assert.equal(mistyped({ logGroupName: [] }).message, 'Start of list found where not expected');
    assert.equal(mistyped({ logEvents: 'a' }).message, 'Expected list or null');
    assert.equal(mistyped({ logEvents: ['a'] }).message, 'Expected null');
    assert.equal(mistyped({ logEvents: [{ timestamp: '1' }] }).message, 'STRING_VALUE can not be converted to a Long');
    assert.equal(
      mistyped({ logEvents: [{ timestamp: 2 ** 60 }] }).message,
      'NUMBER_VALUE can not be converted to a Long',
    );
    assert.equal(refusal('logs CreateLogGroup', { tags: 'a' }).message, 'Expected map or null');
    assert.equal(
      refusal('logs GetLogEvents', { startFromHead: 'yes' }).message,
      'STRING_VALUE can not be converted to a Boolean',
    );
    assert.equal(
      refusal('logs GetLogEvents', { limit: 2 ** 31 }).message,
      'NUMBER_VALUE can not be converted to an Integer',
    );
  });

  test('have a code by protocol', () => {
    const input = { Namespace: 'n', MetricData: [{ MetricName: 'm', Timestamp: new Date(Number.NaN) }] };
    assert.equal(refusal('cloudwatch PutMetricData', input).code, 'MalformedInput');
    assert.equal(refusal('cloudwatch PutMetricData', input, 'rpc-v2-cbor').code, 'SerializationException');
    assert.equal(
      refusal('s3 PutObjectTagging', { Bucket: 'b', Key: 'k', Tagging: { TagSet: 'a' } }).code,
      'MalformedXML',
    );
  });

  test('a wrong type is told before a broken constraint', () => {
    assert.equal(refusal('logs PutLogEvents', { logStreamName: 'a:b', logEvents: 5 }).code, 'SerializationException');
  });
});

describe('what is admitted', () => {
  test('decimals become integers, nulls in lists and maps go', () => {
    const events = {
      logGroupName: 'g',
      logStreamName: 's',
      logEvents: [null, { timestamp: 1.9, message: 'a', more: 1 }],
    };
    assert.deepEqual(check('logs PutLogEvents', events).logEvents, [{ timestamp: 1, message: 'a', more: 1 }]);
    assert.deepEqual(check('logs CreateLogGroup', { logGroupName: 'g', tags: { a: null, b: 'c' } }).tags, { b: 'c' });
    const value = { Namespace: 'n', MetricData: [{ MetricName: 'm', Value: 1.5 }] };
    assert.equal(check('cloudwatch PutMetricData', value), value, 'an input without either is handed back as it is');
  });

  test('members that the model does not know, names of Object’s own among them', () => {
    const input = JSON.parse('{"logGroupName":"g","colour":null,"constructor":5,"__proto__":{"x":1}}');
    check('logs CreateLogGroup', input);
    assert.match(refusal('logs CreateLogGroup', Object.create({ logGroupName: 'g' })).message, /^Expected null$/);
  });

  test('lengths count characters, not halves of them', () => {
    const message = (count: number) => ({ Namespace: 'n', MetricData: [{ MetricName: '😀'.repeat(count) }] });
    check('cloudwatch PutMetricData', message(255));
    assert.match(refusal('cloudwatch PutMetricData', message(256)).message, /shorter than 256/);
  });

  test('numbers that are none are a metric’s affair', () => {
    check('cloudwatch PutMetricData', { Namespace: 'n', MetricData: [{ MetricName: 'm', Value: Number.NaN }] });
  });
});

test('an operation that is not in the table is a mistake of ours', () => {
  assert.throws(() => check('iam CreateUser', {}), /CreateUser is not in the table/);
});
