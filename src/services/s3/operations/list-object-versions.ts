import type {
  DeleteMarkerEntry,
  ListObjectVersionsOutput,
  ListObjectVersionsRequest,
  ObjectVersion,
} from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { listDemand, requireBucket } from '../buckets.ts';
import { invalidArgument } from '../errors.ts';
import {
  checksumOf,
  commonPrefixes,
  nameWriter,
  pageSize,
  shownTime,
  storageClass,
  type WriteName,
} from '../listing-answers.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';
import { type ListedVersion, listVersions } from '../version-listing.ts';

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
    const request = { bucket, prefix, delimiter, keyMarker, versionMarker: versionMarker || undefined, limit };
    const { versions, prefixes, next } = listVersions(request, state);
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
      ...(next && { NextKeyMarker: name(next.key) }),
      ...(next?.version !== undefined && { NextVersionIdMarker: next.version }),
      Versions: versions.filter(({ etag }) => etag !== null).map((row) => ({ ...entry(row), ...content(row) })),
      DeleteMarkers: versions.filter(({ etag }) => etag === null).map(entry),
      CommonPrefixes: commonPrefixes(prefixes, name),
    };
  },
};

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
