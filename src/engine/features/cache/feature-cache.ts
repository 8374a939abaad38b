import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { userError, type WhippetError } from '../../../errors/index.ts';
import type { PictureFacts, View } from '../../image/picture.ts';
import type { ExtractionBackbone } from '../features.ts';
import { viewName } from '../views.ts';
import { evictSegments, mergeSegments } from './maintain.ts';
import { readRecords } from './read.ts';
import { openWriter, type RecordWriter } from './write.ts';

/** Why a picture cannot be decoded, without its name: equal bytes may lie under another name next time. */
export interface StoredRefusal {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export type PictureRecord = { readonly facts: PictureFacts } | { readonly refusal: StoredRefusal };

/**
 * Features by content: a record's key is the picture's SHA-256 and the view; the directory it lies in stands for backbone,
 * preprocessing and versions. What is known of the picture itself is kept once for all backbones. Trouble with the disk never
 * ends the work: it is told once, and nothing more is written.
 *
 * A cache may lie over others, which are only read. Whoever moves closed segments of one cache into another needs to know nothing of
 * what is in them: they are the regular files `KIND-HEX/NAME`, where KIND-HEX is `pictures-` or `features-` and 32 hex digits and NAME is
 * 13 digits, `-`, digits, `-`, 8 hex digits and `.segment`; each begins with `whipsegm`, a little-endian 1 (u32) and, from byte 16, 32 bytes
 * that begin with the bytes of HEX. Names are unique. A move is one `rename`, into a folder of the same name; anything else in a cache is to be left out.
 * Every record has a checksum and is found by content, so that a damaged segment costs work and never gives wrong features by accident;
 * but checksums prove no origin: segments of somebody who is not trusted do not belong into a cache that others read.
 */
export interface FeatureCache {
  /** Facts or refusals by digest (hex), for those known. */
  findPictures(digests: readonly string[]): Map<string, PictureRecord>;
  /** Calls `onFound` with the indices of digest and view and the float32 bytes, valid during the call only. */
  findFeatures(digests: readonly string[], onFound: (digest: number, view: number, bytes: Buffer) => void): void;
  savePictures(records: ReadonlyMap<string, PictureRecord>): void;
  saveFeatures(records: readonly { readonly digest: string; readonly view: View; readonly row: Float32Array }[]): void;
  /** False after trouble with the disk: then nothing is read or written any more. */
  readonly writable: boolean;
  /** Ends writing, merges small segments, cuts out damage and keeps within the limit. */
  close(): void;
}

export interface FeatureCacheOptions {
  readonly cacheDirectory: string;
  /** Looked into for what `cacheDirectory` has not, in this order; never written to. */
  readonly baseDirectories?: readonly string[] | undefined;
  readonly limitBytes: number;
  readonly backbone: ExtractionBackbone;
  readonly views: readonly View[];
  readonly versions: readonly string[];
  readonly now: () => number;
  readonly onTrouble: (error: WhippetError) => void;
}

const storeFormat = 1;

/** Eviction removes whole segments: eight or more of them make up a full cache, but no directory of thousands. */
const largestSegment = 256 * 1024 * 1024;
const smallestSegment = 1024 * 1024;

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** 32 bytes of content and 8 bytes of view, as latin1 text. */
function recordKey(digest: string, view: string): string {
  return Buffer.from(digest, 'hex').toString('latin1') + view;
}

/** Takes a record that was found, by the index of its key. Returns whether it was of use. */
type OnFound = (at: number, payload: Buffer) => boolean;

/** Whether `work` ended without trouble of the disk, which is told. Other errors are thrown. */
function tolerate(work: () => void, path: string, onTrouble: (error: WhippetError) => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    onTrouble(userError('WHIPPET_FEATURES_CACHE', { path, reason: (error as Error).message }, error));
    return false;
  }
}

interface Store {
  /** Its folder below any cache. */
  readonly name: string;
  readonly directory: string;
  readonly space: Buffer;
  readonly writer: RecordWriter;
  readonly damaged: Set<string>;
}

