import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadBackbone } from '../../src/engine/backbone/load.ts';
import { floats, readReference, relativeErrors, runBackbone } from '../reference/resnet/compare.ts';
import { generatedPicture, generatedResnetWeights } from '../reference/resnet/generated.ts';

for (const depth of [101, 152] as const) {
  test(`resnet${depth} gives torchvision's features within 1e-4`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'whippet-resnet-'));
    try {
      const { networks } = await readReference();
      const expected = networks[`resnet${depth}`]!;
      const weightsFile = join(folder, 'model.safetensors');
      assert.equal(await generatedResnetWeights(depth, weightsFile), expected.weightsSha256);
      const backbone = await loadBackbone(`resnet${depth}`, { weightsFile, cacheDirectory: folder });
      const pictures = Buffer.concat([generatedPicture(1, 224, 224), generatedPicture(2, 224, 224)]);
      const errors = relativeErrors((await runBackbone(backbone, pictures)).features.data, floats(expected.features));
      assert.ok(errors.norm < 1e-4 && errors.largest < 1e-4, JSON.stringify(errors));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
