import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userError } from '../../errors/index.ts';
import type { Discovery } from '../../server/index.ts';
import { livesSince } from './process-age.ts';
import { stateFiles } from './state-folder.ts';

/** A server of this machine, as its state folder tells of it. */
export interface LocalServer extends Discovery {
  /** Absolute path of the state folder. */
  readonly directory: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * The server of a state folder, if the process that wrote its `server.json` still lives. Whether it answers is another question.
 * @returns undefined where none runs; a killed one leaves its file behind.
 * @throws WhippetError WHIPPET_SERVER_CREDENTIALS when a server runs, but its key is gone.
 */
export async function findServer(directory: string): Promise<LocalServer | undefined> {
  const discovery = await readDiscovery(directory);
  if (discovery === undefined || !livesSince(discovery.pid, new Date(discovery.startedAt))) return undefined;
  const path = join(directory, stateFiles.credentials);
  const { accessKeyId, secretAccessKey } = await readObject(path);
  if (!isWord(accessKeyId) || !isWord(secretAccessKey)) {
    throw userError('WHIPPET_SERVER_CREDENTIALS', { path });
  }
  return { ...discovery, url: reachable(discovery.url), directory, credentials: { accessKeyId, secretAccessKey } };
}

/** @throws WhippetError WHIPPET_SERVER_NOT_RUNNING */
export async function requireServer(directory: string): Promise<LocalServer> {
  const server = await findServer(directory);
  if (server === undefined) throw userError('WHIPPET_SERVER_NOT_RUNNING', { directory });
  return server;
}

async function readDiscovery(directory: string): Promise<Discovery | undefined> {
  const found = await readObject(join(directory, stateFiles.discovery));
  const { url, pid, startedAt, region, account } = found;
  const complete =
    isAddress(url) &&
    isProcess(pid) &&
    typeof startedAt === 'string' &&
    [region, account].every((value) => value === undefined || isLine(value));
  return complete ? (found as unknown as Discovery) : undefined;
}

/**
 * What is read here goes into profiles, a line each, and to shells, and process ids get signals: -1 is every process of the user's. The
 * nearest state folder may have come with somebody else's files, so nothing but what a server writes is taken.
 */
function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value);
}

function isLine(value: unknown): boolean {
  return typeof value === 'string' && /^[\x20-\x7e]{0,200}$/.test(value);
}

function isAddress(value: unknown): boolean {
  return isWord(value) && /^http:\/\/[\w.:[\]-]+$/.test(value) && URL.canParse(value);
}

function isProcess(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0;
}

/** A server that listens everywhere is reached at the loopback address. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

async function readObject(path: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
