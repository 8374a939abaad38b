import { formatArn, parseArn } from '../../arn/index.ts';
import type { Place } from './place.ts';

/** What SageMaker's ARNs call the things served here. */
export type ResourceKind = 'training-job' | 'hyper-parameter-tuning-job' | 'model' | 'transform-job';

/** Names are in lower case in ARNs of jobs and models, as AWS writes them. */
export function resourceArn(kind: ResourceKind, name: string, { account, region }: Place): string {
  return formatArn({
    partition: 'aws',
    service: 'sagemaker',
    account,
    region,
    resource: `${kind}/${name.toLowerCase()}`,
  });
}

/** Kind and name of an ARN of this account and region; undefined for any other. */
export function parseResourceArn(text: string, { account, region }: Place): { kind: string; name: string } | undefined {
  const arn = parseArn(text);
  if (arn?.partition !== 'aws' || arn.service !== 'sagemaker') return undefined;
  if (arn.account !== account || arn.region !== region) return undefined;
  const [, kind, name] = /^([a-z-]+)\/(.+)$/.exec(arn.resource) ?? [];
  return kind === undefined || name === undefined ? undefined : { kind, name };
}

/**
 * An ARN as policies are held against it: names are found whatever their case is, so that another spelling must not get around a policy.
 * What is no ARN of this account and region is left as it is.
 */
export function plainArn(text: string, place: Place): string {
  const { kind, name } = parseResourceArn(text, place) ?? {};
  return kind === undefined || name === undefined ? text : resourceArn(kind as ResourceKind, name, place);
}
