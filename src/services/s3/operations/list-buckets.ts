import type { ListBucketsOutput, ListBucketsRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import type { Bucket } from '../buckets.ts';
import { invalidArgument } from '../errors.ts';
import { shownTime } from '../listing-answers.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';

const maximumBuckets = 10_000;

export const listBuckets: Operation<S3State, ListBucketsRequest, ListBucketsOutput> = {
  name: 'ListBuckets',
  fields: { MaxBuckets: 'real', ContinuationToken: 'real', Prefix: 'real', BucketRegion: 'real' },
  // Policies grant it on "arn:aws:s3:::*", which the plain '*' would not match.
  authorize: () => [{ action: 's3:ListAllMyBuckets', resource: 'arn:aws:s3:::*' }],
  run(input, call, state) {
    const { MaxBuckets = maximumBuckets, ContinuationToken: token, Prefix: prefix, BucketRegion: region } = input;
    // Regions are told to who asks for anything in particular.
    const withRegion = Object.values(input).some((value) => value !== undefined);
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
      Buckets: page.map(({ name, created, region: location }) => ({
        Name: name,
        CreationDate: shownTime(created),
        ...(withRegion && { BucketRegion: location }),
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
