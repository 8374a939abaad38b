import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Isolation } from './instance.ts';
import { openGround, withoutBubblewrap } from './testing/ground.ts';

const dogs = fileURLToPath(new URL('../../../../shared/data/dogs/', import.meta.url));
const whippet = fileURLToPath(new URL('../../../bin/whippet', import.meta.url));

/** Two breeds with six pictures each. */
async function copyPhotos(folder: string): Promise<void> {
  const breeds = (await readdir(join(dogs, 'train'))).sort().slice(0, 2);
  for (const [split, count] of [['train', 4] as const, ['valid', 2] as const]) {
    for (const breed of breeds) {
      const names = (await readdir(join(dogs, split, breed))).sort().slice(0, count);
      await mkdir(join(folder, split, breed), { recursive: true });
      for (const name of names) await cp(join(dogs, split, breed, name), join(folder, split, breed, name));
    }
  }
}

describe('training in an instance', { skip: !existsSync(dogs) && `${dogs} is missing` }, () => {
  for (const isolation of ['process', 'bubblewrap'] as const satisfies readonly Isolation[]) {
    const skip = isolation === 'bubblewrap' && withoutBubblewrap;
    test(`${isolation}: workers extract features from photos that are shared read-only`, { skip }, async () => {
      await using ground = await openGround({ isolation });
      const photos = join(ground.folder, 'photos');
      await copyPhotos(photos);
      const flags = ['--backbone', 'scatter', '--workers', '2', '--epochs', '1', '--no-audit', '--out', 'model'];
      const instance = await ground.run('', {
        command: [process.execPath, whippet, 'train', photos, ...flags],
        environment: { HOME: join(ground.folder, 'tree') },
        readable: [photos],
      });
      assert.deepEqual(await instance.exited, { code: 0, signal: null }, instance.lines.join('\n'));
      assert.ok(existsSync(join(ground.folder, 'tree/model/model.onnx')));
    });
  }
});
