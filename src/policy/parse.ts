import { attachedMistake, attachedWording } from './attached-rules.ts';
import { compileStatement } from './compile.ts';
import type { PolicyDocument, PolicyKind } from './document.ts';
import { identityMistake, identityWording } from './identity-rules.ts';
import { MalformedPolicy } from './malformed.ts';
import { shapeDocument } from './shape.ts';

export interface ParseOptions {
  /** ARN of the bucket that the policy is for: then its resources must be that bucket and what is in it. */
  readonly attachedTo?: string;
}

/**
 * Reads a document and makes it ready for evaluation, once.
 * @param text JSON. How long it may be differs from service to service: see policySize.
 * @throws MalformedPolicy with AWS's words.
 */
export function parsePolicy(text: string, kind: PolicyKind, { attachedTo }: ParseOptions = {}): PolicyDocument {
  const isAttached = kind === 'resource' || kind === 'trust';
  if (kind === 'resource' && !text.startsWith('{')) {
    throw new MalformedPolicy("Policies must be valid JSON and the first byte must be '{'");
  }
  const document = shapeDocument(text, isAttached ? attachedWording : identityWording);
  const mistake = isAttached ? attachedMistake(document, { kind, attachedTo }) : identityMistake(document);
  if (mistake !== undefined) throw new MalformedPolicy(mistake);
  const version = document.version ?? '2008-10-17';
  const variables = version === '2012-10-17';
  return {
    kind,
    source: text,
    version,
    id: document.id,
    statements: document.statements.map((statement, index) => compileStatement(statement, { index, variables })),
  };
}

/**
 * Characters of a document as IAM counts them against its quotas: "IAM doesn't count white space".
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function policySize(text: string): number {
  return text.replace(/\s+/g, '').length;
}
