import { splitArn } from '../arn/index.ts';

/**
 * An ARN in a policy at its colons, at most six parts. Names of variables hold colons of their own, which do not count:
 * `arn:aws:iam::${aws:PrincipalAccount}:role/x`.
 */
export function splitArnPattern(pattern: string): string[] {
  const hidden = pattern.replace(variable, (text) => text.replaceAll(':', '\0'));
  const parts = splitArn(hidden) ?? hidden.split(':');
  return parts.map((part) => part.replace(variable, (text) => text.replaceAll('\0', ':')));
}

/** Parts that are not there stand for anything: `arn:aws:sns` is `arn:aws:sns:*:*:*`. */
export function padArnPattern(parts: readonly string[]): string[] {
  return [...parts, ...Array<string>(6 - parts.length).fill('*')];
}

const variable = /\$\{[^{}]*\}/g;
