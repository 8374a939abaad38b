import type { Evaluation } from '../evaluation/evaluate.ts';
import type { UnsealedManifest } from './write.ts';

/** What a person who finds the model needs to know: `README.md` of the artifact, in the spirit of Mitchell et al. 2019 (arXiv 1810.03993). */
export function modelCard(manifest: UnsealedManifest, evaluation: Evaluation): string {
  const { backbone, preprocessing, head, data, versions } = manifest;
  const total = (split: 'train' | 'valid'): number => (data.counts[split] ?? []).reduce((sum, n) => sum + n, 0);
  const share = ({ value, low, high }: { value: number; low: number; high: number }): string =>
    `${(100 * value).toFixed(1)} % (95 % interval ${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;
  const resize =
    preprocessing.resize === 'squash' ? 'squashed to' : `shorter side to ${preprocessing.resize}, centre crop`;
  return `# Image classifier with ${manifest.labels.length} classes

Trained by Whippet ${versions.whippet} on ${total('train')} pictures.

| | |
|---|---|
| backbone | ${text(backbone.name)}, frozen |
| pretrained on | ${text(backbone.pretrainedOn)} |
| head | ${head.join(' → ')} |
| input | ${preprocessing.size} × ${preprocessing.size} pixels (${resize} ${preprocessing.size}, ${preprocessing.interpolation}) |
| top-1 on valid | ${share(evaluation.top1)}, ${evaluation.pictures} pictures |
| macro-F1 on valid | ${share(evaluation.macroF1)} |
| chance | ${(100 * Math.max(evaluation.chance.largestClass, evaluation.chance.uniform)).toFixed(1)} % |
| temperature | ${manifest.temperature.toFixed(3)} |

The figures are of the valid split, on which the model was chosen; \`whippet evaluate\` measures on the test split.

## Use

\`\`\`
whippet predict . photo.jpg
whippet serve . --port 8080
\`\`\`

\`model.onnx\` takes \`pixels\` (uint8, N × ${preprocessing.size} × ${preprocessing.size} × 3, RGB, as the input row says) and gives \`logits\` (float32, N × ${manifest.labels.length})
and \`features\` (float32, N × ${backbone.dimension}); probabilities are softmax(logits ÷ temperature), labels are in \`whippet.json\`.

## Limits

- It names one of its classes for any picture. Novelty (\`whippet predict\`, \`--abstain\`) says how unlike the training pictures a picture is.
- Whatever its training pictures lack (breeds, cameras, seasons, places), it has not seen.
- The backbone's own training data and licence apply as well.

## Classes

${manifest.labels.map((label, index) => `${index}. ${text(label)}`).join('\n')}
`;
}

/** Names are other people's text: no markup, no line breaks. */
function text(name: string): string {
  return name.replace(/[\\`*_{}[\]<>()#+!|&]/g, '\\$&').replace(/\s+/g, ' ');
}
