import { parseArn } from '../../arn/index.ts';
import { policySize } from '../../policy/index.ts';
import { checkDocument } from './documents.ts';
import { malformedPolicyDocument, quotaExceeded } from './errors.ts';
import { findRoleByArn } from './roles.ts';
import type { IamState } from './state.ts';

/** Characters without white space. A quota that AWS raises to 8,192 on request. */
const trustPolicySize = 2048;

/** @throws AwsFault MalformedPolicyDocument, LimitExceeded. */
export function checkTrustPolicy(text: string, account: string, state: IamState): string {
  const { statements } = checkDocument(text, 'trust');
  for (const { principal } of statements) {
    const stranger = principal?.principals.AWS?.find((name) => isUnknown(name, account, state));
    if (stranger !== undefined) throw malformedPolicyDocument(`Invalid principal in policy: "AWS":"${stranger}"`);
  }
  if (policySize(text) > trustPolicySize) throw quotaExceeded('ACLSizePerRole', trustPolicySize);
  return text;
}

/** IAM takes no role or user that it does not know. Those of other accounts cannot be looked up here. */
function isUnknown(name: string, account: string, state: IamState): boolean {
  const arn = parseArn(name);
  if (arn?.service !== 'iam' || arn.account !== account) return false;
  return arn.resource !== 'root' && findRoleByArn(name, state) === undefined;
}
