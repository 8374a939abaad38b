import type { ListBucketsOutput, ListBucketsRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import type { Bucket } from '../buckets.ts';
import { invalidArgument } from '../errors.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';

const maximumBuckets = 10_000;

export const listBuckets: Operation<S3State, ListBucketsRequest, ListBucketsOutput> = {
  name: 'ListBuckets',
  fields: { MaxBuckets: 'real', ContinuationToken: 'real', Prefix: 'real', BucketRegion: 'real' },
  authorize: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  run({ MaxBuckets = maximumBuckets, ContinuationToken: token, Prefix: prefix, BucketRegion: region }, call, state) {
    const found = state.store.database.all<Bucket>(
      `SELECT * FROM buckets WHERE account = ? AND name > ? AND substr(name, 1, ?) = ? AND (? IS NULL OR region = ?)
       ORDER BY name LIMIT ?`,
      call.account,
      token === undefined ? '' : lastName(token),
      prefix?.length ?? 0,
      prefix ?? '',
      region ?? null,
      region ?? null,
      MaxBuckets + 1,
    );
    const page = found.slice(0, MaxBuckets);
    const last = page.at(-1);
    return {
      Buckets: page.map(({ name, created, region: BucketRegion }) => ({
        Name: name,
        CreationDate: new Date(created),
        BucketRegion,
        BucketArn: `arn:aws:s3:::${name}`,
      })),
      Owner: ownerOf(call.account),
      ...(prefix !== undefined && { Prefix: prefix }),
      ...(found.length > page.length && last && { ContinuationToken: Buffer.from(last.name).toString('base64url') }),
    };
  },
};

/** The token is the last name of the page before, made opaque. */
function lastName(token: string): string {
  const name = Buffer.from(token, 'base64url').toString();
  if (Buffer.from(name).toString('base64url') === token) return name;
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
}
