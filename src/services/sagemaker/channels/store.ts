import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { RoleObjects, SageMakerState } from '../state.ts';
import { failed, JobFailure } from '../training/outcome.ts';
import { type ChannelFile, inPortions } from './listing.ts';
import { createListings, type Listings } from './listings.ts';

/**
 * Channels as folders that jobs share: the same objects lie on the disk once, however many jobs and trials read them. A folder is named
 * by a digest over names, ETags and sizes.
 */
export interface ChannelStore extends Listings {
  /**
   * A folder with these files, read-only, that stays until it is released. Objects of folders that are there already are only looked at,
   * since every job needs the right to read them.
   * @throws AwsFault as S3 does; the error of the disk.
   */
  hold(
    files: readonly ChannelFile[],
    ground: { readonly objects: RoleObjects; readonly signal: AbortSignal },
  ): Promise<HeldChannel>;
  /** Removes what an earlier server left half made. */
  tidy(): Promise<void>;
}

export interface HeldChannel {
  /** Absolute. */
  readonly path: string;
  release(): void;
}

/** Folders that no job uses are kept up to so many bytes. */
const keptBytes = 20 * 1024 ** 3;

export function createChannelStore(state: SageMakerState): ChannelStore {
  const directory = join(state.directory, 'channels');
  const listings = createListings();
  const users = new Map<string, number>();
  /** Folders that were looked at for a job that reads them still. */
  const whole = new Set<string>();
  const making = new Map<string, Promise<void>>();

  const release = (digest: string): void => {
    const left = (users.get(digest) ?? 1) - 1;
    if (left > 0) users.set(digest, left);
    else {
      users.delete(digest);
      whole.delete(digest);
    }
    void evict(keptBytes).catch((error: unknown) => {
      state.journal.write('warn', { message: 'channels could not be cleared', error: String(error) });
    });
  };

  /** The longest unused go first. */
  const evict = async (limit: number): Promise<void> => {
    const kept = state.database.all<{ digest: string; bytes: number }>(
      'SELECT digest, bytes FROM sagemaker_channels ORDER BY used DESC',
    );
    let total = 0;
    for (const { digest, bytes } of kept) {
      total += bytes;
      if (total <= limit || users.has(digest) || making.has(digest)) continue;
      state.database.run('DELETE FROM sagemaker_channels WHERE digest = ?', digest);
      await rm(join(directory, digest), { recursive: true, force: true });
    }
  };

  const make: Maker = async (digest, files, ground) => {
    const unfinished = join(directory, `${digest}.${state.random(4).toString('hex')}.part`);
    try {
      await writeFiles(unfinished, files, { ...ground, link: state.instances.isolation === 'bubblewrap' });
      // What was written while somebody replaced it would lie under the wrong digest.
      await lookAt(files, ground);
      await rm(join(directory, digest), { recursive: true, force: true });
      await rename(unfinished, join(directory, digest));
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      throw error;
    }
  };

  const provide: Maker = async (digest, files, ground) => {
    const used = state.clock.now().getTime();
    const known = state.database.get('SELECT 1 FROM sagemaker_channels WHERE digest = ?', digest) !== undefined;
    if (known && (whole.has(digest) || (await isWhole(join(directory, digest), files)))) {
      await requireRights(files, ground);
    } else {
      try {
        await make(digest, files, ground);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        await evict(0);
        await make(digest, files, ground);
      }
    }
    state.database.run(
      'INSERT INTO sagemaker_channels VALUES (?, ?, ?) ON CONFLICT (digest) DO UPDATE SET used = excluded.used',
      ...[digest, files.reduce((sum, { size }) => sum + size, 0), used],
    );
  };

  return {
    ...listings,
    async hold(files, ground) {
      const digest = digestOf(files);
      users.set(digest, (users.get(digest) ?? 0) + 1);
      try {
        // One after another: the second finds what the first has made, and is asked for its own rights.
        const before = making.get(digest) ?? Promise.resolve();
        const mine = before.catch(() => {}).then(() => provide(digest, files, ground));
        making.set(digest, mine);
        await mine.finally(() => making.get(digest) === mine && making.delete(digest));
      } catch (error) {
        release(digest);
        throw error;
      }
      whole.add(digest);
      return { path: join(directory, digest), release: once(() => release(digest)) };
    },
    async tidy() {
      const rows = state.database.all<{ digest: string }>('SELECT digest FROM sagemaker_channels');
      const known = new Set(rows.map(({ digest }) => digest));
      const names = await readdir(directory).catch(() => []);
      const unknown = names.filter((name) => !known.has(name));
      for (const name of unknown) await rm(join(directory, name), { recursive: true, force: true });
    },
  };
}

type Maker = (
  digest: string,
  files: readonly ChannelFile[],
  ground: { readonly objects: RoleObjects; readonly signal: AbortSignal },
) => Promise<void>;

const digests = new WeakMap<readonly ChannelFile[], string>();

/** Of the same array it is computed once. */
export function digestOf(files: readonly ChannelFile[]): string {
  const digest = digests.get(files) ?? computeDigest(files);
  digests.set(files, digest);
  return digest;
}

function computeDigest(files: readonly ChannelFile[]): string {
  const hash = createHash('sha256');
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, etag, size } of sorted) hash.update(`${JSON.stringify([path, etag, size])}\n`);
  return hash.digest('hex').slice(0, 40);
}

async function writeFiles(
  folder: string,
  files: readonly ChannelFile[],
  { objects, signal, link }: { readonly objects: RoleObjects; readonly signal: AbortSignal; readonly link: boolean },
): Promise<void> {
  const folders = new Set(files.map(({ path }) => dirname(join(folder, path))));
  await mkdir(folder, { recursive: true });
  for (const each of folders) await mkdir(each, { recursive: true });
  await inPortions(files, ({ bucket, key, path }) => {
    signal.throwIfAborted();
    return objects.writeTo(bucket, key, { path: join(folder, path), link });
  });
}

/** Holds the objects against the list, with the rights to read them. @throws AwsFault AccessDenied; JobFailure where one has changed. */
async function lookAt(
  files: readonly ChannelFile[],
  { objects, signal }: { readonly objects: RoleObjects; readonly signal: AbortSignal },
): Promise<void> {
  await inPortions(files, async ({ bucket, key, etag }) => {
    signal.throwIfAborted();
    const now = await objects.head(bucket, key);
    if (now?.etag === etag) return;
    const what = now === undefined ? 'deleted' : 'replaced';
    throw new JobFailure(failed('ClientError', `Data download failed: s3://${bucket}/${key} was ${what} meanwhile.`));
  });
}

/** The objects were listed just now. @throws AwsFault AccessDenied. */
async function requireRights(
  files: readonly ChannelFile[],
  { objects, signal }: { readonly objects: RoleObjects; readonly signal: AbortSignal },
): Promise<void> {
  for (const bucket of new Set(files.map((file) => file.bucket))) {
    signal.throwIfAborted();
    const keys = files.filter((file) => file.bucket === bucket).map(({ key }) => key);
    await objects.requireRights(bucket, keys);
  }
}

const looksAtOnce = 500;

/** After a loss of power files may be shorter than they were. Looking at 6,000 takes some 30 ms, during which requests are answered. */
async function isWhole(folder: string, files: readonly ChannelFile[]): Promise<boolean> {
  for (const [at, { path, size }] of files.entries()) {
    if (at % looksAtOnce === 0) await setImmediate();
    const found = lstatSync(join(folder, path), { throwIfNoEntry: false });
    if (!found?.isFile() || found.size !== size) return false;
  }
  return true;
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
