import { artifactErrors } from './catalogue/artifact.ts';
import { backboneErrors } from './catalogue/backbone.ts';
import { cliErrors } from './catalogue/cli.ts';
import { datasetErrors } from './catalogue/dataset.ts';
import { featuresErrors } from './catalogue/features.ts';
import { headErrors } from './catalogue/head.ts';
import { imageErrors } from './catalogue/image.ts';
import { netErrors } from './catalogue/net.ts';
import { onnxErrors } from './catalogue/onnx.ts';
import { sampleErrors } from './catalogue/sample.ts';
import { serveErrors } from './catalogue/serve.ts';
import type { ErrorDefinition } from './definition.ts';

/** Every user error of the product by its stable code `WHIPPET_<ROOM>_<NAME>`. docs/errors.md is written from it. */
export const catalogue = {
  ...artifactErrors,
  ...backboneErrors,
  ...cliErrors,
  ...datasetErrors,
  ...featuresErrors,
  ...headErrors,
  ...imageErrors,
  ...netErrors,
  ...onnxErrors,
  ...sampleErrors,
  ...serveErrors,
};

export type ErrorCode = keyof typeof catalogue;
export type ErrorValues<C extends ErrorCode> = (typeof catalogue)[C] extends ErrorDefinition<infer P> ? P : never;
