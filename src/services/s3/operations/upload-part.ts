import type { UploadPartOutput, UploadPartRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { requireBucket } from '../buckets.ts';
import { writeDemand } from '../demands.ts';
import { checksumMismatch, invalidArgument } from '../errors.ts';
import { checksumFields, customerKeyFields, objectFields } from '../fields.ts';
import { serverSideEncryption } from '../headers.ts';
import { type ChecksumAlgorithm, checksumMembers, claimedAlgorithm } from '../integrity.ts';
import { receive } from '../receiving.ts';
import type { S3State } from '../state.ts';
import type { WithRequestBody } from '../stream.ts';
import { putPart, requireUpload, type Upload } from '../uploads.ts';

export const uploadPart: Operation<S3State, WithRequestBody<UploadPartRequest>, UploadPartOutput> = {
  name: 'UploadPart',
  fields: {
    ...objectFields,
    ...checksumFields,
    ...customerKeyFields,
    Body: 'real',
    ContentLength: 'real',
    ContentMD5: 'real',
    ChecksumAlgorithm: 'real',
    PartNumber: 'real',
    UploadId: 'real',
  },
  authorize: (input, _call, state) => [writeDemand('s3:PutObject', input, { state, creates: false })],
  async run(input, call, state) {
    const { PartNumber: number } = input;
    checkPartNumber(number);
    const upload = requireUpload(requireBucket(input, state), input, state);
    checkAlgorithm(upload, claimedAlgorithm(input, call.headers));
    const fallback = upload.checksum?.algorithm;
    return receive(input, { call, state, fallback }, ({ blob, etag, checksum }) => {
      const part = { number, blob, etag, checksum: upload.checksum && checksum };
      // Completed or aborted while the bytes came in?
      requireUpload(requireBucket(input, state), input, state);
      putPart(upload, part, state);
      const { ChecksumType: _, ...members } = checksumMembers(checksum);
      return { ETag: `"${etag}"`, ...members, ...serverSideEncryption };
    });
  },
};

/** @throws AwsFault InvalidArgument. */
export function checkPartNumber(number: number): void {
  if (number >= 1 && number <= 10_000) return;
  const message = 'Part number must be an integer between 1 and 10000, inclusive';
  throw invalidArgument(message, 'partNumber', String(number));
}

/** Parts are summed as their upload says. Where it says nothing, a part's checksum is verified, and forgotten. */
function checkAlgorithm({ checksum }: Upload, claimed: ChecksumAlgorithm | undefined): void {
  if (checksum === undefined || claimed === checksum.algorithm) return;
  if (claimed !== undefined || checksum.type === 'COMPOSITE') throw checksumMismatch(checksum.algorithm, claimed);
}
