import type { CreateBucketOutput, CreateBucketRequest } from '@aws-sdk/client-s3';
import { AwsFault } from '../../../wire/index.ts';
import type { Operation } from '../../operation.ts';
import { checkBucketName, findBucket } from '../buckets.ts';
import { bucketAlreadyOwnedByYou, illegalLocation, invalidLocation } from '../errors.ts';
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
    ObjectOwnership: ['BucketOwnerEnforced'],
    BucketNamespace: ['global'],
  },
  authorize({ Bucket, CreateBucketConfiguration: configuration }) {
    const resource = `arn:aws:s3:::${Bucket}`;
    const demand = { action: 's3:CreateBucket', resource };
    return configuration?.Tags?.length ? [demand, { action: 's3:TagResource', resource }] : [demand];
  },
  run({ Bucket: name, CreateBucketConfiguration: configuration }, call, state) {
    checkBucketName(name);
    if (configuration?.Location || configuration?.Bucket) throw directoryBucket();
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

/**
 * us-east-1 is named by no constraint at all, and from there a bucket can be made in every other region; elsewhere the constraint must
 * be the region that the request is signed for.
 * @throws AwsFault InvalidLocationConstraint, IllegalLocationConstraintException.
 */
function chosenRegion(constraint: string | undefined, region: string): string {
  const wanted = constraint === 'EU' ? 'eu-west-1' : constraint || undefined;
  if (region !== 'us-east-1') {
    if (wanted !== region) throw illegalLocation(constraint || 'unspecified');
    return region;
  }
  if (wanted === undefined) return region;
  if (wanted === region || !/^[a-z]{2,3}(-[a-z]+){1,3}-\d$/.test(wanted)) throw invalidLocation(wanted);
  return wanted;
}

function directoryBucket(): AwsFault {
  return new AwsFault({
    code: 'NotImplemented',
    status: 501,
    message: 'Directory buckets are not served by Whippet: leave Location and Bucket of CreateBucketConfiguration out.',
  });
}

function answer(name: string): CreateBucketOutput {
  return { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
}
