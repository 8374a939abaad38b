import type { ListObjectsV2Output, ListObjectsV2Request } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { listDemand, requireBucket } from '../buckets.ts';
import { listKeys } from '../key-listing.ts';
import { commonPrefixes, listedObject, nameWriter, pageSize, readToken, writeToken } from '../listing-answers.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';

export const listObjectsV2: Operation<S3State, ListObjectsV2Request, ListObjectsV2Output> = {
  name: 'ListObjectsV2',
  fields: {
    Bucket: 'real',
    Delimiter: 'real',
    EncodingType: 'real',
    MaxKeys: 'real',
    Prefix: 'real',
    ContinuationToken: 'real',
    FetchOwner: 'real',
    StartAfter: 'real',
    RequestPayer: ['requester'],
    ExpectedBucketOwner: 'real',
    // RestoreStatus, which only objects that were archived have: none is here.
    OptionalObjectAttributes: 'real',
  },
  authorize: (input, _call, state) => [listDemand('s3:ListBucket', input, state)],
  run(input, _call, state) {
    const { account } = requireBucket(input, state);
    const { Bucket: bucket, Prefix: prefix = '', Delimiter: delimiter = '', StartAfter: startAfter } = input;
    const limit = pageSize(input.MaxKeys);
    // The token wins: clients that page on send both.
    const token = input.ContinuationToken;
    const after =
      token !== undefined ? readToken(token) : startAfter ? { kind: 'key' as const, text: startAfter } : undefined;
    const { rows, prefixes, next } = listKeys({ bucket, prefix, delimiter, after, limit }, state);
    const name = nameWriter(input.EncodingType);
    const owner = input.FetchOwner ? { Owner: ownerOf(account) } : {};
    return {
      Name: bucket,
      Prefix: name(prefix),
      ...(delimiter && { Delimiter: name(delimiter) }),
      MaxKeys: limit,
      ...(input.EncodingType && { EncodingType: input.EncodingType }),
      ...(startAfter !== undefined && { StartAfter: name(startAfter) }),
      ...(token !== undefined && { ContinuationToken: token }),
      KeyCount: rows.length + prefixes.length,
      IsTruncated: next !== undefined,
      ...(next && { NextContinuationToken: writeToken(next) }),
      Contents: rows.map((row) => ({ ...listedObject(row, name), ...owner })),
      CommonPrefixes: commonPrefixes(prefixes, name),
    };
  },
};
