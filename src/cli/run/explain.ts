import { readFile, writeFile } from 'node:fs/promises';
import {
  type Explanation,
  explainPicture,
  explanationData,
  openArtifact,
  readLocalFacts,
  renderExplanation,
} from '../../engine/index.ts';
import { userError } from '../../errors/index.ts';
import type { Context } from '../context.ts';
import { percent } from '../terminal/numbers.ts';
import { fit, fitEnd, printable, table } from '../terminal/table.ts';

export interface ExplainFlags {
  readonly out: string;
  readonly photos?: string;
  readonly neighbours: number;
  readonly json?: boolean;
}

export async function runExplain(
  { model, picture, flags }: { model: string; picture: string; flags: ExplainFlags },
  context: Context,
): Promise<void> {
  const bytes = await readFile(picture).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EISDIR') throw userError('WHIPPET_IMAGE_FOLDER', { source: picture }, error);
    throw userError('WHIPPET_IMAGE_UNREADABLE', { source: picture, reason: error.message }, error);
  });
  const artifact = await openArtifact(model);
  try {
    const explanation = await explainPicture(artifact, bytes, {
      source: picture,
      trainingRoot: flags.photos ?? (await readLocalFacts(artifact)).trainingRoot,
      neighbours: flags.neighbours,
      threads: context.cores,
    });
    const files = await writePages(explanation, flags.out);
    if (flags.json) context.out(`${JSON.stringify({ ...(explanationData(explanation) as object), files }, null, 2)}\n`);
    else context.out(summary(explanation, { files, context }));
  } finally {
    await artifact.close();
  }
}

/** The page, and the heat map of the most probable class where there is one. */
async function writePages(explanation: Explanation, page: string): Promise<string[]> {
  await writeFile(page, renderExplanation(explanation));
  const overlay = explanation.maps[0]?.overlay;
  if (!overlay) return [page];
  const png = page.replace(/(\.html?)?$/i, '.png');
  await writeFile(png, overlay);
  return [page, png];
}

function summary(
  { source, ranked, neighbours, novelty }: Explanation,
  { files, context }: { files: readonly string[]; context: Context },
): string {
  const { style } = context;
  const [best] = ranked;
  const rows = neighbours.map(({ name, digest, label, similarity }) => [
    `  ${fitEnd(printable(name ?? digest.slice(0, 12)), 48)}`,
    fit(printable(label), 32),
    similarity.toFixed(2),
  ]);
  return (
    `${style.bold(printable(source))}: ${printable(best?.label ?? '')}, ${percent(best?.probability ?? 0)} sure, novelty ${novelty.toFixed(1)} of 100\n` +
    (rows.length > 0 ? `Most alike among the training pictures (cosine):\n${table(rows, 'llr')}` : '') +
    `Where it looked: ${files.map(printable).join(', ')}\n`
  );
}
