import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { errorDocs } from '../../scripts/error-docs.ts';
import { root } from '../../scripts/node.js';
import { catalogue } from '../../src/errors/index.ts';

describe('docs/errors.md', () => {
  it('is what the catalogue says (npm run docs writes it)', async () => {
    assert.equal(await readFile(join(root, 'docs/errors.md'), 'utf8'), errorDocs());
  });

  it('has an entry for every code, and only sentences a person could have written', () => {
    const page = errorDocs();
    for (const code of Object.keys(catalogue)) assert.ok(page.includes(`\n### ${code}\n`), code);
    assert.doesNotMatch(page, /undefined|NaN|\[object|function/);
  });
});
