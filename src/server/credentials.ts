import { randomBytes } from 'node:crypto';
import { chmod, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { userError } from '../errors/index.ts';

/** The key pair of the account's root user. Made at first start, kept in the state folder with mode 600. */
export interface RootCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const fileName = 'credentials.json';

/**
 * @param directory Of the state; the store has made it.
 * @throws WhippetError WHIPPET_SERVER_CREDENTIALS when the file is there but holds no key pair.
 */
export async function rootCredentials(directory: string): Promise<RootCredentials> {
  const path = join(directory, fileName);
  const kept = await readCredentials(path);
  if (kept) return kept;
  const made = { accessKeyId: `AKIA${base32(16)}`, secretAccessKey: randomBytes(30).toString('base64') };
  await writeSynced(path, `${JSON.stringify(made, null, 2)}\n`);
  return made;
}

/** @returns undefined when there is none yet. */
export async function readCredentials(path: string): Promise<RootCredentials | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  // Whoever copied the folder may have widened the mode.
  await chmod(path, 0o600);
  const { accessKeyId, secretAccessKey } = parse(text);
  if (typeof accessKeyId === 'string' && typeof secretAccessKey === 'string') return { accessKeyId, secretAccessKey };
  throw userError('WHIPPET_SERVER_CREDENTIALS', { path });
}

function parse(text: string): { accessKeyId?: unknown; secretAccessKey?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  // Not into a file that is there: its mode would stay, or it may be a link to elsewhere.
  await rm(part, { force: true });
  const file = await open(part, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
}

/** Letters and digits of AWS's identifiers: base32 without padding. */
function base32(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from(randomBytes(length), (byte) => alphabet[byte & 31]).join('');
}
