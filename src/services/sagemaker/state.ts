import type { Readable } from 'node:stream';
import type { Clock, InstanceHost, Journal } from '../../host/index.ts';
import type { Database } from '../../store/index.ts';
import type { Demand } from '../operation.ts';

/** What SageMaker's operations and jobs work on. */
export interface SageMakerState {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: (bytes: number) => Buffer;
  readonly journal: Journal;
  /** Folder for what jobs need on the disk: trees of instances, channels, the feature cache. Made when it is first needed. */
  readonly directory: string;
  readonly instances: InstanceHost;
  readonly roles: Roles;
  readonly logs: LogSink;
  readonly metrics: MetricSink;
  /** `http://127.0.0.1:4566`: what instances get as AWS_ENDPOINT_URL. Known once the server listens. */
  readonly url: () => string;
}

/** What SageMaker needs of IAM, STS and S3; the server wires it. */
export interface Roles {
  /**
   * Assumes a role as the service does.
   * @returns undefined where there is no such role or it does not trust sagemaker.amazonaws.com.
   */
  assume(roleArn: string, options: AssumeOptions): Promise<RoleSession | undefined>;
}

export interface AssumeOptions {
  /** Job's name, cut to what a session name may be by who implements it. */
  readonly sessionName: string;
  readonly region: string;
  /** ARN of the job: `aws:SourceArn` in conditions of the trust policy. */
  readonly sourceArn?: string;
}

/** What a role may do, for as long as a job runs; rights count as they are at each call. */
export interface RoleSession {
  /** `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`. */
  readonly arn: string;
  /** Temporary credentials for the instance's environment. */
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
    readonly expiration: Date;
  };
  /** @returns AWS's wording for the first demand that is denied; undefined when all are allowed. */
  denial(demands: readonly Demand[]): Promise<string | undefined>;
  readonly objects: RoleObjects;
}

/** An object of S3 as a role sees it. */
export interface ObjectEntry {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. Two versions with the same ETag and size have the same bytes. */
  readonly etag: string;
}

/** S3 with the rights of a role. Everything throws AwsFault as S3 does: NoSuchBucket, NoSuchKey, AccessDenied with its wording. */
export interface RoleObjects {
  /** All current objects below a prefix, in the order of their keys. Needs s3:ListBucket. */
  list(bucket: string, prefix: string): AsyncIterable<ObjectEntry>;
  /** Changes whenever an object below the prefix is made, replaced or deleted. Needs s3:ListBucket. */
  revision(bucket: string, prefix: string): Promise<string>;
  /** Undefined where there is no such key. Needs s3:GetObject. */
  head(bucket: string, key: string): Promise<ObjectEntry | undefined>;
  /** s3:GetObject of each key, whether or not there is such a key. */
  requireRights(bucket: string, keys: readonly string[]): Promise<void>;
  /** Whether `put` would work now: the bucket, s3:PutObject of the key, and its length. */
  requireWritable(bucket: string, key: string): Promise<void>;
  /** The bytes. Needs s3:GetObject. Destroy a stream that is not read. */
  read(bucket: string, key: string): Promise<Readable>;
  /**
   * Puts the object's bytes into a new file. Needs s3:GetObject.
   * `link`: the file may share the object's blob, since nobody can write through it (mode 0444, and the reader sees it read-only).
   */
  writeTo(bucket: string, key: string, target: { readonly path: string; readonly link: boolean }): Promise<void>;
  /** Creates or replaces an object from a file or bytes; multipart is not needed. Needs s3:PutObject. */
  put(
    bucket: string,
    key: string,
    source: { readonly path: string } | { readonly bytes: Uint8Array },
    options?: { readonly contentType?: string },
  ): Promise<ObjectEntry>;
  /** Needs s3:DeleteObject. */
  remove(bucket: string, key: string): Promise<void>;
}

/** CloudWatch Logs: group and stream are made where they are missing. */
export interface LogSink {
  append(
    target: { readonly account: string; readonly region: string; readonly group: string; readonly stream: string },
    events: readonly { readonly timestamp: Date; readonly message: string }[],
  ): void;
}

export interface MetricSink {
  put(
    place: { readonly account: string; readonly region: string },
    datum: {
      readonly namespace: string;
      readonly name: string;
      readonly dimensions: Readonly<Record<string, string>>;
      readonly values: readonly number[];
      readonly unit: string;
      readonly time: Date;
    },
  ): void;
}
