import assert from 'node:assert/strict';
import type { RoleObjects } from '../state.ts';

/** S3 as far as objects are put there. `keys`: of those that were, in order. */
export function uploadOnly(before: () => Promise<void> = async () => {}): {
  readonly objects: RoleObjects;
  readonly keys: string[];
} {
  const keys: string[] = [];
  const none = (): never => assert.fail('only uploads were expected');
  const objects: RoleObjects = {
    ...{ list: none, revision: none, head: none, requireRights: none, requireWritable: none },
    ...{ read: none, writeTo: none, remove: none },
    async put(_bucket, key) {
      await before();
      keys.push(key);
      return { key, size: 0, etag: '' };
    },
  };
  return { keys, objects };
}
