import { deflateRawSync } from 'node:zlib';
import type { AssumeRoleRequest } from '@aws-sdk/client-sts';
import { MalformedPolicy, parsePolicy } from '../../policy/index.ts';
import { malformedPolicyDocument, packedPolicyTooLarge, validationError } from './errors.ts';
import type { AssumableRole } from './state.ts';

export interface SessionPolicies {
  /** JSON. */
  readonly policies: readonly string[];
  /** Per cent of what there is room for; undefined when nothing was passed. */
  readonly packedSize: number | undefined;
}

/** "The plaintext that you use for both inline and managed session policies can't exceed 2,048 characters." */
const plainSize = 2048;
const mostPolicies = 10;
/** Bytes. How AWS packs, and how much room there is, is not told: this is deflate's size against the same 2,048. */
const packedRoom = 2048;

/**
 * What the session shall be cut down to.
 * @throws AwsFault MalformedPolicyDocument, PackedPolicyTooLarge, ValidationError for a managed policy that is not the role's account's.
 */
export function readSessionPolicies(
  { Policy, PolicyArns = [] }: Pick<AssumeRoleRequest, 'Policy' | 'PolicyArns'>,
  role: AssumableRole,
): SessionPolicies {
  if (Policy === undefined && PolicyArns.length === 0) return { policies: [], packedSize: undefined };
  if (PolicyArns.length > mostPolicies) {
    throw validationError(`The number of session policies exceeds the limit of ${mostPolicies}.`);
  }
  const arns = PolicyArns.map(({ arn = '' }) => arn);
  if (Policy !== undefined) checkDocument(Policy);
  const plain = [Policy ?? '', ...arns].join('');
  if (plain.length > plainSize) throw packedPolicyTooLarge(percent(plain.length, plainSize));
  return {
    policies: [...(Policy === undefined ? [] : [Policy]), ...arns.map((arn) => managedDocument(arn, role))],
    packedSize: percent(deflateRawSync(plain).length, packedRoom),
  };
}

function managedDocument(arn: string, role: AssumableRole): string {
  const document = role.managedPolicy(arn);
  if (document === undefined) throw validationError(`${arn} is invalid`);
  return document;
}

function checkDocument(text: string): void {
  try {
    parsePolicy(text, 'session');
  } catch (error) {
    if (error instanceof MalformedPolicy) throw malformedPolicyDocument(error.message);
    throw error;
  }
}

function percent(part: number, whole: number): number {
  return Math.ceil((100 * part) / whole);
}
