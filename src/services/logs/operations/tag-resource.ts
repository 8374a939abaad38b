import type { TagResourceRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../operation.ts';
import { requestTags } from '../demands.ts';
import { tooManyTags } from '../errors.ts';
import { setTags, tagsOf } from '../groups.ts';
import type { LogsState } from '../state.ts';
import { resourceDemand, taggedGroup } from '../tagging.ts';

export const tagResource: Operation<LogsState, TagResourceRequest, object> = {
  name: 'TagResource',
  fields: { resourceArn: 'real', tags: 'real' },
  authorize: ({ resourceArn, tags }, call, state) => [
    resourceDemand('logs:TagResource', resourceArn, { place: call, state, context: requestTags(tags) }),
  ],
  run({ resourceArn, tags }, call, state) {
    const group = taggedGroup(resourceArn, call, state);
    const all = { ...tagsOf(group), ...tags };
    if (Object.keys(all).length > 50) throw tooManyTags(resourceArn);
    setTags(group, all, state);
    return {};
  },
};
