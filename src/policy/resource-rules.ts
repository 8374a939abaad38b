import { padArnPattern, splitArnPattern } from './arn-pattern.ts';

/** What IAM says of the resources of a policy; undefined when it takes them. The first mistake counts. */
export function resourceMistake(resources: readonly string[]): string | undefined {
  for (const resource of resources) {
    const mistake = resource === '*' ? undefined : mistakeOf(resource);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}

export const failedLegacyParsing = 'The policy failed legacy parsing';

function mistakeOf(resource: string): string | undefined {
  const parts = splitArnPattern(resource);
  const [, partition = '', vendor, region = '', , path] = parts;
  if (parts.length === 1) return `Resource ${resource} must be in ARN format or "*".`;
  if (!/^(\*|aws(-[a-z]+)*)$/.test(partition)) {
    return `Partition "${partition}" is not valid for resource "arn:${padArnPattern(parts).slice(1).join(':')}".`;
  }
  if (vendor === undefined || /[*?]/.test(vendor)) {
    return 'Resource vendor must be fully qualified and cannot contain regexes.';
  }
  if (vendor === '' || (parts.length < 6 && resource.includes('::'))) return failedLegacyParsing;
  if (vendor === 'iam') return iamMistake(resource, region, path ?? '*');
  if (vendor === 's3' && region !== '' && !/[*?$]/.test(region) && !regionalS3.test(path ?? '*')) {
    return `Resource ${resource} can not contain region information.`;
  }
  return undefined;
}

/** What S3 has in regions. Buckets and objects are in none. */
const regionalS3 = /^(accesspoint|job|storage-lens|storage-lens-group|access-grants|async-request|\*)/;

const iamPaths = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
];

/** AWS's own managed policies name these too. */
const unlistedIamPath = /^(root$|role-template\/)/;

function iamMistake(resource: string, region: string, path: string): string | undefined {
  if (region !== '' && region !== '*') return `IAM resource ${resource} cannot contain region information.`;
  const plain = path.split(/[*?$]/, 1)[0] ?? '';
  const isWhole = plain.length === path.length;
  if (unlistedIamPath.test(path)) return undefined;
  if (iamPaths.some((start) => plain.startsWith(start) || (!isWhole && start.startsWith(plain)))) return undefined;
  return `IAM resource path must either be "*" or start with ${iamPaths.join(', ')}.`;
}
