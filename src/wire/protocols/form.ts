import { AwsFault } from '../fault.ts';
import { parseQuery } from '../message.ts';
import type { NormalizedSchema } from '../schemas.ts';
import type { WireValue } from './protocol.ts';

/** A form field, or fields by the next part of their names. Without prototype, since names come from outside. */
type FormNode = string | { [part: string]: FormNode };

/** Reads one value as the schema says: dates, numbers, blobs. */
export type ReadText = (schema: NormalizedSchema, text: string) => unknown;

const maximumFields = 10_000;
const maximumDepth = 32;

/** Before a form is taken apart, which takes long when it is nothing but separators. @throws AwsFault MalformedInput. */
export function checkSize(text: string): void {
  let at = -1;
  for (let fields = 0; fields < maximumFields; fields++) {
    at = text.indexOf('&', at + 1);
    if (at < 0) return;
  }
  throw malformed(`more than ${maximumFields} parameters`);
}

/** `Tags.member.1.Key=a&Tags.member.1.Value=b` as a tree by the dots. */
export function parseForm(text: string): { [part: string]: FormNode } {
  const pairs = parseQuery(text);
  const root: { [part: string]: FormNode } = Object.create(null);
  for (const [name, value] of pairs) {
    const parts = name.split('.');
    if (parts.length > maximumDepth) throw malformed('a parameter name is nested too deeply');
    let node = root;
    for (const part of parts.slice(0, -1)) {
      const next = node[part];
      const child: FormNode = typeof next === 'object' ? next : Object.create(null);
      node[part] = child;
      node = child as { [part: string]: FormNode };
    }
    node[parts.at(-1) as string] ??= value;
  }
  return root;
}

/**
 * The members that the form holds, by the rules of the query protocol: a list is `NAME.member.N`, or `NAME.N` where flattened,
 * a map `NAME.entry.N.key`. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function readForm(schema: NormalizedSchema, node: FormNode, text: ReadText): unknown {
  if (typeof node === 'string') {
    // `Tags=` is how a client sends an empty list.
    if (schema.isListSchema()) return node === '' ? [] : undefined;
    if (schema.isMapSchema() || schema.isStructSchema()) return node === '' ? {} : undefined;
    return text(schema, node);
  }
  if (schema.isListSchema()) return readList(schema, node, text);
  if (schema.isMapSchema()) return readMap(schema, node, text);
  return schema.isStructSchema() ? readStruct(schema, node, text) : undefined;
}

function readStruct(schema: NormalizedSchema, node: { [part: string]: FormNode }, text: ReadText): WireValue {
  const value: WireValue = {};
  for (const [member, memberSchema] of schema.structIterator()) {
    const field = node[memberSchema.getMergedTraits().xmlName ?? member];
    const read = field === undefined ? undefined : readForm(memberSchema, field, text);
    if (read !== undefined) value[member] = read;
  }
  return value;
}

function readList(schema: NormalizedSchema, node: { [part: string]: FormNode }, text: ReadText): unknown[] {
  const member = schema.getValueSchema();
  const flattened = schema.getMergedTraits().xmlFlattened;
  const items = flattened ? node : node[member.getMergedTraits().xmlName ?? 'member'];
  return numbered(items).map((item) => readForm(member, item, text));
}

function readMap(schema: NormalizedSchema, node: { [part: string]: FormNode }, text: ReadText): WireValue {
  const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
  const entries = schema.getMergedTraits().xmlFlattened ? node : node.entry;
  const map: WireValue = Object.create(null);
  for (const entry of numbered(entries)) {
    if (typeof entry === 'string') continue;
    const name = entry[key.getMergedTraits().xmlName ?? 'key'];
    const content = entry[value.getMergedTraits().xmlName ?? 'value'];
    if (typeof name === 'string' && content !== undefined) map[name] = readForm(value, content, text);
  }
  return { ...map };
}

/** The values under 1, 2, 3 … in that order. Clients may leave gaps. */
function numbered(node: FormNode | undefined): FormNode[] {
  if (node === undefined || typeof node === 'string') return [];
  return Object.keys(node)
    .filter((part) => /^[0-9]{1,6}$/.test(part))
    .sort((a, b) => Number(a) - Number(b))
    .map((part) => node[part] as FormNode);
}

function malformed(reason: string): AwsFault {
  return new AwsFault({ code: 'MalformedInput', status: 400, message: `The request cannot be read: ${reason}.` });
}
