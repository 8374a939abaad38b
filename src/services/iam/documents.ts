import { MalformedPolicy, type PolicyDocument, type PolicyKind, parsePolicy } from '../../policy/index.ts';
import { malformedPolicyDocument } from './errors.ts';

/** @throws AwsFault MalformedPolicyDocument, in AWS's words. */
export function checkDocument(text: string, kind: Extract<PolicyKind, 'identity' | 'trust'>): PolicyDocument {
  try {
    return parsePolicy(text, kind);
  } catch (error) {
    if (error instanceof MalformedPolicy) throw malformedPolicyDocument(error.message);
    throw error;
  }
}

/**
 * "Policies returned by this operation are URL-encoded compliant with RFC 3986":
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html. Of its reserved characters JavaScript leaves five as they are.
 */
export function encodeDocument(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
