/** An Amazon Resource Name in its six parts: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  /** Namespace: `s3`, `iam`, `sagemaker`. */
  readonly service: string;
  /** Empty where the resource is global. */
  readonly region: string;
  /** 12 digits, or empty (buckets). */
  readonly account: string;
  /** Whatever follows, colons and slashes too: `role/service-role/Train`, `function:front:live`. */
  readonly resource: string;
}

/** @returns undefined when the text has fewer than six parts, or an empty partition, service or resource. */
export function parseArn(text: string): Arn | undefined {
  const parts = splitArn(text);
  if (parts === undefined) return undefined;
  const [prefix, partition, service, region, account, resource] = parts;
  if (prefix !== 'arn' || partition === '' || service === '' || resource === '') return undefined;
  return { partition, service, region, account, resource };
}

export function formatArn({ partition, service, region, account, resource }: Arn): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** The text at its first five colons, be its parts an ARN's or patterns for them. @returns undefined when there are fewer colons. */
export function splitArn(text: string): [string, string, string, string, string, string] | undefined {
  const parts: string[] = [];
  let start = 0;
  while (parts.length < 5) {
    const colon = text.indexOf(':', start);
    if (colon < 0) return undefined;
    parts.push(text.slice(start, colon));
    start = colon + 1;
  }
  parts.push(text.slice(start));
  return parts as [string, string, string, string, string, string];
}
