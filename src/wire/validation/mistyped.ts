import type { ShapeType } from '../constraints/constraints.ts';
import { AwsFault } from '../fault.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { valueText } from './text.ts';
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

/** In JSON and CBOR as AWS's readers say it; a form's values are all strings, so there it is a value that cannot be read. */
export function mistyped(mismatch: Mismatch, protocol: Protocol['name']): AwsFault {
  if (protocol === 'query') {
    const message = `${valueText(mismatch.value)} at ${mismatch.path.join('.')} is not a valid ${mismatch.expected}.`;
    return new AwsFault({ code: 'MalformedInput', status: 400, message });
  }
  return new AwsFault({ code: 'SerializationException', status: 400, message: serializationMessage(mismatch) });
}

/** The words of AWS's JSON reader, as Athena and SES were seen to answer in 2026. They name no member, so neither do we. */
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
    case 'bigint':
      return 'NUMBER_VALUE';
    default:
      return 'STRING_VALUE';
  }
}
