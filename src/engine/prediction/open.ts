import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { userError } from '../../errors/index.ts';
import { fileNames } from '../artifact/manifest.ts';
import type { OpenArtifact } from '../artifact/open.ts';
import { decodePicture } from '../image/decode.ts';
import { openNovelty } from '../novelty/novelty.ts';
import { type BatchRecord, startModelThread } from './model-thread.ts';
import type { Prediction, Predictor } from './prediction.ts';
import { rank } from './rank.ts';

export interface PredictorOptions {
  /** Threads of ONNX Runtime. */
  readonly threads: number;
  /** Told of each batch as it was run: for metrics. */
  readonly onBatch?: (record: BatchRecord) => void;
}

/** Loads an artifact that `openArtifact` has verified; the caller closes the artifact after the predictor. */
export async function openPredictor(artifact: OpenArtifact, options: PredictorOptions): Promise<Predictor> {
  const { manifest } = artifact;
  const noveltyOf = await readNovelty(artifact);
  const thread = await startModelThread({
    modelFile: requiredFile(artifact, fileNames.model),
    size: manifest.preprocessing.size,
    ...options,
  });
  let pending = 0;
  return {
    manifest,
    get pending() {
      return pending;
    },
    async predict(bytes, source): Promise<Prediction> {
      pending += 1;
      try {
        const { preprocessing, labels, temperature } = manifest;
        const digest = createHash('sha256').update(bytes).digest('hex');
        const { facts, views } = await decodePicture(bytes, {
          source,
          preprocessing,
          views: [{ kind: 'center' }],
          digest,
        });
        const { logits, features } = await thread.run(views[0] as Uint8Array);
        return { logits, ranked: rank(logits, { labels, temperature }), novelty: noveltyOf(features, logits), facts };
      } finally {
        pending -= 1;
      }
    },
    close: () => thread.close(),
  };
}

async function readNovelty(artifact: OpenArtifact): Promise<ReturnType<typeof openNovelty>> {
  const state = await readFile(requiredFile(artifact, fileNames.novelty));
  return openNovelty(state, artifact.manifest.novelty);
}

function requiredFile(artifact: OpenArtifact, name: string): string {
  const file = artifact.file(name);
  if (!file) throw userError('WHIPPET_ARTIFACT_MALFORMED', { path: artifact.folder, reason: `it lists no ${name}` });
  return file;
}
