import { readFileSync } from 'node:fs';

/** A policy that AWS keeps for all accounts, with the one version that is its default. */
export interface AwsManagedPolicy {
  readonly arn: string;
  readonly name: string;
  /** `ANPA…`. */
  readonly id: string;
  readonly path: string;
  readonly description: string;
  readonly created: Date;
  readonly updated: Date;
  /** `v29`. */
  readonly version: string;
  /** JSON. */
  readonly document: string;
}

/** What the files hold: AWS's text as published in its reference of managed policies, which each file names. */
interface PolicyFile {
  readonly arn: string;
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly description: string;
  readonly created: string;
  readonly updated: string;
  readonly version: string;
  readonly document: object;
}

const names = [
  'AdministratorAccess',
  'AmazonS3FullAccess',
  'AmazonS3ReadOnlyAccess',
  'AmazonSageMakerFullAccess',
  'AWSApplicationAutoscalingLambdaConcurrencyPolicy',
  'AWSApplicationAutoscalingSageMakerEndpointPolicy',
  'AWSLambdaBasicExecutionRole',
  'AWSLambda_FullAccess',
  'CloudWatchFullAccess',
  'CloudWatchLogsFullAccess',
];

let kept: ReadonlyMap<string, AwsManagedPolicy> | undefined;

/** By ARN. Read when first asked for (40 kB); they never change, so all servers of a process share them. */
export function awsManagedPolicies(): ReadonlyMap<string, AwsManagedPolicy> {
  kept ??= new Map(names.map(readPolicy).map((policy) => [policy.arn, policy]));
  return kept;
}

function readPolicy(name: string): AwsManagedPolicy {
  const text = readFileSync(new URL(`./aws-managed/${name}.json`, import.meta.url), 'utf8');
  const { created, updated, document, ...rest } = JSON.parse(text) as PolicyFile;
  return {
    ...rest,
    created: new Date(created),
    updated: new Date(updated),
    document: JSON.stringify(document, null, 4),
  };
}
