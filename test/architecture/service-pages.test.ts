import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../../scripts/node.js';
import { serviceDocs } from '../../scripts/service-docs.ts';
import type { AnyOperation } from '../../src/services/operation.ts';
import { operations } from '../../src/services/sagemaker/index.ts';
import { loadModel } from '../../src/wire/index.ts';

describe('docs/services/', () => {
  it('is what the tables of operations say (npm run docs writes it)', async () => {
    for (const [name, text] of await serviceDocs()) {
      assert.equal(await readFile(join(root, 'docs/services', name), 'utf8'), text, name);
      assert.doesNotMatch(text, /undefined|\[object/);
    }
  });

  it('names members within members as AWS models them, and refuses nothing else', async () => {
    const model = await loadModel('sagemaker');
    const described: readonly AnyOperation<never>[] = Object.values(operations);
    const paths = described.flatMap(({ name, nestedFields = {} }) =>
      Object.keys(nestedFields).map((path) => ({ name, path })),
    );
    assert.ok(paths.length > 100);
    for (const { name, path } of paths) {
      const input = model.operations.get(name)?.input;
      assert.ok(input && memberAt(input, path), `${name} has no member ${path}`);
    }
  });
});

type Schema = NonNullable<ReturnType<Awaited<ReturnType<typeof loadModel>>['operations']['get']>>['input'];

/** The member at `ResourceConfig.InstanceGroups` or `InputDataConfig[].ContentType`. */
function memberAt(schema: Schema, path: string): Schema | undefined {
  return path.split('.').reduce<Schema | undefined>((within, step) => {
    const isList = step.endsWith('[]');
    const name = isList ? step.slice(0, -2) : step;
    const found = within && [...within.structIterator()].find(([member]) => member === name)?.[1];
    return found && isList ? (found.getValueSchema() as Schema) : found;
  }, schema);
}
