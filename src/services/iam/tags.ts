import type { Tag } from '@aws-sdk/client-iam';
import type { AuthorizationContext } from '../principal.ts';
import { invalidInput, limitExceeded } from './errors.ts';

/** In the order they were set. Keys are compared without case and kept as they were given. */
export type Tags = readonly (readonly [key: string, value: string])[];

const maximumTags = 50;

/** @throws AwsFault InvalidInput when a key is there twice, or begins as AWS's own do. */
export function readTags(tags: readonly Tag[] | undefined): Tags {
  const read = (tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value] as const);
  if (new Set(read.map(([key]) => key.toLowerCase())).size < read.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  const reserved = read.find(([key]) => /^aws:/i.test(key));
  if (reserved) throw invalidInput(`The tag key ${reserved[0]} begins with aws:, which is reserved for AWS.`);
  return read;
}

/** @throws AwsFault LimitExceeded when there would be more than 50. */
export function withTags(tags: Tags, added: Tags): Tags {
  const merged = new Map(tags.map((tag) => [tag[0].toLowerCase(), tag]));
  for (const tag of added) merged.set(tag[0].toLowerCase(), tag);
  if (merged.size > maximumTags) throw limitExceeded('The number of tags has reached the maximum limit.');
  return [...merged.values()];
}

/** Keys that are not there are no error. */
export function withoutTags(tags: Tags, keys: readonly string[]): Tags {
  const gone = new Set(keys.map((key) => key.toLowerCase()));
  return tags.filter(([key]) => !gone.has(key.toLowerCase()));
}

export function wireTags(tags: Tags): Tag[] {
  return tags.map(([Key, Value]) => ({ Key, Value }));
}

/** Condition keys of tags that the request sets. */
export function requestTagContext(tags: readonly Tag[] | undefined): AuthorizationContext {
  if (!tags || tags.length === 0) return {};
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    'aws:TagKeys': tags.map(({ Key = '' }) => Key),
  };
}

/** Condition keys of tags that the role or policy has: IAM's own name for them, and the global one. */
export function resourceTagContext(tags: Tags): AuthorizationContext {
  return Object.fromEntries(
    tags.flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`iam:ResourceTag/${key}`, value],
    ]),
  );
}
