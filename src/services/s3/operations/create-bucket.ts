import type { CreateBucketOutput, CreateBucketRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { bucketDemand, checkBucketName, findBucket } from '../buckets.ts';
import { bucketAlreadyOwnedByYou, illegalLocation, invalidRequest } from '../errors.ts';
import type { S3State } from '../state.ts';
import { checkTags, maximumBucketTags } from '../tagging.ts';

export const createBucket: Operation<S3State, CreateBucketRequest, CreateBucketOutput> = {
  name: 'CreateBucket',
  fields: {
    Bucket: 'real',
    ACL: ['private'],
    CreateBucketConfiguration: 'real',
    GrantFullControl: 'refused',
    GrantRead: 'refused',
    GrantReadACP: 'refused',
    GrantWrite: 'refused',
    GrantWriteACP: 'refused',
    ObjectLockEnabledForBucket: [false],
    ObjectOwnership: ['BucketOwnerEnforced', 'BucketOwnerPreferred'],
    BucketNamespace: ['global'],
  },
  authorize: ({ Bucket }, _call, state) => [bucketDemand('s3:CreateBucket', Bucket, { state })],
  run({ Bucket: name, CreateBucketConfiguration: configuration }, call, state) {
    checkBucketName(name);
    if (configuration?.Location || configuration?.Bucket) {
      throw invalidRequest('Directory buckets are not served by Whippet: leave Location and Bucket out.');
    }
    const region = chosenRegion(configuration?.LocationConstraint, call.region);
    const existing = findBucket(name, state);
    if (existing) {
      // In us-east-1 AWS answers a repeated CreateBucket of the owner with success.
      if (existing.region === 'us-east-1' && region === 'us-east-1') return answer(name);
      throw bucketAlreadyOwnedByYou(name);
    }
    const tags = checkTags(
      (configuration?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value] as const),
      maximumBucketTags,
    );
    state.store.database.run(
      'INSERT INTO buckets (name, account, region, created, tags) VALUES (?, ?, ?, ?, ?)',
      name,
      call.account,
      region,
      call.now.getTime(),
      tags.length > 0 ? JSON.stringify(tags) : null,
    );
    return answer(name);
  },
};

/** us-east-1 is named by no constraint at all; elsewhere the constraint must be the region that the request is signed for. */
function chosenRegion(constraint: string | undefined, region: string): string {
  if (constraint === undefined || constraint === '') return region === 'us-east-1' ? region : refuse('unspecified');
  const wanted = constraint === 'EU' ? 'eu-west-1' : constraint;
  return wanted === region || region === 'us-east-1' ? wanted : refuse(constraint);
}

function refuse(constraint: string): never {
  throw illegalLocation(constraint);
}

function answer(name: string): CreateBucketOutput {
  return { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
}
