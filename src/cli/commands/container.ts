import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { runContainerTrain } from '../run/container-train.ts';

export function define(command: Command, context: Context): void {
  command
    .command('train')
    .description('Train one job: input/ and the environment say what, model/ and output/ get the result.')
    .option('--root <folder>', "SageMaker's folder", '/opt/ml')
    .action((flags: { root: string }) => runContainerTrain(flags, context));
  command.addHelpText('after', examples);
}

const examples = `
Examples:
  whippet container train --root job/opt/ml       job/opt/ml/input/data/training holds the pictures
  docker run -v $PWD/ml:/opt/ml whippet train     the same in the image
`;
