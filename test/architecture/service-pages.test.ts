import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../../scripts/node.js';
import { serviceDocs } from '../../scripts/service-docs.ts';

describe('docs/services/', () => {
  it('is what the tables of operations say (npm run docs writes it)', async () => {
    for (const [name, text] of await serviceDocs()) {
      assert.equal(await readFile(join(root, 'docs/services', name), 'utf8'), text, name);
      assert.doesNotMatch(text, /undefined|\[object/);
    }
  });
});
