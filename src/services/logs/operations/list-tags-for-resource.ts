import type { ListTagsForResourceRequest, ListTagsForResourceResponse } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../operation.ts';
import { tagsOf } from '../groups.ts';
import type { LogsState } from '../state.ts';
import { resourceDemand, taggedGroup } from '../tagging.ts';

export const listTagsForResource: Operation<LogsState, ListTagsForResourceRequest, ListTagsForResourceResponse> = {
  name: 'ListTagsForResource',
  fields: { resourceArn: 'real' },
  authorize: ({ resourceArn }, call, state) => [
    resourceDemand('logs:ListTagsForResource', resourceArn, { place: call, state }),
  ],
  run: ({ resourceArn }, call, state) => ({ tags: tagsOf(taggedGroup(resourceArn, call, state)) }),
};
