import { createHash } from 'node:crypto';
import type { Grant, Owner } from '@aws-sdk/client-s3';

/** An account's canonical user id: 64 hexadecimal digits. AWS's cannot be computed; ours can, so that they need not be stored. */
export function ownerOf(account: string): Owner {
  return { ID: createHash('sha256').update(`canonical user of ${account}`).digest('hex') };
}

/** The only grant there is where ACLs are disabled. */
export function fullControl(account: string): Grant[] {
  return [{ Grantee: { ...ownerOf(account), Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }];
}
