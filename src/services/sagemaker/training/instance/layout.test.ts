import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeCache, featureCache, jobLayout } from './layout.ts';

const job = { id: 12, name: 'dogs-1' };

test('every host has a tree of its own', () => {
  const { directory, hosts } = jobLayout(job, { instances: 2, state: { directory: '/state' }, temporary: '/tmp' });
  assert.equal(directory, '/state/jobs/dogs-1-12');
  assert.deepEqual(
    hosts.map(({ name, root }) => [name, root]),
    [
      ['algo-1', '/state/jobs/dogs-1-12/algo-1/opt/ml'],
      ['algo-2', '/state/jobs/dogs-1-12/algo-2/opt/ml'],
    ],
  );
});

test('addresses of sockets are short enough, wherever the state is', () => {
  for (const directory of ['/state', `/${'deep/'.repeat(40)}state`]) {
    const { sockets } = jobLayout(job, { instances: 20, state: { directory }, temporary: '/tmp' });
    assert.ok(Buffer.byteLength(`${sockets}/20.sock`) <= 107, sockets);
  }
});

test('only instances with the same rights share compiled code and features', () => {
  for (const cache of [codeCache, featureCache]) {
    const of = (roleArn: string, account = '1') => cache({ roleArn, account }, { directory: '/state' });
    assert.equal(of('a'), of('a'));
    assert.notEqual(of('a'), of('b'));
    assert.notEqual(of('a'), of('a', '2'));
  }
});
