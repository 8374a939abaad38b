import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userError } from '../../errors/index.ts';
import type { DownloadEvent, DownloadOptions, DownloadResult } from '../../net/index.ts';
import type { Listener } from '../events.ts';
import type { WeightsFacts } from './backbone.ts';
import { openSafetensors } from './safetensors.ts';

/** `download` of net/, or the same with a proxy and a mirror bound to it. */
export type DownloadFunction = (
  url: string,
  destination: string,
  options: Pick<DownloadOptions, 'sha256' | 'onEvent' | 'signal'>,
) => Promise<Pick<DownloadResult, 'bytes' | 'sha256' | 'headers'>>;

export interface WeightsSource {
  /** File name in the cache, without ending. */
  readonly name: string;
  readonly url: string;
  /** SHA-256 that is known beforehand; without it the host's word and the first download count. */
  readonly sha256?: string;
}

export interface AcquireOptions {
  readonly cacheDirectory: string;
  /** Caches of others where weights are looked for before they are downloaded; nothing is written there. */
  readonly baseCacheDirectories?: readonly string[] | undefined;
  readonly download: DownloadFunction;
  readonly onEvent?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What stands beside downloaded weights: later files must be the same. */
interface Lock {
  readonly source: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Who vouched: a digest in Whippet, the host's `x-linked-etag`, or nobody but the first download. */
  readonly verifiedBy: 'pin' | 'host' | 'first use';
}

/** Facts of a file that the user gives. @throws WHIPPET_BACKBONE_FILE */
export async function weightsAt(path: string): Promise<WeightsFacts> {
  try {
    const { size } = await stat(path);
    return { source: path, sha256: await sha256Of(path), bytes: size };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw userError('WHIPPET_BACKBONE_FILE', { source: path, reason }, error);
  }
}

/**
 * The path of weights in the user's cache, downloaded when they are not there. They are checked against the digest that Whippet knows,
 * against the one that huggingface.co announces (`x-linked-etag` is the SHA-256 of a file kept in large file storage, `x-linked-size`
 * its length), and against the lock file of the first download, each where there is one.
 * @throws WHIPPET_BACKBONE_WEIGHTS_CHANGED, WHIPPET_BACKBONE_WEIGHTS_UNVERIFIED, WHIPPET_BACKBONE_WEIGHTS_MALFORMED, WHIPPET_NET_*
 */
export async function acquireWeights(
  source: WeightsSource,
  options: AcquireOptions,
): Promise<{ readonly path: string; readonly facts: WeightsFacts }> {
  const path = join(options.cacheDirectory, 'weights', `${source.name}.safetensors`);
  const lockPath = `${path}.lock.json`;
  const lock = await readLock(lockPath);
  const expected = source.sha256 ?? lock?.sha256;
  const present = lock && (await stat(path).catch(() => undefined));
  if (present) {
    const sha256 = await sha256Of(path);
    if (sha256 === expected) return { path, facts: { source: source.url, sha256, bytes: present.size } };
    throw userError('WHIPPET_BACKBONE_WEIGHTS_CHANGED', { path, expected: expected!, actual: sha256 });
  }
  const known = await inBaseCaches(source, options);
  if (known) return known;
  const received = await options.download(source.url, path, {
    ...(expected === undefined ? {} : { sha256: expected }),
    ...(options.signal ? { signal: options.signal } : {}),
    onEvent: (event) => relay(event, options.onEvent),
  });
  const vouched = await verify(path, received, source.url);
  const verifiedBy = source.sha256 !== undefined ? 'pin' : vouched ? 'host' : 'first use';
  const { sha256, bytes } = received;
  if (verifiedBy === 'first use' && !lock) {
    const message = `Nobody vouches for ${source.url}: its SHA-256 ${sha256} is recorded and must stay the same.`;
    options.onEvent?.({ type: 'warning', code: 'weights-unverified', message });
  }
  await writeLock(lockPath, lock ?? { source: source.url, sha256, bytes, verifiedBy });
  return { path, facts: { source: source.url, sha256, bytes } };
}

/** Weights in the cache of somebody else. Those that are not what its lock, or Whippet, says are passed over. */
async function inBaseCaches(
  { name, url, sha256: pinned }: WeightsSource,
  { baseCacheDirectories = [] }: AcquireOptions,
): Promise<{ readonly path: string; readonly facts: WeightsFacts } | undefined> {
  for (const directory of baseCacheDirectories) {
    const path = join(directory, 'weights', `${name}.safetensors`);
    const found = await stat(path).catch(() => undefined);
    if (!found) continue;
    const expected = pinned ?? (await readLock(`${path}.lock.json`).catch(() => undefined))?.sha256;
    const sha256 = expected === undefined ? undefined : await sha256Of(path).catch(() => undefined);
    if (sha256 !== undefined && sha256 === expected) return { path, facts: { source: url, sha256, bytes: found.size } };
  }
  return undefined;
}

/** True when the host announced the digest. A file that is not what it should be is removed before it can be trusted. */
async function verify(
  path: string,
  { sha256, bytes, headers }: Pick<DownloadResult, 'bytes' | 'sha256' | 'headers'>,
  url: string,
): Promise<boolean> {
  try {
    // Weak prefix and quotes: RFC 9110 §8.8.3. Files outside large file storage have a Git hash of 40 digits there.
    const announced = /^(?:W\/)?"?([0-9a-f]{64})"?$/i.exec(headers['x-linked-etag'] ?? '')?.[1]?.toLowerCase();
    const length = headers['x-linked-size'];
    if ((announced !== undefined && announced !== sha256) || (length !== undefined && Number(length) !== bytes)) {
      const expected = announced ?? `${length} bytes`;
      throw userError('WHIPPET_BACKBONE_WEIGHTS_UNVERIFIED', {
        url,
        expected,
        actual: announced ? sha256 : `${bytes} bytes`,
      });
    }
    // A captive portal answers 200 with a page: nothing to trust on first use.
    const file = await openSafetensors(path, url);
    await file.close();
    return announced !== undefined;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

function relay(event: DownloadEvent, listener: Listener | undefined): void {
  if (event.type === 'retry') {
    listener?.({ type: 'warning', code: 'download-retry', message: `The download goes on after ${event.reason}.` });
    return;
  }
  const done = event.type === 'begin' ? event.resumedFrom : event.done;
  const total = (event.type === 'begin' ? event.bytes : event.total) ?? 0;
  listener?.({ type: 'progress', stage: 'download', done, total, unit: 'bytes' });
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function readLock(path: string): Promise<Lock | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const lock = JSON.parse(text) as Lock;
    if (/^[0-9a-f]{64}$/.test(lock.sha256)) return lock;
  } catch {
    // Reported below, like any other content that is no lock.
  }
  throw userError('WHIPPET_BACKBONE_WEIGHTS_LOCK', { path });
}

async function writeLock(path: string, lock: Lock): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify(lock, null, 2)}\n`);
  await rename(temporary, path);
}
