import { validation } from './errors.ts';

export interface S3Location {
  readonly bucket: string;
  /** Key or beginning of keys; empty for the whole bucket. */
  readonly key: string;
}

/**
 * `s3://bucket/key`. The models also allow https://, which SageMaker refuses in most places.
 * @param member Where it was given: `OutputDataConfig.S3OutputPath`.
 * @throws AwsFault ValidationException.
 */
export function parseS3Uri(uri: string, member: string): S3Location {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri) ?? [];
  if (bucket === undefined)
    throw validation(`${member} must be an S3 URI such as s3://bucket/prefix, but is "${uri}".`);
  return { bucket, key };
}

export function formatS3Uri({ bucket, key }: S3Location): string {
  return `s3://${bucket}/${key}`;
}

/** A key below a prefix that is meant as a folder, with or without a slash at its end. */
export function below({ bucket, key }: S3Location, ...names: readonly string[]): S3Location {
  const folder = key.replace(/\/+$/, '');
  return { bucket, key: [...(folder === '' ? [] : [folder]), ...names].join('/') };
}
