import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { type PredictFlags, runPredict } from '../run/predict.ts';
import { share, wholeNumber } from './flags.ts';

export function define(command: Command, context: Context): void {
  command
    .argument('<model>', 'model folder or model.tar.gz')
    .argument('<pictures...>', 'files, folders, globs, or - for one picture on standard input')
    .option('--top <k>', 'how many classes to show', wholeNumber(1, 1000), 5)
    .option('--abstain <percentile>', 'give no class to pictures at least this novel, such as 99', share(0, 100))
    .option('--threads <n>', 'threads of ONNX Runtime (default: one per core)', wholeNumber(1, 256))
    .option('--logits', 'with --json: the raw scores too')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(async (model: string, pictures: string[], flags: PredictFlags) =>
      runPredict({ model, pictures, flags }, context),
    );
}

const examples = `
Novelty is the share of held-out pictures that were more like the training
pictures than this one: near 100 means that the model has seen nothing like it,
and its probabilities mean little.

Examples:
  whippet predict model/ photo.jpg
  whippet predict model/ photos/ --abstain 99 --json
  curl -s https://example.com/dog.jpg | whippet predict model/ -
`;
