/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html */
import type { Tag, VpcConfig } from '@aws-sdk/client-sagemaker';
import type { Demand } from '../operation.ts';
import type { AuthorizationContext } from '../principal.ts';
import type { SageMakerState } from './state.ts';
import { tagsOf } from './tags.ts';

/** The right to do something to what has this ARN, with its tags under the global name and SageMaker's own. */
export function resourceDemand(
  action: string,
  arn: string,
  {
    state,
    context = {},
  }: { readonly state: Pick<SageMakerState, 'database'>; readonly context?: AuthorizationContext },
): Demand {
  const tags = tagsOf(arn, state.database).flatMap(({ Key, Value }) => [
    [`aws:ResourceTag/${Key}`, Value],
    [`sagemaker:ResourceTag/${Key}`, Value],
  ]);
  return { action, resource: arn, context: { ...Object.fromEntries(tags), ...context } };
}

export function requestTags(tags: readonly Tag[] = []): AuthorizationContext {
  const pairs = tags.map(({ Key = '', Value = '' }) => [`aws:RequestTag/${Key}`, Value]);
  return { ...Object.fromEntries(pairs), 'aws:TagKeys': tags.map(({ Key = '' }) => Key) };
}

/** What policies hold against where containers run. */
export function networkConditions({
  VpcConfig: vpc,
  EnableNetworkIsolation: isolated = false,
}: {
  readonly VpcConfig?: VpcConfig | undefined;
  readonly EnableNetworkIsolation?: boolean | undefined;
}): AuthorizationContext {
  return {
    'sagemaker:NetworkIsolation': isolated,
    'sagemaker:VpcSecurityGroupIds': vpc?.SecurityGroupIds,
    'sagemaker:VpcSubnets': vpc?.Subnets,
  };
}

/** What is made with tags needs the right to tag as well, and that one sees what is made: by it policies allow tags at creation only. */
export function createDemands(
  action: string,
  arn: string,
  { tags, context = {} }: { readonly tags: readonly Tag[] | undefined; readonly context?: AuthorizationContext },
): Demand[] {
  const all = { ...context, ...requestTags(tags) };
  const create = { action, resource: arn, context: all };
  if (!tags?.length) return [create];
  const tagging = { ...all, 'sagemaker:TaggingAction': action.replace('sagemaker:', '') };
  return [create, { action: 'sagemaker:AddTags', resource: arn, context: tagging }];
}

/** Lists are of the whole account. */
export function listDemand(action: string): Demand {
  return { action, resource: '*' };
}
