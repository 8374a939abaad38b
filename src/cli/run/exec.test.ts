import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withEndpoint } from './exec.ts';

it('the AWS CLI is told the address in a way that old ones take too', () => {
  const url = 'http://127.0.0.1:4566';
  assert.deepEqual(withEndpoint(['aws', 's3', 'ls'], url), ['aws', '--endpoint-url', url, 's3', 'ls']);
  assert.deepEqual(withEndpoint(['/usr/bin/aws', 's3', 'ls'], url).slice(0, 3), [
    '/usr/bin/aws',
    '--endpoint-url',
    url,
  ]);
  for (const argv of [
    ['aws', 's3', 'ls', '--endpoint-url', 'http://x'],
    ['aws', '--endpoint-url=http://x', 's3', 'ls'],
    ['awslocal', 's3', 'ls'],
    ['python3', 'aws'],
  ]) {
    assert.deepEqual(withEndpoint(argv, url), argv);
  }
});
