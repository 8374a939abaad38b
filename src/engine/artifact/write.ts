import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { userError } from '../../errors/index.ts';
import { writeArchive } from './archive.ts';
import { canonicalJson, sha256 } from './canonical-json.ts';
import { fileNames, type Manifest } from './manifest.ts';

export interface ArtifactParts {
  /** From `sealManifest`, with the same `files`. */
  readonly manifest: Manifest;
  /** Files by name, as the manifest lists them. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  /** Files that may differ between two equal runs (timings, the report): in the folder, not in the manifest. */
  readonly unlisted: Readonly<Record<string, Uint8Array | string>>;
  /** Pack the folder, too. Default true. */
  readonly archive?: boolean | undefined;
}

export interface WrittenArtifact {
  readonly folder: string;
  /** `folder.tar.gz`, which is there if it was wanted. */
  readonly archive: string;
  readonly manifest: Manifest;
}

/** What a manifest says before its files are known. */
export type UnsealedManifest = Omit<Manifest, 'files' | 'digest' | 'format'>;

/** Lists the files with their digests and gives the manifest its own. */
export function sealManifest(unsealed: UnsealedManifest, files: ArtifactParts['files']): Manifest {
  const listed = Object.fromEntries(
    Object.entries(files).map(([name, content]) => [
      name,
      { sha256: sha256(content), bytes: Buffer.byteLength(content) },
    ]),
  );
  const unsigned = { format: 1 as const, ...unsealed, files: listed };
  return { ...unsigned, digest: sha256(canonicalJson(unsigned)) };
}

/**
 * Writes `folder/` and `folder.tar.gz`. Both appear whole or not at all: they are written beside, synced, and renamed; a model that was
 * there before is replaced, any other folder is refused.
 * @throws WHIPPET_ARTIFACT_EXISTS
 */
export async function writeArtifact(folder: string, parts: ArtifactParts): Promise<WrittenArtifact> {
  const target = resolve(folder);
  await checkTarget(target);
  const { manifest } = parts;
  const unfinished = `${target}.${process.pid}.part`;
  await mkdir(unfinished, { recursive: true });
  try {
    const all = { ...parts.files, ...parts.unlisted, [fileNames.manifest]: `${JSON.stringify(manifest, null, 2)}\n` };
    for (const [name, content] of Object.entries(all)) await writeSynced(join(unfinished, name), content);
    const packed = [...Object.keys(parts.files), fileNames.manifest, fileNames.timings].filter((name) => name in all);
    if (parts.archive !== false) await writeArchive(unfinished, packed, `${target}.tar.gz`);
    await replaceFolder(unfinished, target);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  return { folder: target, archive: `${target}.tar.gz`, manifest };
}

/** Refuses a target that holds something else, before any work is done for it. */
export async function checkTarget(target: string): Promise<void> {
  const found = await stat(target).catch(() => undefined);
  if (!found) return;
  const names = found.isDirectory() ? await readdir(target) : ['a file'];
  if (names.length > 0 && !names.includes(fileNames.manifest))
    throw userError('WHIPPET_ARTIFACT_EXISTS', { path: target });
}

async function writeSynced(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A folder cannot be replaced in one step: the old one steps aside for the moment between two renames. */
async function replaceFolder(fresh: string, target: string): Promise<void> {
  const aside = `${target}.${process.pid}.old`;
  await mkdir(dirname(target), { recursive: true });
  const had = await rename(target, aside).then(
    () => true,
    () => false,
  );
  await rename(fresh, target);
  if (had) await rm(aside, { recursive: true, force: true });
}

/** Replaces one unlisted file (the report) of an artifact that is already there. */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  await writeSynced(unfinished, content);
  await rename(unfinished, path);
}
