import type {
  DeleteMarkerEntry,
  ListObjectVersionsOutput,
  ListObjectVersionsRequest,
  ObjectVersion,
} from '@aws-sdk/client-s3';
import type { Operation, Validated } from '../../operation.ts';
import { listDemand, requireBucket } from '../buckets.ts';
import { invalidArgument } from '../errors.ts';
import { type ListingPosition, markerPosition } from '../listing.ts';
import {
  checksumOf,
  commonPrefixes,
  nameWriter,
  pageSize,
  shownTime,
  storageClass,
  type WriteName,
} from '../listing-answers.ts';
import { findVersion } from '../objects.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';
import { type ListedVersion, listVersions } from '../version-listing.ts';

type Input = Validated<ListObjectVersionsRequest>;

export const listObjectVersions: Operation<S3State, ListObjectVersionsRequest, ListObjectVersionsOutput> = {
  name: 'ListObjectVersions',
  fields: {
    Bucket: 'real',
    Delimiter: 'real',
    EncodingType: 'real',
    KeyMarker: 'real',
    MaxKeys: 'real',
    Prefix: 'real',
    VersionIdMarker: 'real',
    ExpectedBucketOwner: 'real',
    RequestPayer: ['requester'],
    // RestoreStatus, which only objects that were archived have: none is here.
    OptionalObjectAttributes: 'real',
  },
  authorize: (input, _call, state) => [listDemand('s3:ListBucketVersions', input, state)],
  run(input, _call, state) {
    const { account } = requireBucket(input, state);
    const { Bucket: bucket, Prefix: prefix = '', Delimiter: delimiter = '' } = input;
    const { KeyMarker: keyMarker = '', VersionIdMarker: versionMarker } = input;
    if (versionMarker && !keyMarker) {
      const message = 'A version-id marker cannot be specified without a key marker.';
      throw invalidArgument(message, 'version-id-marker', versionMarker);
    }
    const limit = pageSize(input.MaxKeys);
    const after = positionOf(input, state);
    const { rows, prefixes, next } = listVersions({ bucket, prefix, delimiter, after, limit }, state);
    const last = next?.kind === 'key' ? rows.at(-1)?.version : undefined;
    const name = nameWriter(input.EncodingType);
    const entry = entryOf(account, name);
    return {
      Name: bucket,
      Prefix: name(prefix),
      KeyMarker: name(keyMarker),
      VersionIdMarker: versionMarker ?? '',
      ...(delimiter && { Delimiter: name(delimiter) }),
      MaxKeys: limit,
      ...(input.EncodingType && { EncodingType: input.EncodingType }),
      IsTruncated: next !== undefined,
      ...(next && { NextKeyMarker: name(next.text) }),
      ...(last !== undefined && { NextVersionIdMarker: last }),
      Versions: rows.filter(({ etag }) => etag !== null).map((row) => ({ ...entry(row), ...content(row) })),
      DeleteMarkers: rows.filter(({ etag }) => etag === null).map(entry),
      CommonPrefixes: commonPrefixes(prefixes, name),
    };
  },
};

/** A version that is gone meanwhile, as when a client deletes page by page, is no place: all of the key that is left follows. */
function positionOf(
  { Bucket, KeyMarker: key = '', VersionIdMarker: version, Prefix: prefix = '', Delimiter: delimiter = '' }: Input,
  state: S3State,
): ListingPosition | undefined {
  if (key === '') return undefined;
  const position = markerPosition(key, { prefix, delimiter });
  if (!version || position.kind === 'prefix') return position;
  const sequence = findVersion(Bucket, { key, version }, state)?.sequence ?? Number.POSITIVE_INFINITY;
  return { ...position, sequence };
}

function entryOf(account: string, name: WriteName): (row: ListedVersion) => DeleteMarkerEntry {
  const owner = ownerOf(account);
  return ({ key, version, modified, isLatest }) => ({
    Key: name(key),
    VersionId: version,
    IsLatest: isLatest,
    LastModified: shownTime(modified),
    Owner: owner,
  });
}

function content({ etag, size, checksum, headers }: ListedVersion): ObjectVersion {
  return {
    ETag: `"${etag}"`,
    Size: size,
    ...checksumOf(checksum),
    // The SDK knows one class of versions; S3 names them all.
    StorageClass: storageClass(headers) as 'STANDARD',
  };
}
