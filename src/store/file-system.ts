import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';

/** The few file operations that blobs are made of, so that tests can let each of them fail. Errors are the system's. */
export interface FileSystem {
  /** A new file, for its owner only; never an existing one, nor what a symbolic link points to. */
  create(path: string): Promise<WritableFile>;
  /** Never what a symbolic link points to. */
  open(path: string): Promise<ReadableFile>;
  /** Bytes, or undefined where there is no such file. */
  size(path: string): Promise<number | undefined>;
  /** Replaces what is there. On the disk once the folder is synced. */
  rename(from: string, to: string): Promise<void>;
  /** A file that is not there counts as removed. */
  remove(path: string): Promise<void>;
  list(folder: string): Promise<string[]>;
  /** A folder for its owner only, unless it is there. */
  makeFolder(path: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
}

export interface WritableFile {
  /** Writes the chunks one after another from `position` on. @returns how many bytes it took: fewer than given on a short write. */
  write(chunks: readonly Uint8Array[], position: number): Promise<number>;
  /** Returns when the bytes are on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface ReadableFile {
  /** @returns bytes read into `target`, 0 at the end of the file. */
  read(target: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}

const writeFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW;

export const nodeFileSystem: FileSystem = {
  create: async (path) => writable(await open(path, writeFlags, 0o600)),
  open: async (path) => readable(await open(path, readFlags)),
  size: async (path) => (await stat(path).catch(unlessMissing))?.size,
  rename,
  remove: async (path) => {
    await unlink(path).catch(unlessMissing);
  },
  list: (folder) => readdir(folder),
  makeFolder: async (path) => {
    await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  },
  syncFolder: async (path) => {
    const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

/** For a temporary state: nothing waits for the disk. */
export function withoutSync(files: FileSystem): FileSystem {
  return {
    ...files,
    create: async (path) => ({ ...(await files.create(path)), sync: async () => {} }),
    syncFolder: async () => {},
  };
}

function writable(handle: FileHandle): WritableFile {
  return {
    write: async (chunks, position) => (await handle.writev(chunks, position)).bytesWritten,
    // The length counts as data, the times do not matter.
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

function readable(handle: FileHandle): ReadableFile {
  return {
    read: async (target, position) => (await handle.read(target, 0, target.length, position)).bytesRead,
    close: () => handle.close(),
  };
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
