/** The source of a copy: where it is, who may read it, whether it is as the client expects. */
import { decodePercent } from '../../wire/index.ts';
import type { Call, Demand } from '../operation.ts';
import { requireBucket } from './buckets.ts';
import { type CopyConditions, checkCopyConditions } from './conditions.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import { findVersion } from './objects.ts';
import { type Found, getDemand, type ObjectInput, requestedVersion } from './reading.ts';
import type { S3State } from './state.ts';

/** Larger objects are copied in parts. */
export const maximumCopyBytes = 5 * 1024 ** 3;

export interface CopyInput extends CopyConditions {
  readonly CopySource: string;
  readonly ExpectedSourceBucketOwner?: string | undefined;
}

/** `bucket/key`, `/bucket/key`, `…?versionId=ID`; percent-encoded. @throws AwsFault InvalidArgument. */
export function parseCopySource({ CopySource, ExpectedSourceBucketOwner: owner }: CopyInput): ObjectInput {
  const [, path = '', version] = /^([^?]*)(?:\?versionId=([^&]*))?$/s.exec(CopySource) ?? [];
  // Some clients encode the slash between bucket and key too.
  const decoded = decodePercent(path).replace(/^\//, '');
  const at = decoded.indexOf('/');
  if (at < 1 || at === decoded.length - 1) {
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      CopySource,
    );
  }
  return {
    Bucket: decoded.slice(0, at),
    Key: decoded.slice(at + 1),
    VersionId: version === undefined ? undefined : decodePercent(version),
    ExpectedBucketOwner: owner,
  };
}

export function sourceDemand(input: CopyInput, state: S3State): Demand {
  return getDemand(parseCopySource(input), state);
}

/** @throws AwsFault NoSuchBucket, NoSuchKey, NoSuchVersion, PreconditionFailed, InvalidRequest. */
export function copySource(input: CopyInput, call: Call, state: S3State): Found {
  const source = parseCopySource(input);
  refuseMarker(source, state);
  const found = requestedVersion(source, call, state);
  checkCopyConditions(input, found.version, call.now);
  return found;
}

function refuseMarker(source: ObjectInput, state: S3State): void {
  const { Key: key, VersionId: version } = source;
  if (version === undefined) return;
  if (findVersion(requireBucket(source, state).name, { key, version }, state)?.isMarker) {
    throw invalidRequest('The source of a copy request may not specifically refer to a delete marker by version id.');
  }
}

/** @throws AwsFault InvalidRequest. */
export function checkCopySize(bytes: number): void {
  if (bytes <= maximumCopyBytes) return;
  throw invalidRequest(
    `The specified copy source is larger than the maximum allowable size for a copy source: ${maximumCopyBytes}`,
  );
}
