import { join, resolve } from 'node:path';

/**
 * Folders of a training container below its root, `/opt/ml` on SageMaker.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 */
export interface TrainingTree {
  readonly root: string;
  /** hyperparameters.json, inputdataconfig.json, resourceconfig.json, rulesconfig.json. */
  readonly config: string;
  /** A folder per channel. */
  readonly data: string;
  readonly model: string;
  /** File that becomes the FailureReason. */
  readonly failure: string;
  /** Becomes output.tar.gz. */
  readonly outputData: string;
  /** Tensors of Debugger's hook. */
  readonly tensors: string;
  /** What rules found, and their reports. */
  readonly rules: string;
  readonly checkpoints: string;
}

export function trainingTree(root: string, toolkit: Readonly<Record<string, string>> = {}): TrainingTree {
  const top = resolve(root);
  const output = toolkit.OUTPUT_DIR ?? join(top, 'output');
  return {
    root: top,
    config: toolkit.INPUT_CONFIG_DIR ?? join(top, 'input', 'config'),
    data: join(toolkit.INPUT_DIR ?? join(top, 'input'), 'data'),
    model: toolkit.MODEL_DIR ?? join(top, 'model'),
    failure: join(output, 'failure'),
    outputData: toolkit.OUTPUT_DATA_DIR ?? join(output, 'data'),
    tensors: join(output, 'tensors'),
    rules: join(output, 'rules'),
    checkpoints: join(top, 'checkpoints'),
  };
}
