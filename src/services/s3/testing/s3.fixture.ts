import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../store/index.ts';
import type { RequestBody } from '../../../wire/index.ts';
import type { Call } from '../../operation.ts';
import type { S3State } from '../state.ts';
import { s3Tables } from '../tables.ts';

export interface OpenState extends AsyncDisposable {
  readonly state: S3State;
  /** Whatever is asked for is allowed. */
  readonly call: Call;
}

/** S3's own state in a temporary folder, with a clock that ticks a second at each look. */
export async function openState(): Promise<OpenState> {
  const directory = await mkdtemp(join(tmpdir(), 'whippet-s3-'));
  const store = await openStore({ directory, schemas: [s3Tables], durability: 'memory' });
  let time = Date.UTC(2026, 0, 1);
  const now = (): Date => {
    time += 1000;
    return new Date(time);
  };
  return {
    state: { store, clock: { now }, random: randomBytes },
    call: {
      ...{ requestId: 'test', now: new Date(Date.UTC(2030, 0, 1)), account: '000000000000', region: 'us-east-1' },
      principal: { kind: 'root', account: '000000000000', arn: 'arn:aws:iam::000000000000:root', id: '000000000000' },
      url: 'http://127.0.0.1:4566',
      headers: new Map(),
      temporary: false,
      allows: () => true,
      signal: new AbortController().signal,
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function bodyOf(content: string | Uint8Array): RequestBody {
  const bytes = Buffer.from(content);
  return {
    length: bytes.length,
    trailers: new Map(),
    async *[Symbol.asyncIterator]() {
      yield bytes;
    },
  };
}

/** How many small blobs are left after a collection. @throws when one that somebody refers to is missing or damaged. */
export async function collectedBlobs({ store }: S3State): Promise<number> {
  await store.blobs.collect();
  for await (const finding of store.blobs.verify()) throw new Error(JSON.stringify(finding));
  return store.database.get<{ count: number }>('SELECT count(*) AS count FROM small_blobs')?.count ?? 0;
}
