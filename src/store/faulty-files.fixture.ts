import { rm, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileSystem, ReadableFile, WritableFile } from './file-system.ts';

/**
 * For tests: what an operation meets. `ENOSPC`, `EIO`: it fails, having done nothing. `short`: a write takes half of its bytes.
 * `crash`: this and everything after it fails, as if the machine had stopped.
 */
export type Fault = 'ENOSPC' | 'EIO' | 'short' | 'crash';

export interface FaultyFileSystem extends FileSystem {
  /** From now on the `at`th operation meets the fault, counted from 1. */
  arm(fault: Fault, at: number): void;
  /** Whether the fault has been met, and by which operation. */
  readonly met: string | undefined;
  /** Names of all operations so far. */
  readonly operations: readonly string[];
  /** What the disk has after a power loss: no bytes and no renames but those that were synced. */
  losePower(): Promise<void>;
}

export function faultyFileSystem(inner: FileSystem): FaultyFileSystem {
  let armed: { fault: Fault; left: number } | undefined;
  let met: string | undefined;
  let crashed = false;
  const operations: string[] = [];
  /** Where files were renamed to without that being on the disk yet. */
  const renamed = new Set<string>();
  /** Folders that are not on the disk yet. */
  const made = new Set<string>();
  /** Bytes on the disk of the files that were written to, by their present path. */
  const synced = new Map<string, number>();

  const meet = (name: string): Fault | undefined => {
    operations.push(name);
    if (crashed) throw systemError('EIO', name);
    if (!armed || --armed.left > 0) return undefined;
    const { fault } = armed;
    if (fault === 'short' && name !== 'write') {
      armed.left = 1;
      return undefined;
    }
    armed = undefined;
    met = name;
    crashed = fault === 'crash';
    if (fault !== 'short') throw systemError(crashed ? 'EIO' : fault, name);
    return fault;
  };

  const writable = (path: string, file: WritableFile): WritableFile => {
    let end = 0;
    return {
      async write(chunks, position) {
        const taken = meet('write') === 'short' ? half(chunks) : chunks;
        const written = await file.write(taken, position);
        end = Math.max(end, position + written);
        return written;
      },
      async sync() {
        meet('sync');
        await file.sync();
        synced.set(path, end);
      },
      async close() {
        // The descriptor is given back also where it reports an error.
        await file.close();
        meet('close');
      },
    };
  };

  const readable = (file: ReadableFile): ReadableFile => ({
    async read(target, position) {
      meet('read');
      return file.read(target, position);
    },
    close: () => file.close(),
  });

  return {
    async create(path) {
      meet('create');
      synced.set(path, 0);
      return writable(path, await inner.create(path));
    },
    async open(path) {
      meet('open');
      return readable(await inner.open(path));
    },
    async size(path) {
      meet('size');
      return inner.size(path);
    },
    async rename(from, to) {
      meet('rename');
      // What it replaces is there after a power loss instead; the store only ever replaces a blob by its like.
      const replaces = (await inner.size(to)) !== undefined && !renamed.has(to);
      await inner.rename(from, to);
      const size = synced.get(from);
      synced.delete(from);
      if (size !== undefined) synced.set(to, size);
      if (!replaces) renamed.add(to);
    },
    async remove(path) {
      meet('remove');
      await inner.remove(path);
      synced.delete(path);
    },
    async list(folder) {
      meet('list');
      return inner.list(folder);
    },
    async makeFolder(path) {
      meet('makeFolder');
      if ((await inner.size(path)) === undefined) made.add(path);
      await inner.makeFolder(path);
    },
    async syncFolder(path) {
      meet('syncFolder');
      await inner.syncFolder(path);
      for (const entries of [renamed, made]) {
        for (const entry of entries) if (dirname(entry) === path) entries.delete(entry);
      }
    },
    arm(fault, at) {
      armed = { fault, left: at };
      met = undefined;
    },
    get met() {
      return met;
    },
    operations,
    async losePower() {
      for (const folder of made) await rm(folder, { recursive: true, force: true });
      for (const to of renamed) {
        await rm(to, { force: true });
        synced.delete(to);
      }
      for (const [path, size] of synced) await truncate(path, size).catch(() => {});
    },
  };
}

function half(chunks: readonly Uint8Array[]): Uint8Array[] {
  const bytes = Buffer.concat(chunks);
  return [bytes.subarray(0, Math.ceil(bytes.length / 2))];
}

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: injected, ${syscall}`), { code, syscall });
}
