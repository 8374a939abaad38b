/** Tags of objects and buckets. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
import { AwsFault } from '../../wire/index.ts';
import type { AuthorizationContext } from '../principal.ts';
import { invalidArgument } from './errors.ts';
import type { Tags } from './objects.ts';

export const maximumObjectTags = 10;
export const maximumBucketTags = 50;

/** `a=1&b=2`, the form of x-amz-tagging. @throws AwsFault InvalidTag, BadRequest, InvalidArgument. */
export function parseTagging(header: string | undefined): Tags | undefined {
  if (header === undefined || header === '') return undefined;
  let tags: Tags;
  try {
    tags = header.split('&').map((pair) => {
      const [key = '', value = '', ...rest] = pair
        .split('=')
        .map((text) => decodeURIComponent(text.replaceAll('+', ' ')));
      if (rest.length > 0) throw new Error('two equal signs');
      return [key, value];
    });
  } catch {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    );
  }
  return checkTags(tags, maximumObjectTags);
}

/** @param maximum 10 for objects, 50 for buckets. @throws AwsFault InvalidTag, BadRequest. */
export function checkTags(tags: Tags, maximum: number): Tags {
  if (tags.length > maximum) {
    const what = maximum === maximumObjectTags ? 'Object tags' : 'Bucket tag count';
    throw new AwsFault({ code: 'BadRequest', status: 400, message: `${what} cannot be greater than ${maximum}` });
  }
  const seen = new Set<string>();
  for (const [key, value] of tags) {
    if (key === '' || [...key].length > 128) throw invalidTag('The TagKey you have provided is invalid');
    if ([...value].length > 256) throw invalidTag('The TagValue you have provided is invalid');
    if (key.toLowerCase().startsWith('aws:')) throw invalidTag('System tags cannot be added/updated by requester');
    if (!allowedText(key)) throw invalidTag('The TagKey you have provided is invalid');
    if (!allowedText(value)) throw invalidTag('The TagValue you have provided is invalid');
    if (seen.has(key)) throw invalidTag('Cannot provide multiple Tags with the same key');
    seen.add(key);
  }
  return tags;
}

/** What policies can say of the tags that a request brings. */
export function tagContext(tags: Tags | undefined): AuthorizationContext {
  if (!tags?.length) return {};
  const values = tags.map(([key, value]) => [`s3:RequestObjectTag/${key}`, value]);
  return { ...Object.fromEntries(values), 's3:RequestObjectTagKeys': tags.map(([key]) => key) };
}

/** Letters, digits, spaces and _ . : / = + - @ of any script. */
function allowedText(text: string): boolean {
  return /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text);
}

function invalidTag(message: string): AwsFault {
  return new AwsFault({ code: 'InvalidTag', status: 400, message });
}
