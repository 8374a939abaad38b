import type { AddTagsInput, AddTagsOutput } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { plainArn } from '../arns.ts';
import type { SageMakerContext } from '../context.ts';
import { requestTags, resourceDemand } from '../demands.ts';
import { requireTagged } from '../tagged.ts';
import { setTags, tagsOf } from '../tags.ts';

export const addTags: Operation<SageMakerContext, AddTagsInput, AddTagsOutput> = {
  name: 'AddTags',
  fields: { ResourceArn: 'real', Tags: 'real' },
  authorize: ({ ResourceArn, Tags }, call, state) => [
    resourceDemand('sagemaker:AddTags', plainArn(ResourceArn, call), { state, context: requestTags(Tags) }),
  ],
  run({ ResourceArn, Tags }, call, { database }) {
    const arn = requireTagged(ResourceArn, call, database);
    setTags(arn, Tags, database);
    return { Tags: tagsOf(arn, database) };
  },
};
