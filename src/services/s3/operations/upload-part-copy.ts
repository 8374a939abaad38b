import type { UploadPartCopyOutput, UploadPartCopyRequest } from '@aws-sdk/client-s3';
import type { Operation, Validated } from '../../operation.ts';
import { requireBucket } from '../buckets.ts';
import { checkCopySize, copySource, sourceDemand } from '../copy-source.ts';
import { writeDemand } from '../demands.ts';
import { invalidArgument } from '../errors.ts';
import { copySourceFields, customerKeyFields, objectFields } from '../fields.ts';
import { serverSideEncryption } from '../headers.ts';
import { checkIntegrity, checksumMembers } from '../integrity.ts';
import { type Checksum, isMultipart, type ObjectPart, type ObjectVersion } from '../objects.ts';
import type { ByteRange } from '../range.ts';
import type { S3State } from '../state.ts';
import { putPart, requireUpload, type Upload } from '../uploads.ts';
import { checkPartNumber } from './upload-part.ts';

export const uploadPartCopy: Operation<S3State, UploadPartCopyRequest, UploadPartCopyOutput> = {
  name: 'UploadPartCopy',
  fields: {
    ...objectFields,
    ...copySourceFields,
    ...customerKeyFields,
    CopySourceRange: 'real',
    PartNumber: 'real',
    UploadId: 'real',
  },
  authorize: (input, _call, state) => [
    sourceDemand(input, state),
    writeDemand('s3:PutObject', input, { state, creates: false }),
  ],
  async run(input, call, state) {
    const { PartNumber: number } = input;
    checkPartNumber(number);
    const upload = requireUpload(requireBucket(input, state), input, state);
    const { version: source, bucket } = copySource(input, call, state);
    const range = copyRange(input.CopySourceRange, source.size);
    checkCopySize(range ? range.end - range.start : source.size);
    const content = sharedContent(source, { upload, range }) ?? (await copiedContent(source, { upload, range }, state));
    try {
      const { modified } = state.store.database.transaction(() => {
        requireUpload(requireBucket(input, state), input, state);
        return putPart(upload, { number, ...content }, state);
      });
      const { ChecksumType: _, ...members } = checksumMembers(content.checksum);
      return {
        CopyPartResult: { ETag: `"${content.etag}"`, LastModified: modified, ...members },
        ...(bucket.versioning && { CopySourceVersionId: source.version }),
        ...serverSideEncryption,
      };
    } finally {
      content.release();
    }
  },
};

interface PartContent {
  readonly blob: ObjectPart;
  readonly etag: string;
  readonly checksum: Checksum | undefined;
  readonly release: () => void;
}

interface Destination {
  readonly upload: Upload;
  readonly range: ByteRange | undefined;
}

/** A whole object of one blob, whose sums are known, is a part as it is. Nothing is awaited between its row and the part's. */
function sharedContent(source: ObjectVersion, { upload, range }: Destination): PartContent | undefined {
  const [blob] = source.parts;
  const wanted = upload.checksum?.algorithm;
  const sums =
    wanted === undefined || (source.checksum?.algorithm === wanted && source.checksum.type === 'FULL_OBJECT');
  if (range || blob === undefined || source.parts.length > 1 || isMultipart(source) || !sums) return undefined;
  return { blob, etag: source.etag, checksum: wanted && source.checksum, release: () => {} };
}

async function copiedContent(
  source: ObjectVersion,
  { upload, range }: Destination,
  { store }: S3State,
): Promise<PartContent> {
  const integrity = checkIntegrity({}, { trailer: undefined, fallback: upload.checksum?.algorithm });
  const blob = await store.blobs.write(store.blobs.read(source.parts, range), { sinks: integrity.sinks });
  try {
    const { md5, checksum } = await integrity.finish(new Map());
    return { blob, etag: md5.toString('hex'), checksum, release: blob.release };
  } catch (error) {
    blob.release();
    throw error;
  }
}

/** `bytes=0-9` and nothing else. @throws AwsFault InvalidArgument, InvalidRequest. */
function copyRange(header: Validated<UploadPartCopyRequest>['CopySourceRange'], size: number): ByteRange | undefined {
  if (header === undefined) return undefined;
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last)) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      header,
    );
  }
  if (Number(last) >= size) {
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${size}`,
      'x-amz-copy-source-range',
      header,
    );
  }
  return { start: Number(first), end: Number(last) + 1 };
}
