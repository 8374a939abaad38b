import type { Scope } from './claim.ts';
import type { Dialect } from './dialect.ts';
import { malformedToken } from './faults.ts';

/** `KEY/20150830/us-east-1/s3/aws4_request`. @returns a text that says what is wrong with it. */
export function readCredential(text: string): { accessKeyId: string; scope: Scope } | CredentialFlaw {
  const parts = text.split('/');
  const [accessKeyId = '', date = '', region = '', service = '', end] = parts;
  // Names appear in paths, tables and logs: nothing but what names are made of.
  const isNamed = [accessKeyId, region, service].every((part) => /^[\w.-]{1,128}$/.test(part));
  if (parts.length !== 5 || !isNamed) return 'elements';
  if (end !== 'aws4_request') return 'end';
  if (!/^\d{8}$/.test(date)) return 'date';
  return { accessKeyId, scope: { date, region, service } };
}

export type CredentialFlaw = 'elements' | 'end' | 'date';

/** yyyyMMdd'T'HHmmss'Z' of such a date or of an HTTP date. Undefined for anything else. */
export function isoDate(text: string): string | undefined {
  if (/^\d{8}T\d{6}Z$/.test(text)) return Number.isNaN(timeOf(text)) ? undefined : text;
  // RFC 9110 §5.6.7; Date.parse alone takes almost anything.
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (GMT|UTC|\+0000)$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : basicIso(new Date(time));
}

/** Milliseconds since 1970 of yyyyMMdd'T'HHmmss'Z'; NaN for the 31st of June and the like. */
export function timeOf(date: string): number {
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const time = Date.parse(iso);
  return !Number.isNaN(time) && basicIso(new Date(time)) === date ? time : Number.NaN;
}

/** yyyyMMdd'T'HHmmss'Z' */
export function basicIso(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** Syntax only; whether the token is the key's is for those who gave it out. @throws AwsFault */
export function sessionTokenOf(text: string | undefined, dialect: Dialect): string | undefined {
  if (text !== undefined && !/^[\x21-\x7e]{1,16384}$/.test(text)) throw malformedToken(dialect);
  return text;
}

/**
 * `host;x-amz-date` → names. Undefined for anything but field names (RFC 9110 §5.1) in lower case: with a line break in a name, what
 * was signed for one request could be read as another.
 */
export function readSignedHeaders(text: string): readonly string[] | undefined {
  const names = text.split(';');
  return names.every((name) => /^[!#$%&'*+.^_`|~\da-z-]+$/.test(name)) ? names : undefined;
}
