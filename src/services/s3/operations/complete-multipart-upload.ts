import type { CompleteMultipartUploadOutput, CompleteMultipartUploadRequest } from '@aws-sdk/client-s3';
import type { Call, Operation, Validated } from '../../operation.ts';
import { type Bucket, requireBucket } from '../buckets.ts';
import { assemble, listDigest } from '../completion.ts';
import { checkWriteConditions } from '../conditions.ts';
import { writeDemand } from '../demands.ts';
import { noSuchUpload } from '../errors.ts';
import { checksumFields, customerKeyFields, objectFields } from '../fields.ts';
import { serverSideEncryption } from '../headers.ts';
import { checksumMembers } from '../integrity.ts';
import { currentVersion, type ObjectVersion } from '../objects.ts';
import type { S3State } from '../state.ts';
import { findUpload, forgetUpload, listParts, type Upload } from '../uploads.ts';
import { putVersion } from '../versions.ts';

type Input = Validated<CompleteMultipartUploadRequest>;

export const completeMultipartUpload: Operation<
  S3State,
  CompleteMultipartUploadRequest,
  CompleteMultipartUploadOutput
> = {
  name: 'CompleteMultipartUpload',
  fields: {
    ...objectFields,
    ...checksumFields,
    ...customerKeyFields,
    MultipartUpload: 'real',
    UploadId: 'real',
    ChecksumType: 'real',
    MpuObjectSize: 'real',
    IfMatch: 'real',
    IfNoneMatch: 'real',
  },
  authorize: (input, _call, state) => [writeDemand('s3:PutObject', input, { state, creates: true })],
  run: (input, call, state) =>
    state.store.database.transaction(() => {
      const bucket = requireBucket(input, state);
      const upload = findUpload(bucket, input, state);
      return upload ? complete(upload, { bucket, input, call }, state) : repeatedAnswer(input, state);
    }),
};

function complete(
  upload: Upload,
  { bucket, input, call }: { bucket: Bucket; input: Input; call: Call },
  state: S3State,
): CompleteMultipartUploadOutput {
  const { Key: key } = input;
  checkWriteConditions(input, key, currentVersion(bucket.name, key, state));
  const listed = input.MultipartUpload?.Parts ?? [];
  const version = putVersion(bucket, assemble(upload, { listed, stored: listParts(upload, {}, state) }, input), state);
  forgetUpload(upload.id, state);
  const answer = answerFor(version, bucket, call);
  state.store.database.run(
    'INSERT INTO completed_uploads (id, bucket, key, completed, parts, answer) VALUES (?, ?, ?, ?, ?, ?)',
    ...[upload.id, bucket.name, key, version.modified.getTime(), listDigest(listed), JSON.stringify(answer)],
  );
  return answer;
}

function answerFor(version: ObjectVersion, bucket: Bucket, call: Call): CompleteMultipartUploadOutput {
  return {
    Location: `${call.url}/${bucket.name}/${version.key.split('/').map(encodeURIComponent).join('/')}`,
    Bucket: bucket.name,
    Key: version.key,
    ETag: `"${version.etag}"`,
    ...checksumMembers(version.checksum),
    ...serverSideEncryption,
    ...(bucket.versioning && { VersionId: version.version }),
  };
}

/** A client that did not hear the answer asks again, and S3 gives it again, whatever became of the object since. */
function repeatedAnswer(input: Input, { store }: S3State): CompleteMultipartUploadOutput {
  const row = store.database.get<{ answer: string }>(
    'SELECT answer FROM completed_uploads WHERE id = ? AND bucket = ? AND key = ? AND parts = ?',
    ...[input.UploadId, input.Bucket, input.Key, listDigest(input.MultipartUpload?.Parts ?? [])],
  );
  if (row === undefined) throw noSuchUpload(input.UploadId);
  return JSON.parse(row.answer);
}
