import type {
  ListMultipartUploadsOutput,
  ListMultipartUploadsRequest,
  MultipartUpload,
  StorageClass,
} from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { bucketDemand, requireBucket } from '../buckets.ts';
import { commonPrefixes, nameWriter, pageSize, type WriteName } from '../listing-answers.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';
import { listUploads } from '../upload-listing.ts';
import type { Upload } from '../uploads.ts';

export const listMultipartUploads: Operation<S3State, ListMultipartUploadsRequest, ListMultipartUploadsOutput> = {
  name: 'ListMultipartUploads',
  fields: {
    Bucket: 'real',
    Delimiter: 'real',
    EncodingType: 'real',
    KeyMarker: 'real',
    MaxUploads: 'real',
    Prefix: 'real',
    UploadIdMarker: 'real',
    ExpectedBucketOwner: 'real',
    RequestPayer: ['requester'],
  },
  authorize({ Bucket, Prefix, Delimiter }, _call, state) {
    const context = { 's3:prefix': Prefix, 's3:delimiter': Delimiter };
    return [bucketDemand('s3:ListBucketMultipartUploads', Bucket, { state, context })];
  },
  run(input, _call, state) {
    const { account, name: bucket } = requireBucket(input, state);
    const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: keyMarker = '' } = input;
    const limit = pageSize(input.MaxUploads);
    // Without a key an upload says nothing.
    const uploadMarker = keyMarker === '' ? '' : (input.UploadIdMarker ?? '');
    const request = { bucket, prefix, delimiter, keyMarker, uploadMarker, limit };
    const { uploads, prefixes, next } = listUploads(request, state);
    const name = nameWriter(input.EncodingType);
    return {
      Bucket: bucket,
      KeyMarker: name(keyMarker),
      UploadIdMarker: uploadMarker,
      ...(input.Prefix !== undefined && { Prefix: name(prefix) }),
      ...(delimiter && { Delimiter: name(delimiter) }),
      ...(next && { NextKeyMarker: name(next.key), NextUploadIdMarker: next.upload }),
      MaxUploads: limit,
      IsTruncated: next !== undefined,
      ...(input.EncodingType && { EncodingType: input.EncodingType }),
      Uploads: uploads.map((upload) => described(upload, { account, name })),
      CommonPrefixes: commonPrefixes(prefixes, name),
    };
  },
};

function described(
  { id, key, initiated, principal, headers, checksum }: Upload,
  { account, name }: { account: string; name: WriteName },
): MultipartUpload {
  return {
    UploadId: id,
    Key: name(key),
    Initiated: initiated,
    StorageClass: (headers.StorageClass ?? 'STANDARD') as StorageClass,
    Owner: ownerOf(account),
    Initiator: { ID: principal },
    ...(checksum && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
  };
}
