/** What ListObjects, ListObjectsV2 and ListObjectVersions have in common in their answers. */
import type { _Object, CommonPrefix, EncodingType, ObjectStorageClass } from '@aws-sdk/client-s3';
import { invalidArgument } from './errors.ts';
import type { ListedObject } from './key-listing.ts';
import type { ListingPosition } from './listing.ts';
import type { Checksum } from './objects.ts';

export const maximumKeys = 1000;

/** How names are written: XML 1.0 has no way to write some characters, so clients may ask for another encoding. */
export type WriteName = (name: string) => string;

export function nameWriter(encoding: EncodingType | undefined): WriteName {
  return encoding === 'url' ? formEncoded : (name) => name;
}

/** As S3 does it: like a form, a space becomes '+'; slashes stay. */
function formEncoded(name: string): string {
  if (/^[A-Za-z0-9/._*-]*$/.test(name)) return name;
  return encodeURIComponent(name)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function listedObject(row: ListedObject, name: WriteName): _Object {
  return {
    Key: name(row.key),
    LastModified: shownTime(row.modified),
    ETag: `"${row.etag}"`,
    ...checksumOf(row.checksum),
    Size: row.size,
    StorageClass: storageClass(row.headers),
  };
}

/** S3 keeps whole seconds: a listing says what the Last-Modified header says. */
export function shownTime(milliseconds: number): Date {
  return new Date(milliseconds - (milliseconds % 1000));
}

export function checksumOf(json: string | null): Pick<_Object, 'ChecksumAlgorithm' | 'ChecksumType'> {
  if (json === null) return {};
  const { algorithm, type } = JSON.parse(json) as Checksum;
  return { ChecksumAlgorithm: [algorithm], ChecksumType: type };
}

/** Most objects have none, which a look at the text tells. */
export function storageClass(headers: string): ObjectStorageClass {
  if (!headers.includes('"StorageClass"')) return 'STANDARD';
  return (JSON.parse(headers) as { StorageClass?: ObjectStorageClass }).StorageClass ?? 'STANDARD';
}

export function commonPrefixes(prefixes: readonly string[], name: WriteName): CommonPrefix[] {
  return prefixes.map((prefix) => ({ Prefix: name(prefix) }));
}

/** An opaque token for a position, and back. */
export function writeToken({ kind, text }: ListingPosition): string {
  return Buffer.from(`${kind === 'key' ? 'k' : 'p'}${text}`).toString('base64url');
}

/** @throws AwsFault InvalidArgument for what was never such a token. */
export function readToken(token: string): ListingPosition {
  const text = Buffer.from(token, 'base64url').toString();
  const kind = { k: 'key', p: 'prefix' }[text[0] ?? ''] as ListingPosition['kind'] | undefined;
  const position = kind && { kind, text: text.slice(1) };
  if (position && writeToken(position) === token) return position;
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
}

const largestInteger = 2 ** 31 - 1;

/** Larger pages than S3 gives are cut, as S3 cuts them. @throws AwsFault InvalidArgument for what is no number of entries. */
export function pageSize(requested: number | undefined): number {
  if (requested === undefined) return maximumKeys;
  const value = String(requested);
  if (!Number.isInteger(requested) || requested > largestInteger) {
    throw invalidArgument('Provided max-keys not an integer or within integer range', 'max-keys', value);
  }
  if (requested < 0)
    throw invalidArgument(`Argument maxKeys must be an integer between 0 and ${largestInteger}`, 'maxKeys', value);
  return Math.min(requested, maximumKeys);
}
