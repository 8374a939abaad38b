import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import type { ContainerServeFlags } from '../run/container-serve.ts';
import { wholeNumber } from './flags.ts';

/** What runs is loaded when it is run: a container's start is part of every job. */
export function define(command: Command, context: Context): void {
  command
    .command('train')
    .description('Train one job: input/ and the environment say what, model/ and output/ get the result.')
    .option('--root <folder>', "SageMaker's folder", '/opt/ml')
    .addHelpText('after', trainEnds)
    .action(async (flags: { root: string }) => {
      const { runContainerTrain } = await import('../run/container-train.ts');
      await runContainerTrain(flags, context);
    });
  command
    .command('serve')
    .description('Serve the model in model/: /ping and /invocations, until SIGTERM.')
    .option('--root <folder>', "SageMaker's folder", '/opt/ml')
    .option('--host <address>', 'address to listen on', '0.0.0.0')
    .option('-p, --port <port>', 'TCP port (default: SAGEMAKER_BIND_TO_PORT, else 8080)', wholeNumber(0, 65535))
    .addOption(new Option('--socket <path>', 'Unix socket to listen on instead').conflicts('port'))
    .action(async (flags: ContainerServeFlags) => {
      const { runContainerServe } = await import('../run/container-serve.ts');
      await runContainerServe(flags, context);
    });
  command.addHelpText('after', examples);
}

const trainEnds = `
Exit codes: 0 with a model, 1 with the reason in output/failure, 143 when
stopped before there was a model.
`;

const examples = `
Examples:
  whippet container train --root job/opt/ml
  whippet container serve --root job/opt/ml --port 8080
  docker run -v $PWD/job/opt/ml:/opt/ml whippet train    the same in the image

Pictures are in input/data/training, below the root.
`;
