import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileNames } from './manifest.ts';
import type { OpenArtifact } from './open.ts';

/** `local.json` beside a model: facts of the machine it was trained on, which mean nothing elsewhere and are packed nowhere. */
export interface LocalFacts {
  /** Absolute path of the data set. */
  readonly trainingRoot?: string;
}

/** Nothing where the model was moved here as an archive. */
export async function readLocalFacts(artifact: OpenArtifact): Promise<LocalFacts> {
  const text = await readFile(join(artifact.folder, fileNames.local), 'utf8').catch(() => '{}');
  try {
    const parsed = JSON.parse(text) as { trainingRoot?: unknown } | null;
    return typeof parsed?.trainingRoot === 'string' ? { trainingRoot: parsed.trainingRoot } : {};
  } catch {
    return {};
  }
}
