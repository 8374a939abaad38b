/** Bucket policies as they are put. How they are evaluated is policy/'s affair. */
import { MalformedPolicy, type PolicyDocument, parsePolicy, type Statement } from '../../policy/index.ts';
import { malformedPolicy } from './errors.ts';
import { canConcern } from './policy-actions.ts';

/** 20 KB. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html */
const maximumBytes = 20 * 1024;

/** @throws AwsFault MalformedPolicy when it is no policy, too large, or about another bucket. */
export function checkBucketPolicy(text: string, bucket: string): PolicyDocument {
  if (Buffer.byteLength(text) > maximumBytes)
    throw malformedPolicy('Policies must be no longer than 20480 characters.');
  const document = parse(text);
  for (const { resource, action } of document.statements) {
    if (resource && !resource.patterns.every((pattern) => concerns(pattern, bucket))) {
      throw malformedPolicy('Policy has invalid resource');
    }
    if (!action.patterns.every((pattern) => pattern === '*' || /^s3:/i.test(pattern))) {
      throw malformedPolicy('Policy has invalid action');
    }
    if (resource && !resource.negated && !action.negated) {
      const apply = action.patterns.every((pattern) => canConcern(pattern, resource.patterns));
      if (!apply) throw malformedPolicy('Action does not apply to any resource(s) in statement');
    }
  }
  return document;
}

function parse(text: string): PolicyDocument {
  try {
    return parsePolicy(text, 'resource');
  } catch (error) {
    if (error instanceof MalformedPolicy) throw malformedPolicy(error.message);
    throw error;
  }
}

/** The bucket itself or objects of it. Where the bucket's part holds wildcards, what precedes them has to fit. */
function concerns(pattern: string, bucket: string): boolean {
  const [name = ''] = pattern.replace(/^arn:[^:]*:s3:::/, '').split('/');
  const wildcard = name.search(/[*?]/);
  if (wildcard < 0) return name === bucket;
  return pattern !== '*' && bucket.startsWith(name.slice(0, wildcard));
}

/** Condition keys by which a grant to everybody becomes one to somebody, when their values are fixed. */
const narrowing = new Set([
  ...['aws:sourceip', 'aws:sourcearn', 'aws:sourceaccount', 'aws:sourceowner', 'aws:sourcevpc', 'aws:sourcevpce'],
  ...['aws:principalarn', 'aws:principalaccount', 'aws:principalorgid', 'aws:principalorgpaths', 'aws:userid'],
  ...['s3:dataaccesspointaccount', 's3:dataaccesspointarn'],
]);

/**
 * Whether a policy lets everybody in: an Allow for Principal "*" that no condition narrows to fixed values.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function isPublic(text: string): boolean {
  return parsePolicy(text, 'resource').statements.some(
    (statement) => statement.effect === 'Allow' && namesEverybody(statement) && !isNarrowed(statement),
  );
}

function namesEverybody({ principal }: Statement): boolean {
  if (principal === undefined) return false;
  return principal.negated || Object.values(principal.principals).some((names) => names.includes('*'));
}

function isNarrowed({ conditions }: Statement): boolean {
  return conditions.some(
    ({ key, operator, values }) =>
      narrowing.has(key.toLowerCase()) &&
      !/^not|not(equals|like|ipaddress)/i.test(operator) &&
      values.every((value) => !/[*?]|\$\{/.test(value) && value !== '0.0.0.0/0' && value !== '::/0'),
  );
}
