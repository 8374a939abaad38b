import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { openPredictor } from '../../src/engine/index.ts';
import { sendMutatedRequests } from '../serving/mutated-requests.ts';
import { tinyArtifact } from '../serving/tiny-model.ts';

test('20,000 mutated requests in five formats of picture', async () => {
  const root = await mkdtemp(join(tmpdir(), 'whippet-soak-'));
  const artifact = await tinyArtifact(join(root, 'model'));
  const predictor = await openPredictor(artifact, { threads: 1 });
  const drawn = sharp({ create: { width: 48, height: 40, channels: 3, background: { r: 200, g: 30, b: 90 } } });
  try {
    for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff'] as const) {
      const picture = await drawn.clone().toFormat(format).toBuffer();
      await sendMutatedRequests(predictor, { picture, seed: `soak ${format}`, count: 4000 });
    }
  } finally {
    await predictor.close();
    await artifact.close();
    await rm(root, { recursive: true, force: true });
  }
});
