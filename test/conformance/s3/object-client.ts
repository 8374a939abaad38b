import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
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
