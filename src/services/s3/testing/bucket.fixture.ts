import { type Bucket, findBucket } from '../buckets.ts';
import type { NewVersion } from '../objects.ts';
import type { S3State } from '../state.ts';

export function makeBucket(name: string, state: S3State, versioning: Bucket['versioning'] = null): Bucket {
  state.store.database.run(
    'INSERT INTO buckets (name, account, region, created, versioning) VALUES (?, ?, ?, ?, ?)',
    ...[name, '000000000000', 'us-east-1', state.clock.now().getTime(), versioning],
  );
  return findBucket(name, state) as Bucket;
}

/** An object of which only the key matters. */
export function emptyObject(key: string): NewVersion {
  return { key, size: 0, etag: 'd41d8cd98f00b204e9800998ecf8427e', parts: [], headers: {}, metadata: {} };
}
