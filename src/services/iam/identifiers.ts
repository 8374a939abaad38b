import type { IamState } from './state.ts';

/** What a unique id stands for: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes */
export type IdPrefix = 'AROA' | 'ANPA';

/** `AROA` and 17 characters of base32, as IAM's ids are. A name may be given again after its owner was deleted, an id is not. */
export function uniqueId(prefix: IdPrefix, { random }: Pick<IamState, 'random'>): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return prefix + Array.from(random(17), (byte) => alphabet[byte & 31]).join('');
}
