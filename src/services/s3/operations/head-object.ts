import type { HeadObjectOutput, HeadObjectRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { checkReadConditions } from '../conditions.ts';
import { contentRange } from '../range.ts';
import { describeObject, getDemand, requestedRange, requestedVersion } from '../reading.ts';
import type { S3State } from '../state.ts';
import { readFields } from './get-object.ts';

export const headObject: Operation<S3State, HeadObjectRequest, HeadObjectOutput> = {
  name: 'HeadObject',
  fields: readFields,
  authorize: (input, _call, state) => [getDemand(input, state)],
  run(input, call, state) {
    const found = requestedVersion(input, call, state);
    checkReadConditions(input, found.version, call.now);
    const range = requestedRange(input, found.version);
    return {
      ...describeObject(found, { input, call, range }),
      ...(range && { ContentRange: contentRange(range, found.version.size) }),
    };
  },
  status: ({ ContentRange }) => (ContentRange === undefined ? undefined : 206),
};
