import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { parsePolicy } from '../../policy/index.ts';
import { awsManagedPolicies } from './aws-managed.ts';

test('AWS’s policies are taken by our parser, and are what their file says', () => {
  const policies = [...awsManagedPolicies().values()];
  const files = readdirSync(new URL('./aws-managed/', import.meta.url)).sort();
  assert.deepEqual(policies.map(({ name }) => `${name}.json`).sort(), files);
  for (const { arn, name, id, path, version, created, updated, document } of policies) {
    assert.equal(arn, `arn:aws:iam::aws:policy${path}${name}`);
    assert.match(id, /^ANPA[A-Z0-9]{17}$/);
    assert.match(version, /^v\d+$/);
    assert.ok(created <= updated, name);
    assert.ok(parsePolicy(document, 'identity').statements.length > 0, name);
  }
  assert.equal(new Set(policies.map(({ id }) => id)).size, policies.length);
});
