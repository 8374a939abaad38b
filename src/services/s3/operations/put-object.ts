import type { PutObjectOutput, PutObjectRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { requireBucket } from '../buckets.ts';
import { checkWriteConditions } from '../conditions.ts';
import { writeDemand } from '../demands.ts';
import { checksumFields, newObjectFields, objectFields } from '../fields.ts';
import { serverSideEncryption, storedHeaders } from '../headers.ts';
import { checksumMembers } from '../integrity.ts';
import { checkMetadata } from '../metadata.ts';
import { checkKey, currentVersion } from '../objects.ts';
import { receive } from '../receiving.ts';
import type { S3State } from '../state.ts';
import type { WithRequestBody } from '../stream.ts';
import { parseTagging } from '../tagging.ts';
import { putVersion } from '../versions.ts';

export const putObject: Operation<S3State, WithRequestBody<PutObjectRequest>, PutObjectOutput> = {
  name: 'PutObject',
  fields: {
    ...objectFields,
    ...newObjectFields,
    ...checksumFields,
    Body: 'real',
    ContentLength: 'real',
    ContentMD5: 'real',
    ChecksumAlgorithm: 'real',
    IfMatch: 'real',
    IfNoneMatch: 'real',
    // Of directory buckets.
    WriteOffsetBytes: 'refused',
  },
  authorize(input, _call, state) {
    const tags = parseTagging(input.Tagging);
    const demand = (action: string) => writeDemand(action, input, { state, tags, creates: true });
    return tags ? [demand('s3:PutObject'), demand('s3:PutObjectTagging')] : [demand('s3:PutObject')];
  },
  /** The bytes first, then the row that makes them the object: whoever reads sees the old version or the whole new one. */
  async run(input, call, state) {
    const { Key: key } = input;
    checkKey(key);
    const description = {
      headers: storedHeaders(input, call.headers),
      metadata: checkMetadata(input.Metadata),
      tags: parseTagging(input.Tagging),
    };
    // Before the bytes are asked for, and again when they are there: much can happen in between.
    const conditionsHold = () => {
      const bucket = requireBucket(input, state);
      checkWriteConditions(input, key, currentVersion(bucket.name, key, state));
      return bucket;
    };
    conditionsHold();
    return receive(input, { call, state }, ({ blob: { id, size }, etag, checksum }) => {
      const bucket = conditionsHold();
      const parts = size > 0 ? [{ id, size }] : [];
      const { version } = putVersion(bucket, { key, size, etag, parts, ...description, checksum }, state);
      return {
        ETag: `"${etag}"`,
        ...checksumMembers(checksum),
        ...serverSideEncryption,
        ...(bucket.versioning && { VersionId: version }),
      };
    });
  },
};
