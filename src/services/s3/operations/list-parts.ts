import type { ListPartsOutput, ListPartsRequest, StorageClass } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { requireBucket } from '../buckets.ts';
import { writeDemand } from '../demands.ts';
import { invalidArgument } from '../errors.ts';
import { customerKeyFields, objectFields } from '../fields.ts';
import { checksumMembers } from '../integrity.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';
import { requireUpload, listParts as storedParts } from '../uploads.ts';

const maximumParts = 1000;

export const listParts: Operation<S3State, ListPartsRequest, ListPartsOutput> = {
  name: 'ListParts',
  fields: {
    ...objectFields,
    ...customerKeyFields,
    MaxParts: 'real',
    PartNumberMarker: 'real',
    UploadId: 'real',
  },
  authorize: (input, _call, state) => [writeDemand('s3:ListMultipartUploadParts', input, { state })],
  run(input, _call, state) {
    const { account, name: bucket } = requireBucket(input, state);
    const upload = requireUpload({ name: bucket }, input, state);
    const limit = Math.min(wholeNumber(input.MaxParts ?? maximumParts, 'max-parts'), maximumParts);
    const after = wholeNumber(Number(input.PartNumberMarker ?? 0), 'part-number-marker');
    // One part more than is shown tells that there is a next page.
    const found = storedParts(upload, { after, limit: limit + 1 }, state);
    const parts = found.slice(0, limit);
    return {
      Bucket: bucket,
      Key: upload.key,
      UploadId: upload.id,
      PartNumberMarker: String(after),
      NextPartNumberMarker: String(parts.at(-1)?.number ?? 0),
      MaxParts: limit,
      IsTruncated: limit > 0 && found.length > limit,
      Parts: parts.map(({ number, modified, etag, blob, checksum }) => {
        const { ChecksumType: _, ...members } = checksumMembers(checksum);
        return { PartNumber: number, LastModified: modified, ETag: `"${etag}"`, Size: blob.size, ...members };
      }),
      Initiator: { ID: upload.principal },
      Owner: ownerOf(account),
      StorageClass: (upload.headers.StorageClass ?? 'STANDARD') as StorageClass,
      ...(upload.checksum && { ChecksumAlgorithm: upload.checksum.algorithm, ChecksumType: upload.checksum.type }),
    };
  },
};

/** @throws AwsFault InvalidArgument. */
function wholeNumber(value: number, name: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= 2_147_483_647) return value;
  throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, String(value));
}
