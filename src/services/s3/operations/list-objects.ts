import type { ListObjectsOutput, ListObjectsRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { listDemand, requireBucket } from '../buckets.ts';
import { listKeys } from '../key-listing.ts';
import { markerPosition } from '../listing.ts';
import { commonPrefixes, listedObject, nameWriter, pageSize } from '../listing-answers.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';

/** The first version, which AWS keeps for old clients: it pages by key instead of by token. */
export const listObjects: Operation<S3State, ListObjectsRequest, ListObjectsOutput> = {
  name: 'ListObjects',
  fields: {
    Bucket: 'real',
    Delimiter: 'real',
    EncodingType: 'real',
    Marker: 'real',
    MaxKeys: 'real',
    Prefix: 'real',
    RequestPayer: ['requester'],
    ExpectedBucketOwner: 'real',
    // RestoreStatus, which only objects that were archived have: none is here.
    OptionalObjectAttributes: 'real',
  },
  authorize: (input, _call, state) => [listDemand('s3:ListBucket', input, state)],
  run(input, _call, state) {
    const { account } = requireBucket(input, state);
    const { Bucket: bucket, Prefix: prefix = '', Delimiter: delimiter = '', Marker: marker = '' } = input;
    const limit = pageSize(input.MaxKeys);
    const after = marker === '' ? undefined : markerPosition(marker, { prefix, delimiter });
    const { rows, prefixes, next } = listKeys({ bucket, prefix, delimiter, after, limit }, state);
    const name = nameWriter(input.EncodingType);
    const owner = ownerOf(account);
    return {
      Name: bucket,
      Prefix: name(prefix),
      Marker: name(marker),
      ...(delimiter && { Delimiter: name(delimiter) }),
      MaxKeys: limit,
      ...(input.EncodingType && { EncodingType: input.EncodingType }),
      IsTruncated: next !== undefined,
      // Without a delimiter the last key is the marker, so S3 says nothing.
      ...(next && delimiter && { NextMarker: name(next.text) }),
      Contents: rows.map((row) => ({ ...listedObject(row, name), Owner: owner })),
      CommonPrefixes: commonPrefixes(prefixes, name),
    };
  },
};
