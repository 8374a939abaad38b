import { artifactErrors } from './catalogue/artifact.ts';
import { backboneErrors } from './catalogue/backbone.ts';
import { cliErrors } from './catalogue/cli.ts';
import { containerErrors } from './catalogue/container.ts';
import { datasetErrors } from './catalogue/dataset.ts';
import { featuresErrors } from './catalogue/features.ts';
import { fetchErrors } from './catalogue/fetch.ts';
import { headErrors } from './catalogue/head.ts';
import { hostErrors } from './catalogue/host.ts';
import { imageErrors } from './catalogue/image.ts';
import { netErrors } from './catalogue/net.ts';
import { onnxErrors } from './catalogue/onnx.ts';
import { peersErrors } from './catalogue/peers.ts';
import { sampleErrors } from './catalogue/sample.ts';
import { serveErrors } from './catalogue/serve.ts';
import { serverErrors } from './catalogue/server.ts';
import { storeErrors } from './catalogue/store.ts';
import { trainingErrors } from './catalogue/training.ts';
import { tuningErrors } from './catalogue/tuning.ts';
import type { ErrorDefinition } from './definition.ts';

/** Written out, as the inferred type would name interfaces that only a room's file knows, and no declaration could be emitted. */
type Catalogue = typeof artifactErrors &
  typeof backboneErrors &
  typeof cliErrors &
  typeof containerErrors &
  typeof datasetErrors &
  typeof featuresErrors &
  typeof fetchErrors &
  typeof headErrors &
  typeof hostErrors &
  typeof imageErrors &
  typeof netErrors &
  typeof onnxErrors &
  typeof peersErrors &
  typeof sampleErrors &
  typeof serveErrors &
  typeof serverErrors &
  typeof storeErrors &
  typeof trainingErrors &
  typeof tuningErrors;

/** Every user error of the product by its stable code `WHIPPET_<ROOM>_<NAME>`. docs/errors.md is written from it. */
export const catalogue: Catalogue = {
  ...artifactErrors,
  ...backboneErrors,
  ...cliErrors,
  ...containerErrors,
  ...datasetErrors,
  ...featuresErrors,
  ...fetchErrors,
  ...headErrors,
  ...hostErrors,
  ...imageErrors,
  ...netErrors,
  ...onnxErrors,
  ...peersErrors,
  ...sampleErrors,
  ...serveErrors,
  ...serverErrors,
  ...storeErrors,
  ...trainingErrors,
  ...tuningErrors,
};

export type ErrorCode = keyof Catalogue;
export type ErrorValues<C extends ErrorCode> = Catalogue[C] extends ErrorDefinition<infer P> ? P : never;
