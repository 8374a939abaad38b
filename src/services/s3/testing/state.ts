/** S3's tables in a folder of their own, with a clock that stands still and random bytes that repeat. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../../random/index.ts';
import { openStore } from '../../../store/index.ts';
import { type Bucket, findBucket } from '../buckets.ts';
import type { NewVersion } from '../objects.ts';
import type { S3State } from '../state.ts';
import { s3Tables } from '../tables.ts';

export interface TestS3 {
  readonly state: S3State;
  close(): Promise<void>;
}

export async function openS3(): Promise<TestS3> {
  const directory = await mkdtemp(join(tmpdir(), 'whippet-s3-'));
  const store = await openStore({ directory, schemas: [s3Tables], durability: 'memory' });
  const { next } = seededRandom(1);
  const random = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, () => Math.floor(next() * 256)));
  const now = new Date('2026-01-15T12:00:00Z');
  return {
    state: { store, clock: { now: () => now }, random },
    async close() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

export function makeBucket({ store, clock }: S3State, name: string, versioning: Bucket['versioning'] = null): Bucket {
  store.database.run(
    'INSERT INTO buckets (name, account, region, created, versioning) VALUES (?, ?, ?, ?, ?)',
    ...[name, '000000000000', 'us-east-1', clock.now().getTime(), versioning],
  );
  return findBucket(name, { store, clock, random: () => Buffer.alloc(0) }) as Bucket;
}

/** An object of which only the key matters. */
export function emptyObject(key: string): NewVersion {
  return { key, size: 0, etag: 'd41d8cd98f00b204e9800998ecf8427e', parts: [], headers: {}, metadata: {} };
}
