import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { publicDoors } from '../../scripts/api-report.ts';
import { root } from '../../scripts/node.js';

/** Whether they export what their reports say is what `npm run doors` says. */
describe('the public doors', () => {
  it('are what package.json exports, and nothing else is', async () => {
    const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const doors = publicDoors.map((door) => [
      `./${door}`,
      { types: `./dist/${door}/index.d.ts`, default: `./dist/${door}/index.js` },
    ]);
    assert.deepEqual(exports, { ...Object.fromEntries(doors), './package.json': './package.json' });
  });
});
