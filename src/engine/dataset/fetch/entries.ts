/** What the directory of a zip archive says of one entry. */
export interface ArchiveEntry {
  /** With forward slashes; folders end with one. */
  readonly fileName: string;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly externalFileAttributes: number;
  readonly compressionMethod: number;
  readonly generalPurposeBitFlag: number;
}

export interface ArchiveLimits {
  readonly maxEntries: number;
  /** Unpacked, all files together. */
  readonly maxBytes: number;
  /** Unpacked ÷ packed, of all files together. Photos are compressed already: 1.0. */
  readonly maxRatio: number;
}

export const archiveLimits: ArchiveLimits = { maxEntries: 500_000, maxBytes: 64 * 1024 ** 3, maxRatio: 20 };

/** Left behind by archivers; no pictures. */
const litter = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$)/;

/**
 * Why an archive is refused as a whole, before anything is written; undefined when it may be unpacked. Names are compared as file
 * systems that fold case and Unicode forms would, so that no entry overwrites another one anywhere.
 */
export function archiveProblem(
  entries: readonly ArchiveEntry[],
  { archiveBytes, limits }: { readonly archiveBytes: number; readonly limits: ArchiveLimits },
): string | undefined {
  if (entries.length > limits.maxEntries) return `it has more than ${limits.maxEntries} entries`;
  for (const entry of entries) {
    const problem = nameProblem(entry.fileName) ?? kindProblem(entry);
    if (problem !== undefined) return `its entry ${shown(entry.fileName)} ${problem}`;
  }
  return sizeProblem(entries, { archiveBytes, limits }) ?? collision(entries);
}

function nameProblem(name: string): string | undefined {
  if (name === '' || name.startsWith('/') || /^[a-z]:/i.test(name)) return 'has an absolute path';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\\\u0000-\u001f\u007f]/.test(name)) return 'has a backslash or control character in its name';
  const parts = name.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'leads out of its folder';
  if (parts.some((part) => Buffer.byteLength(part) > 255) || parts.length > 32) return 'has a name that is too long';
  return undefined;
}

/** The upper half of the attributes is st_mode where the archive was made on Unix, and zero elsewhere. */
function kindProblem(entry: ArchiveEntry): string | undefined {
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (kind === 0o120000) return 'is a link';
  const isFolder = entry.fileName.endsWith('/');
  if (kind !== 0 && kind !== (isFolder ? 0o040000 : 0o100000)) return 'is neither a file nor a folder';
  if (entry.generalPurposeBitFlag & 1) return 'is encrypted';
  if (isFolder) return entry.uncompressedSize === 0 ? undefined : 'is a folder with content';
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) return 'is packed in an unknown way';
  return undefined;
}

/** Bombs: too much, too dense, or entries that share their packed bytes (Fifield, "A better zip bomb", 2019). */
function sizeProblem(
  entries: readonly ArchiveEntry[],
  { archiveBytes, limits }: { readonly archiveBytes: number; readonly limits: ArchiveLimits },
): string | undefined {
  const packed = entries.reduce((sum, entry) => sum + entry.compressedSize, 0);
  const unpacked = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  if (unpacked > limits.maxBytes) return `it unpacks to ${unpacked} bytes, more than ${limits.maxBytes}`;
  if (packed > archiveBytes) return 'its entries overlap';
  // A few small texts may be dense.
  if (unpacked > 2 ** 20 && unpacked > limits.maxRatio * archiveBytes) {
    return `it unpacks to ${Math.round(unpacked / archiveBytes)} times its size`;
  }
  return undefined;
}

function collision(entries: readonly ArchiveEntry[]): string | undefined {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const { fileName } of entries) {
    const folded = fileName.normalize('NFC').toLowerCase();
    const parts = folded.replace(/\/$/, '').split('/');
    const parents = fileName.endsWith('/') ? parts.length : parts.length - 1;
    for (let depth = 1; depth <= parents; depth++) folders.add(parts.slice(0, depth).join('/'));
    if (fileName.endsWith('/')) continue;
    if (files.has(folded)) return `it holds ${shown(fileName)} twice (upper and lower case are taken as one)`;
    files.add(folded);
  }
  for (const file of files) if (folders.has(file)) return `it holds ${shown(file)} both as a file and as a folder`;
  return undefined;
}

/** Where each file goes: litter is left out, and a single outermost folder is taken off. */
export function destinations<E extends ArchiveEntry>(entries: readonly E[]): readonly { entry: E; path: string }[] {
  const files = entries.filter(({ fileName }) => !fileName.endsWith('/') && !litter.test(fileName));
  const outermost = files[0]?.fileName.split('/')[0] ?? '';
  const isWrapped = files.every(({ fileName }) => fileName.startsWith(`${outermost}/`));
  return files.map((entry) => ({
    entry,
    path: isWrapped ? entry.fileName.slice(outermost.length + 1) : entry.fileName,
  }));
}

function shown(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
