/** What is done to requests: to the values of their input before they are written, and to what was written. */
import type { Random } from '../../../src/random/index.ts';
import type { Draft } from './encodings.ts';
import { isStructure } from './encodings.ts';
import { pick, type Value } from './inputs.ts';

type Input = { readonly [name: string]: Value };

const strange: readonly ((random: Random) => Value)[] = [
  () => null,
  () => '',
  () => ' ',
  () => 0,
  () => -1,
  () => 1.5,
  () => 2 ** 53,
  () => 1e308,
  () => -(2 ** 31) - 1,
  () => '9'.repeat(40),
  () => 'NaN',
  () => '-Infinity',
  () => true,
  () => [],
  () => ({}),
  () => [null],
  () => nested(30),
  () => nested(600),
  () => 'x'.repeat(70_000),
  () => 'é'.repeat(1100),
  () => '\u0000',
  () => 'a\u0001b\u001f',
  () => '\ud800',
  () => '\ufffe\uffff',
  () => '__proto__',
  () => 'constructor',
  () => '../../../../etc/passwd',
  () => '/',
  () => '//',
  () => '%2e%2e%2f',
  () => '%',
  () => '*',
  () => '🐕'.repeat(300),
  () => "' OR 1=1; --",
  () => ']]>&<!--',
  () => 'arn:aws:iam::000000000000:role/',
  () => 'arn:aws:s3:::' as Value,
  () => 'bytes=-0',
  () => 'bytes=18446744073709551616-',
  () => '{"Version":"2012-10-17","Statement":[]}',
  () => `{"Statement":${'['.repeat(2000)}`,
  () => '$&$1',
  () => new Date(8.64e15),
  () => new Date(-8.64e15),
  () => new Date(0),
  () => Buffer.alloc(300, 0xff),
  (random) => Array.from({ length: 1 + random.integer(1200) }, (_, index) => `item-${index}`),
  (random) => random.integer(2 ** 31),
];

function nested(depth: number): Value {
  let value: Value = 'deep';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** One value somewhere in the input becomes something else, goes away, or gets company. */
export function mutateInput(input: Input, random: Random): Input {
  const kind = random.integer(10);
  if (kind === 0)
    return { ...input, [pick(['__proto__', 'unknown', 'toString', ''], random)]: pick(strange, random)(random) };
  const names = Object.keys(input);
  if (names.length === 0) return input;
  const name = pick(names, random);
  if (kind === 1) {
    const { [name]: _gone, ...rest } = input;
    return rest;
  }
  return { ...input, [name]: mutateValue(input[name] ?? null, random) };
}

function mutateValue(value: Value, random: Random): Value {
  const deeper = random.next() < 0.7;
  if (deeper && Array.isArray(value) && value.length > 0) {
    const at = random.integer(value.length);
    if (random.next() < 0.2) return [...value, ...value];
    return value.map((item, index) => (index === at ? mutateValue(item, random) : item));
  }
  if (deeper && isStructure(value)) return mutateInput(value, random);
  if (typeof value === 'string' && random.next() < 0.4) return mutateText(value, random);
  return pick(strange, random)(random);
}

function mutateText(text: string, random: Random): string {
  const at = random.integer(text.length + 1);
  const kind = random.integer(4);
  if (kind === 0) return text.slice(0, at) + pick(pieces, random) + text.slice(at);
  if (kind === 1) return text.slice(0, at);
  if (kind === 2) return text + text;
  return text.slice(0, at) + String.fromCharCode(random.integer(0x300)) + text.slice(at + 1);
}

const pieces = [
  '\u0000',
  '"',
  '{',
  '<',
  '&',
  '%00',
  '../',
  ';',
  ',',
  '=',
  'é',
  '\ud83d',
  '.',
  '9'.repeat(40),
  '\r\n',
  ' ',
  '*',
  '${',
  '#',
];

/** Documents that are deeper than any parser should follow. */
const deepBodies: readonly (() => Uint8Array)[] = [
  () => Buffer.from('['.repeat(50_000)),
  () => Buffer.from('{"a":'.repeat(20_000)),
  () => Buffer.from('<a>'.repeat(20_000)),
  () => Buffer.from('<a>'.repeat(5000) + '</a>'.repeat(5000)),
  () => Buffer.from(`Action=ListRoles&${'a.'.repeat(20_000)}=b`),
  () => Buffer.alloc(50_000, 0x81),
  () => Buffer.concat([Buffer.from([0xa1, 0x61, 0x61]), Buffer.alloc(20_000, 0xc1)]),
  () => Buffer.from([0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
  () => Buffer.from([0xbf, 0x7f, 0x61]),
  () => Buffer.from('<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'),
  () => Buffer.from('1f8b0800000000000003', 'hex'),
];

/** Bytes of the body are flipped, cut out, doubled or put in. */
export function mutateBytes(body: Uint8Array, random: Random): Uint8Array {
  if (random.next() < 0.04) return pick(deepBodies, random)();
  let bytes = Buffer.from(body);
  for (let hits = random.integer(3); hits >= 0; hits--) {
    const at = random.integer(bytes.length + 1);
    const kind = random.integer(6);
    if (kind === 0 && at < bytes.length) bytes[at] = random.integer(256);
    else if (kind === 1 && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(8));
    else if (kind === 2) bytes = bytes.subarray(0, at);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.integer(40))]);
    else if (kind === 4)
      bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(pieces, random)), bytes.subarray(at)]);
    else
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + random.integer(100)), bytes.subarray(at)]);
  }
  return bytes;
}

