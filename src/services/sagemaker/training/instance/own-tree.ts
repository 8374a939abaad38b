import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostLayout } from './layout.ts';

/** Folders on the way to what is kept of an earlier attempt. */
const kept = ['opt', 'opt/ml', 'opt/ml/checkpoints', 'opt/ml/output', 'opt/ml/output/rules', 'cache', 'tmp', 'jobs'];

/**
 * Removes all that an earlier attempt has left of a host where one of its folders is something else now: an instance may have put a link
 * there, and what is written and removed in its tree would be so where the link leads.
 */
export async function removeMovedTrees(hosts: readonly HostLayout[]): Promise<void> {
  for (const { directory } of hosts) {
    for (const folder of kept) {
      const found = await lstat(join(directory, folder)).catch(() => undefined);
      if (found === undefined || found.isDirectory()) continue;
      await rm(directory, { recursive: true, force: true });
      break;
    }
  }
}
