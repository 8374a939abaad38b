import { defineError } from '../definition.ts';

const isOnnx = (file: string): boolean => /\.onnx$/i.test(file);

export const containerErrors = {
  WHIPPET_CONTAINER_VARIABLE: defineError<{ name: string; reason: string }>({
    message: ({ name, reason }) => `The environment variable ${name} cannot be used: ${reason}.`,
    remedy: 'docs/container.md lists the variables and what they may be.',
  }),
  WHIPPET_CONTAINER_CONFIG: defineError<{ path: string; reason: string }>({
    message: ({ path, reason }) => `${path} cannot be used: ${reason}.`,
    remedy: 'SageMaker writes this file; by hand it must have the same form: docs/container.md shows it.',
  }),
  WHIPPET_CONTAINER_UNKNOWN_HYPERPARAMETER: defineError<{ name: string; nearest: string | undefined; known: string }>({
    message: ({ name }) => `There is no hyperparameter "${name}".`,
    remedy: ({ nearest, known }) => `${nearest ? `Did you mean ${nearest}? ` : ''}There are: ${known}.`,
  }),
  WHIPPET_CONTAINER_HYPERPARAMETER: defineError<{ name: string; value: string; expected: string }>({
    message: ({ name, value, expected }) => `The hyperparameter ${name} must be ${expected}, not "${value}".`,
    remedy: 'Correct it in HyperParameters and start the job again.',
  }),
  WHIPPET_CONTAINER_HYPERPARAMETER_TWICE: defineError<{ name: string; first: string; second: string }>({
    message: ({ name, first, second }) => `The hyperparameter ${name} is given twice, as "${first}" and "${second}".`,
    remedy: 'Give it once.',
  }),
  WHIPPET_CONTAINER_NO_CHANNEL: defineError<{ path: string; found: readonly string[] }>({
    message: ({ path, found }) =>
      `There are no training pictures: ${path} has neither a channel "training" nor "train"${found.length > 0 ? `, only ${found.join(', ')}` : ''}.`,
    remedy:
      'Give the data set as the channel "training", or its splits as the channels "train", "validation" and "test".',
  }),
  WHIPPET_CONTAINER_EMPTY_CHANNEL: defineError<{ channel: string; path: string }>({
    message: ({ channel, path }) => `The channel "${channel}" is empty: there is nothing in ${path}.`,
    remedy:
      'Check the S3Uri of the channel: it must be the prefix above the class folders, and the role must be allowed to list it.',
  }),
  WHIPPET_CONTAINER_CHANNELS: defineError<{ problem: string }>({
    message: ({ problem }) => problem,
    remedy: 'Give either one channel "training" with the whole data set, or one channel for each split.',
  }),
  WHIPPET_CONTAINER_WEIGHTS: defineError<{ path: string; reason: string }>({
    message: ({ path, reason }) => `The channel "weights" (${path}) cannot be used: ${reason}.`,
    remedy:
      'Put one .safetensors file (with torchvision keys) or one .onnx file there; of several .onnx files backbone=onnx:NAME.onnx names one.',
  }),
  WHIPPET_CONTAINER_WEIGHTS_OF_ANOTHER: defineError<{ file: string; backbone: string }>({
    message: ({ file, backbone }) =>
      `The channel "weights" holds ${file}, ${isOnnx(file) ? 'a backbone of its own' : 'the weights of a ResNet'}, but the hyperparameter backbone is "${backbone}".`,
    remedy: ({ file }) =>
      isOnnx(file)
        ? `To train on ${file} leave backbone out, or give backbone=onnx:${file}. A ResNet takes a .safetensors file instead, or no channel "weights".`
        : 'Give the ResNet that they belong to, such as backbone=resnet50, or leave the channel "weights" out.',
  }),
  WHIPPET_CONTAINER_NO_SECRET: defineError<{ hosts: number }>({
    message: ({ hosts }) => `The job has ${hosts} hosts, and nothing that they could know each other by.`,
    remedy:
      'Give WHIPPET_JOB_SECRET in Environment of CreateTrainingJob: at least 16 random bytes in hexadecimal, such as `openssl rand -hex 32` prints.',
  }),
  WHIPPET_CONTAINER_STORAGE: defineError<{ path: string; reason: string }>({
    message: ({ path, reason }) => `${path} cannot be written or read: ${reason}.`,
    remedy:
      'Give the job more room (VolumeSizeInGB, or free some on this machine), or give whoever runs it the right to that folder.',
  }),
  WHIPPET_CONTAINER_OBJECTIVE_ON_TEST: defineError<{ metric: string }>({
    message: ({ metric }) =>
      `"${metric}" cannot be the objective of a search: whoever chooses by the test split has no test split left.`,
    remedy: 'Take validation:loss or validation:accuracy.',
  }),
  WHIPPET_CONTAINER_TEST_IN_TUNING: defineError<Record<never, never>>({
    message: () => 'evaluate_test is set in a trial of a search: the test split would be opened once per trial.',
    remedy: 'Leave it out of StaticHyperParameters; train the winner once more with it, or use `whippet evaluate`.',
  }),
  WHIPPET_CONTAINER_NO_MODEL: defineError<{ path: string }>({
    message: ({ path }) => `There is no model in ${path} (whippet.json is missing).`,
    remedy: 'Give a model.tar.gz that whippet trained, unpacked there as SageMaker does it, or as it is.',
  }),
};
