import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How other processes find the server of a state folder. */
export interface Discovery {
  readonly url: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly version: string;
  readonly region: string;
  readonly account: string;
}

export function discoveryFile(directory: string): string {
  return join(directory, 'server.json');
}

export async function announce(directory: string, discovery: Discovery): Promise<void> {
  const path = discoveryFile(directory);
  await rm(`${path}.part`, { force: true });
  await writeFile(`${path}.part`, `${JSON.stringify(discovery, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(`${path}.part`, path);
}

export async function withdraw(directory: string): Promise<void> {
  await rm(discoveryFile(directory), { force: true });
}
