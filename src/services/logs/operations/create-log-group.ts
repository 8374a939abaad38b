import type { CreateLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../operation.ts';
import { groupDemand, requestTags, tagDemand } from '../demands.ts';
import { groupExists, invalidParameter } from '../errors.ts';
import { insertGroup } from '../groups.ts';
import type { LogsState } from '../state.ts';

export const createLogGroup: Operation<LogsState, CreateLogGroupRequest, object> = {
  name: 'CreateLogGroup',
  fields: {
    logGroupName: 'real',
    kmsKeyId: 'refused',
    tags: 'real',
    logGroupClass: ['STANDARD'],
    deletionProtectionEnabled: [false],
  },
  authorize({ logGroupName, tags }, call, state) {
    const options = { place: call, state, context: tags ? requestTags(tags) : {} };
    const create = groupDemand('logs:CreateLogGroup', logGroupName, options);
    return tags ? [create, tagDemand('logs:TagResource', logGroupName, options)] : [create];
  },
  run({ logGroupName, tags }, call, state) {
    if (/^aws\//i.test(logGroupName)) throw invalidParameter('Log groups starting with AWS/ are reserved for AWS.');
    if (!insertGroup(call, { name: logGroupName, tags }, state)) throw groupExists();
    return {};
  },
};
