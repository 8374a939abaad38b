import type { PutObjectTaggingOutput, PutObjectTaggingRequest } from '@aws-sdk/client-s3';
import type { Operation, Validated } from '../../operation.ts';
import { requireDocumentDigest } from '../document-integrity.ts';
import { objectFields } from '../fields.ts';
import { setTags, taggingDemand } from '../object-tags.ts';
import type { Tags } from '../objects.ts';
import { requestedVersion } from '../reading.ts';
import type { S3State } from '../state.ts';
import { checkTags, maximumObjectTags, tagContext } from '../tagging.ts';

export const putObjectTagging: Operation<S3State, PutObjectTaggingRequest, PutObjectTaggingOutput> = {
  name: 'PutObjectTagging',
  fields: { ...objectFields, VersionId: 'real', ContentMD5: 'real', ChecksumAlgorithm: 'real', Tagging: 'real' },
  authorize(input, _call, state) {
    const demand = taggingDemand('Put', input, state);
    return [{ ...demand, context: { ...demand.context, ...tagContext(tagsOf(input)) } }];
  },
  run(input, call, state) {
    requireDocumentDigest(call.headers);
    const tags = checkTags(tagsOf(input), maximumObjectTags);
    return state.store.database.transaction(() => {
      const { bucket, version } = requestedVersion(input, call, state);
      setTags(version, tags, state);
      return bucket.versioning ? { VersionId: version.version } : {};
    });
  },
};

function tagsOf({ Tagging: { TagSet = [] } }: Validated<PutObjectTaggingRequest>): Tags {
  return TagSet.map(({ Key = '', Value = '' }) => [Key, Value] as const);
}
