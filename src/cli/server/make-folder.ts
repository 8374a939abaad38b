import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { userError } from '../../errors/index.ts';

/**
 * Makes a folder and those above it, for their owner. One by one, as Node's own `recursive` never returns where a file system says that
 * there is no parent although there is (/proc does).
 * @throws WhippetError WHIPPET_STORE_DIRECTORY
 */
export function makeFolder(path: string): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) return;
  if (there) throw userError('WHIPPET_STORE_DIRECTORY', { directory: path, reason: 'there is a file in its place' });
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const reasons: Record<string, string> = { EACCES: 'permission denied', ENOENT: 'it cannot be made there' };
    throw userError('WHIPPET_STORE_DIRECTORY', { directory: path, reason: reasons[code ?? ''] ?? message }, error);
  }
}
