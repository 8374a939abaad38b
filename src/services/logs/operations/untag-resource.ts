import type { UntagResourceRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../operation.ts';
import { setTags, tagsOf } from '../groups.ts';
import type { LogsState } from '../state.ts';
import { resourceDemand, taggedGroup } from '../tagging.ts';

export const untagResource: Operation<LogsState, UntagResourceRequest, object> = {
  name: 'UntagResource',
  fields: { resourceArn: 'real', tagKeys: 'real' },
  authorize: ({ resourceArn, tagKeys }, call, state) => [
    resourceDemand('logs:UntagResource', resourceArn, { place: call, state, context: { 'aws:TagKeys': tagKeys } }),
  ],
  run({ resourceArn, tagKeys }, call, state) {
    const group = taggedGroup(resourceArn, call, state);
    const kept = Object.entries(tagsOf(group)).filter(([key]) => !tagKeys.includes(key));
    setTags(group, Object.fromEntries(kept), state);
    return {};
  },
};
