import type { CreateMultipartUploadOutput, CreateMultipartUploadRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { requireBucket } from '../buckets.ts';
import { writeDemand } from '../demands.ts';
import { newObjectFields, objectFields } from '../fields.ts';
import { serverSideEncryption, storedHeaders } from '../headers.ts';
import { checkMetadata } from '../metadata.ts';
import { checkKey } from '../objects.ts';
import type { S3State } from '../state.ts';
import { parseTagging } from '../tagging.ts';
import { beginUpload } from '../uploads.ts';
import { uploadChecksum } from '../whole-checksum.ts';

export const createMultipartUpload: Operation<S3State, CreateMultipartUploadRequest, CreateMultipartUploadOutput> = {
  name: 'CreateMultipartUpload',
  fields: { ...objectFields, ...newObjectFields, ChecksumAlgorithm: 'real', ChecksumType: 'real' },
  authorize(input, _call, state) {
    const tags = parseTagging(input.Tagging);
    const demand = (action: string) => writeDemand(action, input, { state, tags, creates: false });
    return tags ? [demand('s3:PutObject'), demand('s3:PutObjectTagging')] : [demand('s3:PutObject')];
  },
  run(input, call, state) {
    const { name: bucket } = requireBucket(input, state);
    const { Key: key } = input;
    checkKey(key);
    const checksum = uploadChecksum(input.ChecksumAlgorithm, input.ChecksumType);
    const upload = beginUpload(
      {
        ...{ bucket, key, checksum },
        principal: call.principal.kind === 'anonymous' ? 'anonymous' : call.principal.arn,
        headers: storedHeaders(input, call.headers),
        metadata: checkMetadata(input.Metadata),
        tags: parseTagging(input.Tagging),
      },
      state,
    );
    return {
      Bucket: bucket,
      Key: key,
      UploadId: upload.id,
      ...(checksum && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
      ...serverSideEncryption,
    };
  },
};
