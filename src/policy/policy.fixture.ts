import type { PolicyDocument, PolicyKind } from './document.ts';
import { parsePolicy } from './parse.ts';
import type { AuthorizationRequest, NamedPolicy, PolicyPrincipal } from './request.ts';

/** Callers and requests that tests share. */
export const account = '000000000000';
export const otherAccount = '111122223333';

export const root: PolicyPrincipal = { kind: 'root', account, arn: `arn:aws:iam::${account}:root` };

export const trainer = {
  kind: 'assumed-role',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/Train/s1`,
  id: 'AROAEXAMPLEEXAMPLEEXA:s1',
  roleArn: `arn:aws:iam::${account}:role/service-role/Train`,
} as const satisfies PolicyPrincipal;

export const ana = {
  kind: 'user',
  account,
  arn: `arn:aws:iam::${account}:user/ana`,
  id: 'AIDAEXAMPLEEXAMPLEEXA',
} as const satisfies PolicyPrincipal;

export const sageMaker: PolicyPrincipal = { kind: 'service', service: 'sagemaker.amazonaws.com' };
export const anonymous: PolicyPrincipal = { kind: 'anonymous' };

export type StatementText = Readonly<Record<string, unknown>>;

export function document(kind: PolicyKind, ...statements: readonly StatementText[]): PolicyDocument {
  return parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind);
}

/** Statements of policies of identities: everything on everything, unless said otherwise. */
export function policy(...statements: readonly StatementText[]): NamedPolicy {
  const whole = statements.map((statement) => ({
    Effect: 'Allow',
    ...('NotAction' in statement ? {} : { Action: '*' }),
    ...('NotResource' in statement ? {} : { Resource: '*' }),
    ...statement,
  }));
  return { name: 'p', document: document('identity', ...whole) };
}

/** Statements of the policy of a bucket: for everyone on everything, unless said otherwise. */
export function bucketPolicy(...statements: readonly StatementText[]): NamedPolicy {
  const whole = statements.map((statement) => ({
    Effect: 'Allow',
    Action: 's3:*',
    Resource: '*',
    ...('NotPrincipal' in statement ? {} : { Principal: '*' }),
    ...statement,
  }));
  return { name: 'bucket policy', document: document('resource', ...whole) };
}

export function trustPolicy(...statements: readonly StatementText[]): NamedPolicy {
  const whole = statements.map((statement) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }));
  return { name: 'trust policy', document: document('trust', ...whole) };
}

export function request(change: Partial<AuthorizationRequest> = {}): AuthorizationRequest {
  return {
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::photos/a.jpg',
    principal: trainer,
    resourceAccount: account,
    context: {},
    ...change,
  };
}
