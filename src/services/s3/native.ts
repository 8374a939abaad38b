/**
 * S3 for the rest of the server, without HTTP between: the same operations, with the rights they demand and the errors they give.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, constants, copyFile, link, open, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { Blobs } from '../../store/index.ts';
import { AwsFault, type RequestBody } from '../../wire/index.ts';
import type { Call, Demand, Operation, Validated } from '../operation.ts';
import { accessDenied } from './errors.ts';
import { listingDigest } from './key-listing.ts';
import { checkKey, type ObjectVersion } from './objects.ts';
import { deleteObject } from './operations/delete-object.ts';
import { getObject } from './operations/get-object.ts';
import { headObject } from './operations/head-object.ts';
import { listObjectsV2 } from './operations/list-objects-v2.ts';
import { putObject } from './operations/put-object.ts';
import { getDemand, getDemands, requestedVersion } from './reading.ts';
import type { S3State } from './state.ts';

/** Who asks, and what it may do, at the time of one call. */
export interface NativeAccess {
  readonly call: Call;
  /** @returns AWS's wording for the first demand that is denied. */
  denial(demands: readonly Demand[]): string | undefined;
}

export interface NativeObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
}

export type ObjectSource = { readonly path: string } | { readonly bytes: Uint8Array };

export interface FileTarget {
  /** Nothing may be there yet. */
  readonly path: string;
  /** Whether the file may share the bytes with the store: for whoever cannot write to it. */
  readonly link: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Every call throws AwsFault as S3 answers. */
export interface NativeObjects {
  /** All current objects below a prefix, in the order of their keys. */
  list(bucket: string, prefix: string): AsyncGenerator<NativeObject>;
  /** Changes whenever an object below the prefix is made, replaced or deleted: a listing that was made in between would be another. */
  revision(bucket: string, prefix: string): Promise<string>;
  /** Undefined where there is no such key. */
  head(bucket: string, key: string): Promise<NativeObject | undefined>;
  /** Of keys that may be there or not. @throws AwsFault AccessDenied to who may not read one of them. */
  requireRights(bucket: string, keys: readonly string[]): Promise<void>;
  /** Whether `put` would work now. @throws AwsFault NoSuchBucket; AccessDenied; KeyTooLongError. */
  requireWritable(bucket: string, key: string): Promise<void>;
  read(bucket: string, key: string): Promise<Readable>;
  /** Makes a file with the bytes: mode 0444 where it may be a link, else 0644. Nothing is left of a file that could not be finished. */
  writeTo(bucket: string, key: string, target: FileTarget): Promise<void>;
  put(
    bucket: string,
    key: string,
    source: ObjectSource,
    options?: { readonly contentType?: string },
  ): Promise<NativeObject>;
  remove(bucket: string, key: string): Promise<void>;
}

/** @param access Asked at each call, so that rights count as they are then. */
export function nativeObjects(access: () => Promise<NativeAccess>, state: S3State): NativeObjects {
  const demand = async <Input, Output>(
    operation: Operation<S3State, Input, Output>,
    input: Validated<Input>,
  ): Promise<Call> => {
    const { call, denial } = await access();
    refuse(denial(operation.authorize(input, call, state)));
    return call;
  };
  const perform = async <Input, Output>(
    operation: Operation<S3State, Input, Output>,
    input: Validated<Input>,
  ): Promise<Output> => operation.run(input, await demand(operation, input), state);
  return {
    async *list(bucket, prefix) {
      let token: string | undefined;
      do {
        const page = await perform(listObjectsV2, { Bucket: bucket, Prefix: prefix, ContinuationToken: token });
        for (const { Key = '', Size = 0, ETag = '' } of page.Contents ?? []) {
          yield { key: Key, size: Size, etag: unquoted(ETag) };
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    async revision(bucket, prefix) {
      await demand(listObjectsV2, { Bucket: bucket, Prefix: prefix });
      return listingDigest({ bucket, prefix }, state);
    },
    async head(bucket, key) {
      try {
        const { ContentLength = 0, ETag = '' } = await perform(headObject, { Bucket: bucket, Key: key });
        return { key, size: ContentLength, etag: unquoted(ETag) };
      } catch (error) {
        if (error instanceof AwsFault && error.code === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    async requireRights(bucket, keys) {
      for (let at = 0; at < keys.length; at += keysAtOnce) {
        await setImmediate();
        const { denial } = await access();
        refuse(denial(getDemands(bucket, keys.slice(at, at + keysAtOnce), state)));
      }
    },
    async requireWritable(bucket, key) {
      await demand(putObject, { Bucket: bucket, Key: key });
      checkKey(key);
    },
    async read(bucket, key) {
      const { Body } = await perform(getObject, { Bucket: bucket, Key: key });
      return Body as Readable;
    },
    async writeTo(bucket, key, target) {
      target.signal?.throwIfAborted();
      const input = { Bucket: bucket, Key: key };
      const { call, denial } = await access();
      refuse(denial([getDemand(input, state)]));
      await writeVersion(requestedVersion(input, call, state).version, target, state);
    },
    async put(bucket, key, source, { contentType } = {}) {
      const body = await bodyOf(source);
      const input = { Bucket: bucket, Key: key, Body: body, ContentType: contentType };
      const { ETag = '' } = await perform(putObject, input);
      return { key, size: body.length, etag: unquoted(ETag) };
    },
    remove: async (bucket, key) => void (await perform(deleteObject, { Bucket: bucket, Key: key })),
  };
}

/** Some milliseconds, after which others have their turn. */
const keysAtOnce = 250;

function refuse(denial: string | undefined): void {
  if (denial !== undefined) throw accessDenied(denial);
}

function unquoted(etag: string): string {
  return etag.slice(1, -1);
}

/** Read at once: of a model, each chunk costs more than its bytes. */
const readBytes = 1 << 20;

async function bodyOf(source: ObjectSource): Promise<RequestBody & { readonly length: number }> {
  const trailers = new Map<string, string>();
  if ('bytes' in source) {
    const { bytes } = source;
    return {
      length: bytes.length,
      trailers,
      [Symbol.asyncIterator]: () => Readable.from([bytes])[Symbol.asyncIterator](),
    };
  }
  const { path } = source;
  const { size } = await stat(path);
  return {
    length: size,
    trailers,
    [Symbol.asyncIterator]: () => createReadStream(path, { highWaterMark: readBytes })[Symbol.asyncIterator](),
  };
}

/** Up to here a file is written faster than it is linked, and no blob is made a file for it. */
const smallBytes = 32 << 10;

/** Called in the turn in which the version was read: from the first call of the store on, its blobs are kept. */
function writeVersion(version: ObjectVersion, target: FileTarget, state: S3State): Promise<void> {
  const { parts, size } = version;
  if (size <= smallBytes) return writeSmall(state.store.blobs.read(parts), target);
  return target.link ? linkParts(parts, target, state) : copyParts(parts, target, state);
}

const plainMode = 0o644;
const sharedMode = 0o444;

async function writeSmall(source: AsyncIterable<Uint8Array>, { path, link: isShared }: FileTarget): Promise<void> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  const file = await open(path, 'wx', isShared ? sharedMode : plainMode);
  try {
    await file.writev(pieces);
  } finally {
    await file.close();
  }
}

type Parts = ObjectVersion['parts'];
type BlobStream = ReturnType<Blobs['read']>;

/** Parts become one blob first, which stays for the next who asks. Where no further link can be made, a copy does. */
async function linkParts(parts: Parts, target: FileTarget, { store }: S3State): Promise<void> {
  const blob = await store.blobs.materialise(parts);
  try {
    await chmod(blob.path, sharedMode);
    await link(blob.path, target.path).catch(async (error: NodeJS.ErrnoException) => {
      if (!['EMLINK', 'EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes(error.code ?? '')) throw error;
      await cloneOrStream(blob.path, () => store.blobs.read(parts), target);
      await chmod(target.path, sharedMode);
    });
  } finally {
    blob.release();
  }
}

async function copyParts(parts: Parts, target: FileTarget, { store }: S3State): Promise<void> {
  const [only] = parts;
  if (parts.length !== 1 || only === undefined) return streamTo(store.blobs.read(parts), target);
  const blob = await store.blobs.materialise(parts);
  try {
    await cloneOrStream(blob.path, () => store.blobs.read(parts), target);
  } finally {
    blob.release();
  }
}

/** Some file systems copy without moving bytes: Btrfs, XFS, APFS. Elsewhere the copy can be broken off. */
async function cloneOrStream(from: string, read: () => BlobStream, target: FileTarget): Promise<void> {
  const flags = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE;
  try {
    await copyFile(from, target.path, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    return streamTo(read(), target);
  }
  await chmod(target.path, plainMode);
}

async function streamTo(source: BlobStream, { path, signal }: FileTarget): Promise<void> {
  const file = createWriteStream(path, { flags: 'wx', mode: plainMode });
  const closed = new Promise<void>((resolve) => file.once('close', () => resolve()));
  let failure: unknown;
  file.once('error', (error) => {
    failure = error;
  });
  let isOurs = false;
  file.once('open', () => {
    isOurs = true;
  });
  const breakOff = (): void => void file.destroy(signal?.reason);
  signal?.addEventListener('abort', breakOff);
  if (signal?.aborted) breakOff();
  try {
    await source.sendTo(file);
  } catch (error) {
    file.destroy();
    await closed;
    if (isOurs) await rm(path, { force: true });
    throw failure ?? error;
  } finally {
    signal?.removeEventListener('abort', breakOff);
  }
}
