import { createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { openInside } from '../output/inside.ts';
import { requireRoom, withOwnCopy } from '../output/own-copy.ts';

/**
 * The features of a role's jobs, and the weights that they were computed with: instances read them, and write what they compute or download into
 * a cache of their own, whose files come here when the instance has ended. Records are found by content and guarded by checksums, weights by
 * their digest, so that a foreign file can be useless but not wrong by accident; instances see this folder read-only.
 */
export interface SharedFeatures {
  /** Absolute. */
  readonly directory: string;
  /**
   * Moves closed segments of an instance's cache here, and weights that are not here yet. Never throws: without them features are computed
   * again and weights downloaded again. From an instance that may still write to them they are copied. Returns the number of segments.
   */
  take(cache: string, instance?: { readonly isAlive: boolean }): Promise<number>;
}

/**
 * As the engine names them: a folder for each backbone and preprocessing, and in it segments. One that a killed process left open ends with a
 * torn block at worst, which readers ignore.
 */
const folderName = /^(features|pictures)-[0-9a-f]{32}$/;
const segmentName = /^\d{13}-\d+-[0-9a-f]{8}\.(open|segment)$/;

/** Downloaded weights, and what says where they are from and what they must be: the engine checks them at each use. */
const weightsName = /^[\w.-]{1,100}\.safetensors$/;

/** Header of a segment: magic, version, 32 bytes that stand for backbone and preprocessing, checksum of these 48 bytes. */
const headerBytes = 56;
const magic = Buffer.from('whipsegm\x01\0\0\0\0\0\0\0', 'latin1');

/** The cache is kept below so many bytes; the longest unused segments go first. */
const limitBytes = 10 * 1024 ** 3;

/** At the end of a name. */
const unfinished = '.part';

export function sharedFeatures(directory: string, onTrouble: (error: unknown) => void): SharedFeatures {
  const takeAll = async (cache: string, isAlive: boolean): Promise<number> => {
    const transfer = isAlive ? copy : move;
    const isDone = (name: string): boolean => !isAlive || name.endsWith('.segment');
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const taken = await takeSegments(cache, directory, { transfer, isDone });
      if (taken > 0) await evict(directory);
      await takeWeights(join(cache, 'weights'), join(directory, 'weights'), transfer);
      return taken;
    } catch (error) {
      onTrouble(error);
      return 0;
    }
  };
  // One after another: a job's cache may be asked for twice.
  let last = Promise.resolve(0);
  return {
    directory,
    take(cache, { isAlive } = { isAlive: false }) {
      last = last.then(() => takeAll(cache, isAlive));
      return last;
    },
  };
}

/**
 * Removes what a server that was killed had begun to copy.
 * @param directory Of all roles.
 */
export async function removeUnfinished(directory: string): Promise<void> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  for (const name of names.filter((one) => one.endsWith(unfinished))) await rm(join(directory, name), { force: true });
}

async function takeSegments(
  cache: string,
  directory: string,
  { transfer, isDone }: { readonly transfer: Transfer; readonly isDone: (name: string) => boolean },
): Promise<number> {
  let taken = 0;
  for (const folder of await namesIn(cache, folderName)) {
    for (const name of (await namesIn(join(cache, folder), segmentName)).filter(isDone)) {
      if (!(await isSegment(cache, { folder, name }))) continue;
      const target = join(directory, folder, name.replace(/open$/, 'segment'));
      // Never another's: an instance sees their names.
      if ((await lstat(target).catch(() => undefined)) !== undefined) continue;
      await mkdir(join(directory, folder), { recursive: true, mode: 0o700 });
      await transfer({ folder: join(cache, folder), name }, target);
      taken++;
    }
  }
  return taken;
}

async function takeWeights(from: string, to: string, transfer: Transfer): Promise<void> {
  for (const name of await namesIn(from, weightsName)) {
    const isHere = (await lstat(join(to, name)).catch(() => undefined)) !== undefined;
    if (isHere || !(await arePlainFiles(from, [name, `${name}.lock.json`]))) continue;
    await mkdir(to, { recursive: true, mode: 0o700 });
    // The lock first: weights without it would be of no use.
    for (const file of [`${name}.lock.json`, name]) await transfer({ folder: from, name: file }, join(to, file));
  }
}

async function arePlainFiles(folder: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const file = await openInside(folder, name);
    if (file === undefined) return false;
    await file.close();
  }
  return true;
}

async function namesIn(folder: string, pattern: RegExp): Promise<string[]> {
  const found = await lstat(folder).catch(() => undefined);
  return found?.isDirectory() ? (await readdir(folder)).filter((name) => pattern.test(name)).sort() : [];
}

async function isSegment(cache: string, { folder, name }: { folder: string; name: string }): Promise<boolean> {
  const file = await openInside(cache, `${folder}/${name}`);
  if (file === undefined) return false;
  try {
    if ((await file.stat()).size > limitBytes) return false;
    const head = Buffer.alloc(headerBytes);
    await file.read(head, 0, head.length, 0);
    const isIntact = head.readUInt32LE(48) === crc32(head.subarray(0, 48));
    const belongsHere = folder.endsWith(`-${head.toString('hex', 16, 32)}`);
    return head.subarray(0, magic.length).equals(magic) && isIntact && belongsHere;
  } finally {
    await file.close();
  }
}

type Transfer = (file: { readonly folder: string; readonly name: string }, to: string) => Promise<void>;

/** The instance has ended, so nobody has the file open any more. */
const move: Transfer = async ({ folder, name }, to) => {
  try {
    await rename(join(folder, name), to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copy({ folder, name }, to);
  }
};

/** What the instance does with the file meanwhile, or puts in its place, concerns the bytes only. */
const copy: Transfer = async ({ folder, name }, to) => {
  const file = await openInside(folder, name);
  if (file === undefined) return;
  try {
    const { size } = await file.stat();
    if (size === 0) return;
    await requireRoom(dirname(to), size);
    const source = file.createReadStream({ start: 0, end: size - 1, autoClose: false });
    await withOwnCopy(`${to}${unfinished}`, {
      make: (part) => pipeline(source, createWriteStream(part, { mode: 0o600 })),
      use: (part) => rename(part, to),
    });
  } finally {
    await file.close();
  }
};

/** Readers touch the segments that they find something in. */
async function evict(directory: string): Promise<void> {
  const segments: { path: string; size: number; used: number }[] = [];
  for (const folder of await namesIn(directory, folderName)) {
    for (const name of await namesIn(join(directory, folder), segmentName)) {
      const path = join(directory, folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found) segments.push({ path, size: found.size, used: found.mtimeMs });
    }
  }
  segments.sort((a, b) => b.used - a.used);
  let total = 0;
  for (const { path, size } of segments) {
    total += size;
    if (total > limitBytes) await rm(path, { force: true });
  }
}
