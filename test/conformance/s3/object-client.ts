import { createHash, randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Running, running, type Scope } from '../../server/running.ts';

export interface ObjectClient extends Running {
  readonly s3: S3Client;
  /** A new bucket's name. */
  bucket(versioning?: 'Enabled' | 'Suspended'): Promise<string>;
}

/** A server and a client of its root user. */
export async function openObjects(scope: Scope): Promise<ObjectClient> {
  const opened = await running(scope);
  const { server } = opened;
  const s3 = new S3Client({
    endpoint: server.url,
    region: server.region,
    credentials: server.credentials,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  scope.after(async () => s3.destroy());
  return {
    ...opened,
    s3,
    async bucket(versioning) {
      const Bucket = `objects-${randomUUID().slice(0, 13)}`;
      await s3.send(new CreateBucketCommand({ Bucket }));
      if (versioning) {
        const VersioningConfiguration = { Status: versioning };
        await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
      }
      return Bucket;
    },
  };
}

/** How a call was refused. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: string; status: number; message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { code: name, status: $metadata?.httpStatusCode ?? 0, message };
  }
  throw new Error('The call was answered.');
}

/** Members of an answer that differ from run to run are left out. */
export function answerOf<Output extends { $metadata: unknown }>({ $metadata: _, ...members }: Output) {
  return members;
}

/** The three that most tests need, in short, for a client that is opened later. `get` reads the whole body. */
export function callsOf(client: () => ObjectClient) {
  return {
    put: async (Bucket: string, Key: string, Body: string | Uint8Array = 'hello', more: object = {}) =>
      client().s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more })),
    async get(Bucket: string, Key: string, more: object = {}) {
      const answer = await client().s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
      return { ...answer, bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []) };
    },
    head: async (Bucket: string, Key: string, more: object = {}) =>
      client().s3.send(new HeadObjectCommand({ Bucket, Key, ...more })),
  };
}

export function md5(bytes: string | Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
