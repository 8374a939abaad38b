import type { AbortMultipartUploadOutput, AbortMultipartUploadRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { requireBucket } from '../buckets.ts';
import { writeDemand } from '../demands.ts';
import { objectFields } from '../fields.ts';
import type { S3State } from '../state.ts';
import { forgetUpload, requireUpload } from '../uploads.ts';

export const abortMultipartUpload: Operation<S3State, AbortMultipartUploadRequest, AbortMultipartUploadOutput> = {
  name: 'AbortMultipartUpload',
  fields: {
    ...objectFields,
    UploadId: 'real',
    // Of directory buckets.
    IfMatchInitiatedTime: 'refused',
  },
  authorize: (input, _call, state) => [writeDemand('s3:AbortMultipartUpload', input, { state })],
  run(input, _call, state) {
    state.store.database.transaction(() => {
      const { id } = requireUpload(requireBucket(input, state), input, state);
      forgetUpload(id, state);
    });
    return {};
  },
};