export function openFeatureCache(options: FeatureCacheOptions): FeatureCache {
  const { cacheDirectory, limitBytes, backbone, views, versions, now } = options;
  const { digest, dimension, preprocessing } = backbone;
  const { size, resize, interpolation, mean, std } = preprocessing;
  const openStore = (kind: string, parts: readonly unknown[]): Store => {
    const space = sha256(JSON.stringify([storeFormat, kind, ...versions, ...parts]));
    const name = `${kind}-${space.toString('hex', 0, 16)}`;
    const directory = join(cacheDirectory, name);
    const segmentBytes = Math.min(largestSegment, Math.max(smallestSegment, limitBytes / 8));
    return { name, directory, space, writer: openWriter({ directory, space, now, segmentBytes }), damaged: new Set() };
  };
  const pictures = openStore('pictures', []);
  const features = openStore('features', [digest, dimension, size, resize, interpolation, mean, std]);
  const noView = '\0'.repeat(8);
  const viewKeys = new Map(views.map((view) => [view, sha256(viewName(view)).toString('latin1', 0, 8)]));

  let usable = true;
  const guarded = (work: () => void): void => {
    if (usable) usable = tolerate(work, cacheDirectory, options.onTrouble);
  };
  const bases = new Set(options.baseDirectories);
  const read = (store: Store, keys: readonly string[], onFound: OnFound): void => {
    const { directory, space } = store;
    const missing = new Set(keys.keys());
    const take: OnFound = (at, payload) => {
      if (onFound(at, payload)) missing.delete(at);
      return true;
    };
    guarded(() => {
      const damaged = readRecords(keys, { directory, space, now: now() }, take);
      for (const name of damaged) store.damaged.add(name);
    });
    for (const base of bases) {
      if (missing.size === 0) return;
      const places = [...missing];
      const readable = tolerate(
        () => {
          const wanted = places.map((at) => keys[at] as string);
          readRecords(wanted, { directory: join(base, store.name), space }, (at, payload) => {
            take(places[at] as number, payload);
          });
        },
        base,
        options.onTrouble,
      );
      if (!readable) bases.delete(base);
    }
  };

  guarded(() => mkdirSync(cacheDirectory, { recursive: true }));
  return {
    findPictures(digests) {
      const found = new Map<string, PictureRecord>();
      const keys = digests.map((each) => recordKey(each, noView));
      read(pictures, keys, (at, payload) => {
        found.set(digests[at] as string, JSON.parse(payload.toString()) as PictureRecord);
        return true;
      });
      return found;
    },
    findFeatures(digests, onFound) {
      const viewTexts = views.map((view) => viewKeys.get(view) as string);
      const keys = digests.flatMap((each) => viewTexts.map((view) => recordKey(each, view)));
      read(features, keys, (at, payload) => {
        if (payload.length !== dimension * 4) return false;
        onFound(Math.floor(at / views.length), at % views.length, payload);
        return true;
      });
    },
    savePictures(records) {
      const encoded = [...records].map(([each, record]) => ({
        key: Buffer.from(recordKey(each, noView), 'latin1'),
        payload: Buffer.from(JSON.stringify(record)),
      }));
      guarded(() => pictures.writer.append(encoded));
    },
    saveFeatures(records) {
      guarded(() =>
        features.writer.append(
          records.map(({ digest: each, view, row }) => ({
            key: Buffer.from(recordKey(each, viewKeys.get(view) as string), 'latin1'),
            payload: new Uint8Array(row.buffer, row.byteOffset, row.byteLength),
          })),
        ),
      );
    },
    get writable() {
      return usable;
    },
    close() {
      for (const { directory, space, writer, damaged } of [pictures, features]) {
        guarded(() => {
          writer.close();
          mergeSegments({ directory, space, now, damaged });
        });
      }
      guarded(() => evictSegments(cacheDirectory, limitBytes));
    },
  };
}
