import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { runTrain } from '../run/train.ts';
import { addTrainingFlags, type TrainingFlags, trainOptionsOf } from './training-flags.ts';

interface TrainFlags extends TrainingFlags {
  readonly json?: boolean;
}

export function define(command: Command, context: Context): void {
  command
    .argument('<photos>', 'folder with train/ valid/ test/ and a folder per class in each, or with a folder per class')
    .option('--json', 'print the result as JSON');
  addTrainingFlags(command);
  command.addHelpText('after', examples).action(async (photos: string, flags: TrainFlags) => {
    await runTrain(photos, { options: trainOptionsOf(flags, context), json: flags.json === true }, context);
  });
}

const examples = `
Examples:
  whippet train photos/
      ResNet-50, downloaded once (98 MB)
  whippet train photos/ --head 128 --learning-rate 0.002
      the founding head: 2048 → 128 → ReLU → classes
  whippet train photos/ --backbone onnx:backbone.onnx
      any ONNX model with a feature output
`;
