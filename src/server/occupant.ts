import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * Who listens on a TCP port, as far as this user may know: `node whippet (pid 4711)`. Linux only, from /proc: the socket's inode among the
 * open files of a process.
 * @returns undefined where it cannot be found.
 */
export async function occupantOf(port: number): Promise<string | undefined> {
  const inode = await listeningInode(port);
  if (inode === undefined) return undefined;
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    if (await holds(pid, inode)) return `${await commandOf(pid)} (pid ${pid})`;
  }
  return undefined;
}

const LISTEN = '0A';

async function listeningInode(port: number): Promise<string | undefined> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const lines = (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1);
    for (const line of lines) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (local?.endsWith(suffix) && state === LISTEN) return inode;
    }
  }
  return undefined;
}

async function holds(pid: string, inode: string): Promise<boolean> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const file of files) {
    const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
    if (target === `socket:[${inode}]`) return true;
  }
  return false;
}

/** Program and first argument without their folders: `node whippet`. Threads of Node have names that tell nobody anything. */
async function commandOf(pid: string): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const words = line.split('\0').filter((word) => word !== '' && !word.startsWith('-'));
  const named = words.slice(0, 2).map((word) => basename(word).slice(0, 40));
  return named.join(' ').replace(/\p{Cc}/gu, '') || 'a process';
}
