import { AwsFault } from '../fault.ts';
import { parseQuery, type WireRequest, type WireResponse } from '../message.ts';
import type { OperationModel } from '../model.ts';
import { type NormalizedSchema, textCodec } from '../schemas.ts';
import { bodyLimit, type WireValue } from './protocol.ts';
import { decodeLabel } from './route.ts';

/** What differs between REST-XML and REST-JSON: documents. */
export interface DocumentCodec {
  /** @throws anything when the document cannot be read. */
  read(schema: NormalizedSchema, body: Uint8Array): unknown;
  write(schema: NormalizedSchema, value: unknown): string;
  readonly contentType: string;
  readonly malformed: () => AwsFault;
}

const text = textCodec();

/** The input's members from path, query, headers and body. https://smithy.io/2.0/spec/http-bindings.html */
export async function readBindings(
  request: WireRequest,
  {
    operation,
    labels,
    codec,
  }: { operation: OperationModel; labels: ReadonlyMap<string, string>; codec: DocumentCodec },
): Promise<WireValue> {
  const value: WireValue = {};
  if (operation.input.isUnitSchema()) return value;
  const query = parseQuery(request.rawQuery);
  const inBody: string[] = [];
  for (const [name, member] of operation.input.structIterator()) {
    const { httpLabel, httpQuery, httpHeader, httpPrefixHeaders, httpPayload } = member.getMergedTraits();
    let read: unknown;
    if (httpLabel) read = readLabel(labels.get(name) ?? '');
    else if (httpQuery) read = readQuery(member, httpQuery, query);
    else if (httpHeader) read = readText(member, httpHeader, request.headers.get(httpHeader.toLowerCase()));
    else if (httpPrefixHeaders !== undefined) read = prefixed(httpPrefixHeaders, request);
    else if (httpPayload) read = await readPayload(member, request, codec);
    else inBody.push(name);
    if (read !== undefined) value[name] = read;
  }
  if (inBody.length > 0) await readDocument(request, { value, inBody, codec, schema: operation.input });
  return value;
}

function readLabel(raw: string): string {
  const label = decodeLabel(raw);
  if (label !== undefined) return label;
  throw new AwsFault({ code: 'InvalidURI', status: 400, message: "Couldn't parse the specified URI." });
}

function readQuery(member: NormalizedSchema, name: string, query: readonly (readonly [string, string])[]): unknown {
  const values = query.filter(([other]) => other === name).map(([, value]) => value);
  if (member.isListSchema()) {
    return values.length > 0 ? values.map((value) => readText(member.getValueSchema(), name, value)) : undefined;
  }
  return readText(member, name, values[0]);
}

/**
 * Numbers in parameters and headers are whole ones in every model. A date that cannot be read is as if it were not there: RFC 9110 says
 * so of conditional headers.
 * @throws AwsFault InvalidArgument.
 */
function readText(member: NormalizedSchema, name: string, value: string | undefined): unknown {
  if (value === undefined) return undefined;
  if (member.isNumericSchema() && !/^-?[0-9]{1,19}$/.test(value)) {
    throw new AwsFault({
      code: 'InvalidArgument',
      status: 400,
      message: `Provided ${name} not an integer or within integer range`,
      fields: { ArgumentName: name, ArgumentValue: value },
    });
  }
  try {
    return text.reader.read(member, value);
  } catch {
    return undefined;
  }
}

function prefixed(prefix: string, request: WireRequest): WireValue | undefined {
  const found = [...request.headers].filter(([name]) => name.startsWith(prefix.toLowerCase()));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

async function readPayload(member: NormalizedSchema, request: WireRequest, codec: DocumentCodec): Promise<unknown> {
  if (member.isStreaming()) return request.stream();
  const body = await request.buffer(bodyLimit);
  if (body.length === 0) return undefined;
  if (member.isBlobSchema()) return body;
  if (member.isStringSchema()) return Buffer.from(body).toString('utf8');
  return parseDocument(member, body, codec);
}

async function readDocument(
  request: WireRequest,
  {
    value,
    inBody,
    codec,
    schema,
  }: { value: WireValue; inBody: string[]; codec: DocumentCodec; schema: NormalizedSchema },
): Promise<void> {
  const body = await request.buffer(bodyLimit);
  if (body.length === 0) return;
  const document = parseDocument(schema, body, codec) as WireValue;
  for (const name of inBody) if (document[name] !== undefined) value[name] = document[name];
}

function parseDocument(schema: NormalizedSchema, body: Uint8Array, codec: DocumentCodec): unknown {
  try {
    return codec.read(schema, body);
  } catch {
    throw codec.malformed();
  }
}

export interface BoundOutput {
  readonly headers: Record<string, string>;
  /** Set where a member is the whole body. */
  readonly payload?: { readonly schema: NormalizedSchema; readonly value: unknown };
}

/** The output's members that are headers, and the one that is the body. What is left is the document's. */
export function bindOutput(output: WireValue, schema: NormalizedSchema): BoundOutput {
  const headers: Record<string, string> = {};
  let payload: BoundOutput['payload'];
  for (const [name, member] of schema.structIterator()) {
    const value = output[name];
    const { httpHeader, httpPrefixHeaders, httpPayload } = member.getMergedTraits();
    if (value === undefined || value === null) continue;
    if (httpHeader) {
      text.writer.write(member, value);
      headers[httpHeader] = text.writer.flush();
    } else if (httpPrefixHeaders !== undefined) {
      for (const [key, item] of Object.entries(value)) headers[httpPrefixHeaders + key] = String(item);
    } else if (httpPayload) payload = { schema: member, value };
  }
  return payload ? { headers, payload } : { headers };
}

/** Members of neither header nor payload. */
export function inDocument(member: NormalizedSchema): boolean {
  const { httpHeader, httpPrefixHeaders, httpPayload, httpResponseCode } = member.getMergedTraits();
  return !httpHeader && httpPrefixHeaders === undefined && !httpPayload && !httpResponseCode;
}

export function payloadBody(
  { schema, value }: { schema: NormalizedSchema; value: unknown },
  codec: DocumentCodec,
): NonNullable<WireResponse['body']> {
  if (schema.isStructSchema()) return codec.write(schema, value);
  return value as NonNullable<WireResponse['body']>;
}
