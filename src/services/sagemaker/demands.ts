/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html */
import type { Tag } from '@aws-sdk/client-sagemaker';
import type { Demand } from '../operation.ts';
import type { AuthorizationContext } from '../principal.ts';
import type { SageMakerState } from './state.ts';
import { tagsOf } from './tags.ts';

/** The right to do something to what has this ARN, with its tags as aws:ResourceTag. */
export function resourceDemand(
  action: string,
  arn: string,
  {
    state,
    context = {},
  }: { readonly state: Pick<SageMakerState, 'database'>; readonly context?: AuthorizationContext },
): Demand {
  const tags = tagsOf(arn, state.database).map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value]);
  return { action, resource: arn, context: { ...Object.fromEntries(tags), ...context } };
}

export function requestTags(tags: readonly Tag[] = []): AuthorizationContext {
  const pairs = tags.map(({ Key = '', Value = '' }) => [`aws:RequestTag/${Key}`, Value]);
  return { ...Object.fromEntries(pairs), 'aws:TagKeys': tags.map(({ Key = '' }) => Key) };
}

/** What is made with tags needs the right to tag as well. */
export function createDemands(
  action: string,
  arn: string,
  { tags, context = {} }: { readonly tags: readonly Tag[] | undefined; readonly context?: AuthorizationContext },
): Demand[] {
  const all = { ...context, ...requestTags(tags) };
  const create = { action, resource: arn, context: all };
  return tags?.length ? [create, { action: 'sagemaker:AddTags', resource: arn, context: all }] : [create];
}

/** Lists are of the whole account. */
export function listDemand(action: string): Demand {
  return { action, resource: '*' };
}
