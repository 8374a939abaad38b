/** Inputs as requests, in each protocol: also inputs that no client would send, so nothing here minds what a value is. */
import { createHash } from 'node:crypto';
import { cbor, tag } from '@smithy/core/cbor';
import type { OperationModel, ServiceModel } from '../../../src/wire/index.ts';
import { percentEncode } from '../signing.ts';
import type { Value } from './inputs.ts';

export type ProtocolName = 'json' | 'query' | 'cbor' | 'rest-xml';

/** A request before it has a host and a signature. */
export interface Draft {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

type Input = { readonly [name: string]: Value };
type Schema = OperationModel['input'];

export function encode(
  protocol: ProtocolName,
  input: Input,
  operation: { service: ServiceModel; model: OperationModel },
): Draft {
  return encoders[protocol](input, operation.service, operation.model);
}

type Encoder = (input: Input, service: ServiceModel, operation: OperationModel) => Draft;

const encoders: Readonly<Record<ProtocolName, Encoder>> = {
  json: (input, { target, name }, operation) =>
    post('/', JSON.stringify(input, jsonValue), {
      'content-type': `application/x-amz-json-${name === 'logs' ? '1.1' : '1.0'}`,
      'x-amz-target': `${target}.${operation.name}`,
      ...(name === 'cloudwatch' && { 'x-amzn-query-mode': 'true' }),
    }),
  query: (input, { name }, operation) => {
    const pairs = [`Action=${operation.name}`, `Version=${versions[name]}`];
    form(input, operation.input, {
      name: '',
      add: (key, value) => pairs.push(`${percentEncode(key)}=${percentEncode(value)}`),
    });
    return post('/', pairs.join('&'), { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' });
  },
  cbor: (input, { target }, operation) =>
    post(`/service/${target}/operation/${operation.name}`, cbor.serialize(cborValue(input)), {
      'smithy-protocol': 'rpc-v2-cbor',
      'content-type': 'application/cbor',
      accept: 'application/cbor',
    }),
  'rest-xml': restXml,
};

const versions: Readonly<Record<string, string>> = { iam: '2010-05-08', sts: '2011-06-15', cloudwatch: '2010-08-01' };

function post(target: string, body: string | Uint8Array, headers: Draft['headers']): Draft {
  return { method: 'POST', target, headers, body: typeof body === 'string' ? Buffer.from(body) : body };
}

/** Called with the holder as `this`, since dates are texts by the time a replacer sees them. */
function jsonValue(this: Record<string, unknown>, name: string, value: unknown): unknown {
  const own = this[name];
  if (own instanceof Date) return own.getTime() / 1000;
  return own instanceof Uint8Array ? Buffer.from(own).toString('base64') : value;
}

function cborValue(value: Value): unknown {
  if (value instanceof Date) return tag({ tag: 1, value: value.getTime() / 1000 });
  if (Array.isArray(value)) return value.map(cborValue);
  if (!isStructure(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, content]) => [name, cborValue(content)]));
}

interface FormPlace {
  readonly name: string;
  readonly add: (name: string, value: string) => void;
}

function form(value: Value, schema: Schema | undefined, { name, add }: FormPlace): void {
  const below = (part: string): string => (name === '' ? part : `${name}.${part}`);
  if (Array.isArray(value)) {
    const member = schema?.isListSchema() ? schema.getValueSchema() : undefined;
    if (value.length === 0) add(name, '');
    for (const [index, item] of value.entries()) form(item, member, { name: below(`member.${index + 1}`), add });
  } else if (isStructure(value)) {
    const members = membersOf(schema);
    for (const [key, content] of Object.entries(value)) form(content, members[key], { name: below(key), add });
  } else add(name, textOf(value));
}

function restXml(input: Input, _service: ServiceModel, { http, input: schema, name }: OperationModel): Draft {
  const members = membersOf(schema);
  const headers: Record<string, string> = {};
  const query = http.query.map(([key, value]) => (value === '' ? key : `${key}=${value}`));
  let path = http.path;
  let body: Uint8Array = new Uint8Array();
  const inBody: string[] = [];
  for (const [member, value] of Object.entries(input)) {
    const traits = members[member]?.getMergedTraits() ?? {};
    if (traits.httpLabel) path = path.replace(new RegExp(`\\{${member}\\+?\\}`), () => labelOf(textOf(value)));
    else if (traits.httpQuery) query.push(`${percentEncode(traits.httpQuery)}=${percentEncode(textOf(value))}`);
    else if (traits.httpHeader) headers[traits.httpHeader.toLowerCase()] = headerText(value);
    else if (traits.httpPrefixHeaders !== undefined) {
      for (const [key, content] of Object.entries(isStructure(value) ? value : {})) {
        headers[`${traits.httpPrefixHeaders}${key.replace(/[^a-z0-9-]/gi, '-')}`] = headerText(content);
      }
    } else if (traits.httpPayload && !members[member]?.isStructSchema()) body = bytesOf(value);
    else if (traits.httpPayload) body = Buffer.from(xml(String(traits.xmlName ?? member), value, members[member]));
    else inBody.push(member);
  }
  if (inBody.length > 0) {
    const content = Object.fromEntries(inBody.map((member) => [member, input[member] ?? null]));
    body = Buffer.from(xml(name, content, schema));
  }
  delete headers['content-length'];
  // S3 wants a digest of what it is to delete.
  if (name === 'DeleteObjects') headers['content-md5'] ??= createHash('md5').update(body).digest('base64');
  return { method: http.method, target: query.length > 0 ? `${path}?${query.join('&')}` : path, headers, body };
}

/** Without prototype: names may be anything. */
function membersOf(schema: Schema | undefined): Readonly<Record<string, Schema>> {
  return Object.assign(Object.create(null), schema?.isStructSchema() ? schema.getMemberSchemas() : {});
}

function labelOf(text: string): string {
  return text.split('/').map(percentEncode).join('/');
}

function headerText(value: Value): string {
  if (value instanceof Date) return value.toUTCString();
  return Array.isArray(value) ? value.map(textOf).join(',') : textOf(value);
}

function xml(name: string, value: Value, schema: Schema | undefined): string {
  if (Array.isArray(value)) {
    const traits = schema?.getMergedTraits() ?? {};
    const member = schema?.isListSchema() ? schema.getValueSchema() : undefined;
    const itemName = traits.xmlFlattened ? name : String(member?.getMergedTraits().xmlName ?? 'member');
    const items = value.map((item) => xml(itemName, item, member)).join('');
    return traits.xmlFlattened ? items : `<${name}>${items}</${name}>`;
  }
  if (!isStructure(value)) return `<${name}>${escapeXml(textOf(value))}</${name}>`;
  const members = membersOf(schema);
  const content = Object.entries(value).map(([key, item]) =>
    xml(String(members[key]?.getMergedTraits().xmlName ?? key), item, members[key]),
  );
  return `<${name}>${content.join('')}</${name}>`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

export function isStructure(value: Value): value is { readonly [name: string]: Value } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}

function textOf(value: Value): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'never' : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function bytesOf(value: Value): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(textOf(value));
}
