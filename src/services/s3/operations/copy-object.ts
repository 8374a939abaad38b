import type { CopyObjectOutput, CopyObjectRequest } from '@aws-sdk/client-s3';
import type { Call, Demand, Operation, Validated } from '../../operation.ts';
import { requireBucket } from '../buckets.ts';
import { checkWriteConditions } from '../conditions.ts';
import { type CopiedContent, copyContent } from '../copy-content.ts';
import { checkCopySize, copySource, parseCopySource, sourceDemand } from '../copy-source.ts';
import { writeDemand } from '../demands.ts';
import { invalidRequest } from '../errors.ts';
import { copySourceFields, newObjectFields, objectFields } from '../fields.ts';
import { serverSideEncryption, storedHeaders } from '../headers.ts';
import { checksumAlgorithm, checksumMembers } from '../integrity.ts';
import { checkMetadata } from '../metadata.ts';
import { taggingDemand } from '../object-tags.ts';
import { checkKey, currentVersion, type NewVersion, type ObjectVersion } from '../objects.ts';
import type { S3State } from '../state.ts';
import { parseTagging } from '../tagging.ts';
import { putVersion } from '../versions.ts';

type Input = Validated<CopyObjectRequest>;

export const copyObject: Operation<S3State, CopyObjectRequest, CopyObjectOutput> = {
  name: 'CopyObject',
  fields: {
    ...objectFields,
    ...newObjectFields,
    ...copySourceFields,
    ChecksumAlgorithm: 'real',
    IfMatch: 'real',
    IfNoneMatch: 'real',
    MetadataDirective: 'real',
    TaggingDirective: 'real',
    AnnotationDirective: 'refused',
  },
  authorize: (input, _call, state) => demands(input, state),
  async run(input, call, state) {
    const { Key: key } = input;
    checkKey(key);
    const algorithm = input.ChecksumAlgorithm && checksumAlgorithm(input.ChecksumAlgorithm);
    const source = copySource(input, call, state);
    checkCopySize(source.version.size);
    refuseNoChange(input, source.version, state);
    const described = description(input, source.version, call);
    const conditionsHold = () => {
      const bucket = requireBucket(input, state);
      checkWriteConditions(input, key, currentVersion(bucket.name, key, state));
      return bucket;
    };
    conditionsHold();
    const keep = ({ etag, checksum }: CopiedContent) =>
      state.store.database.transaction(() => {
        const bucket = conditionsHold();
        const { size, parts } = source.version;
        const copy = putVersion(bucket, { key, size, parts, etag, checksum, ...described }, state);
        return {
          CopyObjectResult: { ETag: `"${etag}"`, LastModified: copy.modified, ...checksumMembers(checksum) },
          ...(source.bucket.versioning && { CopySourceVersionId: source.version.version }),
          ...serverSideEncryption,
          ...(bucket.versioning && { VersionId: copy.version }),
        };
      });
    return copyContent(source.version, { algorithm, state }, keep);
  },
};

function demands(input: Input, state: S3State): readonly Demand[] {
  const source = parseCopySource(input);
  const copiesTags = input.TaggingDirective !== 'REPLACE';
  const read = sourceDemand(input, state);
  const sourceTags = copiesTags ? tagNames(read) : [];
  const tags = copiesTags ? undefined : parseTagging(input.Tagging);
  const write = (action: string) => writeDemand(action, input, { state, tags, creates: true });
  return [
    read,
    write('s3:PutObject'),
    ...(sourceTags.length > 0 ? [taggingDemand('Get', source, state)] : []),
    ...(sourceTags.length > 0 || tags ? [write('s3:PutObjectTagging')] : []),
  ];
}

function tagNames({ context = {} }: Demand): string[] {
  return Object.keys(context).filter((name) => name.startsWith('s3:ExistingObjectTag/'));
}

/** A copy onto itself must change something. Another version than the current one is a change in itself. @throws AwsFault InvalidRequest. */
function refuseNoChange(input: Input, version: ObjectVersion, state: S3State): void {
  const { Bucket: bucket, Key: key } = input;
  const changes =
    input.MetadataDirective === 'REPLACE' ||
    input.StorageClass ||
    input.WebsiteRedirectLocation ||
    input.ServerSideEncryption ||
    input.ChecksumAlgorithm;
  if (changes || version.bucket !== bucket || version.key !== key) return;
  if (currentVersion(bucket, key, state)?.sequence !== version.sequence) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

/** Headers, metadata and tags: those of the source or of the request. Storage class and redirect are always the request's. */
function description(
  input: Input,
  source: ObjectVersion,
  call: Call,
): Pick<NewVersion, 'headers' | 'metadata' | 'tags'> {
  const replaces = input.MetadataDirective === 'REPLACE';
  const { StorageClass, WebsiteRedirectLocation } = input;
  const { StorageClass: _class, WebsiteRedirectLocation: _location, ...inherited } = source.headers;
  const own = {
    ...(StorageClass && { StorageClass }),
    ...(WebsiteRedirectLocation && { WebsiteRedirectLocation }),
  };
  return {
    headers: replaces ? storedHeaders(input, call.headers) : { ...inherited, ...own },
    metadata: replaces ? checkMetadata(input.Metadata) : source.metadata,
    tags: input.TaggingDirective === 'REPLACE' ? parseTagging(input.Tagging) : source.tags,
  };
}
