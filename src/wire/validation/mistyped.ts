import type { ShapeType } from '../constraints/constraints.ts';
import { AwsFault } from '../fault.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { isRecord } from './types.ts';
import type { Mismatch } from './violation.ts';

const javaName: Readonly<Record<ShapeType, string>> = {
  structure: 'a Structure',
  list: 'a List',
  map: 'a Map',
  string: 'a String',
  integer: 'an Integer',
  long: 'a Long',
  float: 'a Float',
  double: 'a Double',
  boolean: 'a Boolean',
  blob: 'a Blob',
  timestamp: 'a Timestamp',
};

/** The same words in all protocols; query has another code for them ("MalformedInput: Start of list found where not expected"). */
export function mistyped(mismatch: Mismatch, protocol: Protocol['name']): AwsFault {
  const code = protocol === 'query' ? 'MalformedInput' : 'SerializationException';
  return new AwsFault({ code, status: 400, message: serializationMessage(mismatch) });
}

/** As Athena and SES were seen to answer in 2026. AWS names no member. */
function serializationMessage({ value, expected }: Mismatch): string {
  if (Array.isArray(value)) return 'Start of list found where not expected';
  if (isRecord(value)) return 'Start of structure or map found where not expected.';
  if (expected === 'list') return 'Expected list or null';
  if (expected === 'map') return 'Expected map or null';
  if (expected === 'structure') return 'Expected null';
  return `${tokenOf(value)} can not be converted to ${javaName[expected]}`;
}

/** The names of JSON's tokens in Jackson. */
function tokenOf(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
    case 'number':
      return 'NUMBER_VALUE';
    default:
      return 'STRING_VALUE';
  }
}
