import type { DeleteTagsInput } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { plainArn } from '../arns.ts';
import type { SageMakerContext } from '../context.ts';
import { resourceDemand } from '../demands.ts';
import { requireTagged } from '../tagged.ts';
import { removeTags } from '../tags.ts';

export const deleteTags: Operation<SageMakerContext, DeleteTagsInput, object> = {
  name: 'DeleteTags',
  fields: { ResourceArn: 'real', TagKeys: 'real' },
  authorize: ({ ResourceArn, TagKeys }, call, state) => [
    resourceDemand('sagemaker:DeleteTags', plainArn(ResourceArn, call), { state, context: { 'aws:TagKeys': TagKeys } }),
  ],
  run({ ResourceArn, TagKeys }, call, { database }) {
    removeTags(requireTagged(ResourceArn, call, database), TagKeys, database);
    return {};
  },
};