const headerPool: readonly (readonly [string, readonly string[]])[] = [
  ['content-encoding', ['gzip', 'aws-chunked', 'gzip, aws-chunked', 'identity', 'br']],
  [
    'content-type',
    [
      '',
      'application/json',
      'text/xml',
      'application/x-www-form-urlencoded',
      'application/cbor',
      'multipart/form-data',
      'a/b; charset=utf-16',
    ],
  ],
  [
    'x-amz-target',
    [
      '',
      '.',
      'Logs_20140328.',
      'Logs_20140328.PutLogEvents',
      'GraniteServiceVersion20100801.ListMetrics',
      'SageMaker.ListModels',
      '__proto__.constructor',
      'Logs_20140328.toString',
    ],
  ],
  ['smithy-protocol', ['rpc-v2-cbor', 'rpc-v2-json']],
  ['x-amzn-query-mode', ['true', 'false']],
  ['content-md5', ['', 'AAAA', 'AAAAAAAAAAAAAAAAAAAAAA==', '!']],
  ['x-amz-checksum-crc32', ['', 'AAAAAA==', 'AAAA', 'x']],
  ['x-amz-checksum-sha256', ['AAAA', '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=']],
  ['x-amz-sdk-checksum-algorithm', ['CRC32', 'CRC64NVME', 'NONE', 'sha256']],
  ['x-amz-trailer', ['x-amz-checksum-crc32', 'x-amz-checksum-nothing', '']],
  ['x-amz-decoded-content-length', ['0', '5', '-1', '1e9', '99999999999999999999']],
  [
    'x-amz-copy-source',
    ['', '/', '/bucket/kept', 'bucket', '/bucket/kept?versionId=', '/bucket/%', 'bucket/%00', '/../kept'],
  ],
  ['x-amz-copy-source-range', ['bytes=0-1', 'bytes=0-', 'bytes=9-1', 'x']],
  ['x-amz-tagging', ['a=b', 'a', '=', 'a=b&a=c', '%', `${'k='.repeat(20)}`]],
  ['x-amz-meta-a', ['', 'x'.repeat(3000), '=?UTF-8?B?w6k=?=']],
  ['x-amz-acl', ['private', 'public-read', 'x']],
  ['x-amz-storage-class', ['STANDARD', 'GLACIER', 'x']],
  ['x-amz-server-side-encryption', ['AES256', 'aws:kms', 'x']],
  ['x-amz-expected-bucket-owner', ['000000000000', '111111111111', 'x']],
  ['range', ['bytes=0-4', 'bytes=-1', 'bytes=5-1', 'bytes=0-0,2-3', 'bytes', 'x', `bytes=0-${'9'.repeat(30)}`]],
  ['if-match', ['*', '""', '"x"', 'x', '"a", "b"']],
  ['if-none-match', ['*', '"x"']],
  ['if-modified-since', ['x', 'Thu, 01 Jan 1970 00:00:00 GMT', 'Thu, 01 Jan 99999 00:00:00 GMT']],
  ['if-unmodified-since', ['x', 'Thu, 01 Jan 1970 00:00:00 GMT']],
  ['x-amz-part-number', ['0', '1', '10001']],
  ['x-amz-mp-object-size', ['0', '-1', 'x']],
  ['x-amz-object-attributes', ['', 'ETag', 'ETag,x', 'ObjectParts']],
  ['expires', ['0', 'x', 'Thu, 01 Jan 1970 00:00:00 GMT']],
  ['accept', ['application/cbor', 'x']],
  ['origin', ['http://localhost', 'null', 'https://evil.example']],
  ['x-amz-security-token', ['x', '', 'x'.repeat(5000)]],
];

