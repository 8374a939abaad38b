import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../../scripts/node.js';
import { rooms } from '../../scripts/rooms.ts';

describe('the rooms', () => {
  it('of src/ are all in the table', async () => {
    const folders = await readdir(join(root, 'src'), { withFileTypes: true });
    for (const { name } of folders) assert.ok(Object.hasOwn(rooms, name), `src/${name} is no room of scripts/rooms.ts`);
  });

  it('that exist are described in ARCHITECTURE.md with what they may import', async () => {
    const text = await readFile(join(root, 'ARCHITECTURE.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `(\w+)\/` \|.*\| ([^|]*) \|$/gm)].map(([, name, allowed]) => [name, allowed]);
    const existing = (await readdir(join(root, 'src'))).sort();
    const expected = existing.map((name) => [name, rooms[name]!.join(', ') || '–']);
    assert.deepEqual(rows.sort(), expected);
  });
});
