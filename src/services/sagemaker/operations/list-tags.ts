import type { ListTagsInput, ListTagsOutput } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import { plainArn } from '../arns.ts';
import type { SageMakerContext } from '../context.ts';
import { resourceDemand } from '../demands.ts';
import { formatListToken, parseListToken } from '../list-token.ts';
import { requireTagged } from '../tagged.ts';
import { tagsOf } from '../tags.ts';

export const listTags: Operation<SageMakerContext, ListTagsInput, ListTagsOutput> = {
  name: 'ListTags',
  fields: { ResourceArn: 'real', NextToken: 'real', MaxResults: 'real' },
  authorize: ({ ResourceArn }, call, state) => [
    resourceDemand('sagemaker:ListTags', plainArn(ResourceArn, call), { state }),
  ],
  run({ ResourceArn, NextToken, MaxResults = 50 }, call, { database }) {
    const all = tagsOf(requireTagged(ResourceArn, call, database), database);
    const after = NextToken === undefined ? '' : String(parseListToken(NextToken, 'tags').value);
    const rest = all.filter(({ Key }) => Key > after);
    const shown = rest.slice(0, MaxResults);
    const last = shown.at(-1);
    return {
      Tags: shown,
      ...(last &&
        rest.length > shown.length && { NextToken: formatListToken({ order: 'tags', value: last.Key, id: 0 }) }),
    };
  },
};