const queryPool = [
  'versionId=',
  'versionId=null',
  'uploads',
  'uploadId=x',
  'partNumber=0',
  'partNumber=x',
  'list-type=2',
  'list-type=3',
  'policy',
  'tagging',
  'acl',
  'versioning',
  'versions',
  'delete',
  'max-keys=-1',
  'max-keys=0',
  'max-keys=x',
  'prefix=%',
  'prefix=%ff',
  'delimiter=',
  'delimiter=%00',
  'encoding-type=url',
  'encoding-type=x',
  'continuation-token=x',
  'marker=%f0%9f',
  'response-content-type=%0d%0ax:y',
  'response-expires=x',
  'attributes',
  'x-id=GetObject',
  'Action=ListRoles',
  'location',
  '=',
  '%',
  'a=b=c',
  'logging',
  'cors',
  'restore',
  'select&select-type=2',
  'torrent',
  'legal-hold',
  'object-lock',
];

const paths = [
  '/',
  '//',
  '/bucket',
  '/bucket/',
  '/bucket//',
  '/bucket/..',
  '/bucket/%2e%2e/x',
  '/bucket/%00',
  '/bucket/%ff',
  '/bucket/%',
  '/..',
  '/%2e%2e',
  '/_whippet/v1/status',
  '/_whippet/v1/x',
  '/_whippet',
  '/BUCKET/a',
  '/a',
  '/service/GraniteServiceVersion20100801/operation/PutMetricData',
  '/service/x/operation/y',
  '/*',
  '/bucket/kept/',
  '/bucket/a%2Fb',
  '/bucket/a+b',
  `/bucket/${'k'.repeat(1100)}`,
];

/** Method, path, query or headers change; what comes out can still be written by an HTTP client. */
export function mutateHead(draft: Draft, random: Random): Draft {
  const kind = random.integer(6);
  if (kind === 0)
    return { ...draft, method: pick(['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'], random) };
  const [path = '/', query = ''] = draft.target.split(/\?(.*)/s);
  if (kind === 1) return { ...draft, target: `${pick(paths, random)}${query === '' ? '' : `?${query}`}` };
  if (kind === 2) {
    const added = pick(queryPool, random);
    return { ...draft, target: `${path}?${query === '' ? added : `${query}&${added}`}` };
  }
  if (kind === 3) {
    const changed = Buffer.from(mutateBytes(Buffer.from(draft.target), random)).toString('latin1');
    const target = changed.replace(
      /[^\x21-\x22\x24-\x7e]/g,
      (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
    return { ...draft, target: target.startsWith('/') ? target : `/${target}` };
  }
  const [name, values] = pick(headerPool, random);
  return { ...draft, headers: { ...draft.headers, [name]: pick(values, random) } };
}
