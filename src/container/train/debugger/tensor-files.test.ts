import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openTensorFiles } from './tensor-files.ts';

describe('files of tensors', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whippet-tensors-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('are what NumPy loads', async (t) => {
    const files = openTensorFiles(folder, assert.fail);
    const data = Float32Array.of(1, 2, 3, 4, 5, -0.5);
    files.write({ kind: 'tensor', step: 7, collection: 'weights', name: 'weight0', dims: [2, 3], data });
    files.write({ kind: 'tensor', step: 7, collection: 'biases', name: 'bias0', dims: [6], data });
    files.write({ kind: 'tensor', step: 7, collection: 'losses', name: 'loss', dims: [], data: data.subarray(1, 2) });
    files.close();
    const header = await readFile(join(folder, '7', 'weight0.npy'));
    assert.equal((10 + header.readUInt16LE(8)) % 64, 0);
    const script = `import json, numpy as np, sys
print(json.dumps([[list(a.shape), a.flatten().tolist(), str(a.dtype)] for a in (np.load(p) for p in sys.argv[1:])]))`;
    const paths = ['weight0', 'bias0', 'loss'].map((name) => join(folder, '7', `${name}.npy`));
    let told: string;
    try {
      told = execFileSync('python3', ['-c', script, ...paths], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    } catch (error) {
      return t.skip(`NumPy is not there: ${(error as Error).message.split('\n').at(-2)}`);
    }
    const values = [...data];
    assert.deepEqual(JSON.parse(told), [
      [[2, 3], values, 'float32'],
      [[6], values, 'float32'],
      [[], [2], 'float32'],
    ]);
  });

  it('tell once that they cannot be written, and let the job go on', async () => {
    const taken = join(folder, 'taken');
    await writeFile(taken, '');
    const failures: string[] = [];
    const files = openTensorFiles(taken, (reason) => failures.push(reason));
    const tensor = { kind: 'tensor', collection: 'losses', name: 'loss', dims: [] } as const;
    for (const step of [0, 1]) files.write({ ...tensor, step, data: Float32Array.of(1) });
    files.close();
    assert.equal(failures.length, 1);
  });
});
