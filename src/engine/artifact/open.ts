import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { userError } from '../../errors/index.ts';
import { readArchive } from './archive.ts';
import { canonicalJson, sha256 } from './canonical-json.ts';
import { fileNames, type Manifest } from './manifest.ts';
import { manifestProblem } from './manifest-shape.ts';

export interface OpenArtifact {
  readonly manifest: Manifest;
  /** Where the files are: the folder itself, or a temporary one for an archive. */
  readonly folder: string;
  /** Absolute path of a listed file, or undefined where the artifact has none of that name. */
  file(name: string): string | undefined;
  /** Removes the temporary folder, if there is one. */
  close(): Promise<void>;
}

const archiveLimits = { maxBytes: 4 * 1024 ** 3, maxEntries: 64 };

/**
 * Opens `model/` or `model.tar.gz` and checks every listed file against its digest.
 * @throws WHIPPET_ARTIFACT_NOT_FOUND, _NEWER, _MALFORMED, _TAMPERED
 */
export async function openArtifact(path: string): Promise<OpenArtifact> {
  const absolute = resolve(path);
  const found = await stat(absolute).catch(() => undefined);
  if (!found) throw userError('WHIPPET_ARTIFACT_NOT_FOUND', { path });
  if (found.isDirectory()) return openFolder(absolute, { shown: path, close: async () => {} });

  const temporary = await mkdtemp(join(tmpdir(), 'whippet-model-'));
  const close = (): Promise<void> => rm(temporary, { recursive: true, force: true });
  try {
    await readArchive(absolute, temporary, archiveLimits);
    return await openFolder(temporary, { shown: path, close });
  } catch (error) {
    await close();
    throw error;
  }
}

async function openFolder(
  folder: string,
  options: { shown: string; close: () => Promise<void> },
): Promise<OpenArtifact> {
  const manifest = await readManifest(folder, options.shown);
  for (const [name, expected] of Object.entries(manifest.files)) {
    await verifyFile(join(folder, name), { path: options.shown, file: name, expected });
  }
  return {
    manifest,
    folder,
    file: (name) => (name in manifest.files ? join(folder, name) : undefined),
    close: options.close,
  };
}

async function readManifest(folder: string, path: string): Promise<Manifest> {
  const text = await readFile(join(folder, fileNames.manifest), 'utf8').catch(() => undefined);
  if (text === undefined) throw userError('WHIPPET_ARTIFACT_NOT_FOUND', { path });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw userError('WHIPPET_ARTIFACT_MALFORMED', {
      path,
      reason: `whippet.json is not JSON (${(error as Error).message})`,
    });
  }
  const format = (parsed as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > 1)
    throw userError('WHIPPET_ARTIFACT_NEWER', { path, format, supported: 1 });
  const problem = manifestProblem(parsed);
  if (problem) throw userError('WHIPPET_ARTIFACT_MALFORMED', { path, reason: `whippet.json: ${problem}` });
  const { digest, ...unsigned } = parsed as Manifest;
  const actual = sha256(canonicalJson(unsigned));
  if (actual !== digest) {
    throw userError('WHIPPET_ARTIFACT_TAMPERED', { path, file: fileNames.manifest, expected: digest, found: actual });
  }
  return parsed as Manifest;
}

async function verifyFile(
  file: string,
  options: { path: string; file: string; expected: { sha256: string; bytes: number } },
): Promise<void> {
  const { path, expected } = options;
  const refuse = (wanted: string, found: string): never => {
    throw userError('WHIPPET_ARTIFACT_TAMPERED', { path, file: basename(options.file), expected: wanted, found });
  };
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return refuse(`${expected.bytes} bytes`, 'no file');
  if (found.size !== expected.bytes) return refuse(`${expected.bytes} bytes`, `${found.size} bytes`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  const actual = hash.digest('hex');
  if (actual !== expected.sha256) refuse(`SHA-256 ${expected.sha256}`, `SHA-256 ${actual}`);
}
