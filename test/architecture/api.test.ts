import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { apiReport } from '../../scripts/api-report.ts';
import { root } from '../../scripts/node.js';

describe('the public doors', () => {
  it('are what package.json exports, and nothing else is', async () => {
    const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    assert.deepEqual(exports, {
      './engine': { types: './dist/engine/index.d.ts', default: './dist/engine/index.js' },
      './package.json': './package.json',
    });
  });

  it('export what the report says: whippet/engine (npm run api writes it after a change that is meant)', async () => {
    const expected = await readFile(join(root, 'test/architecture/engine.api.txt'), 'utf8');
    assert.equal(apiReport('src/engine/index.ts'), expected);
  });
});
