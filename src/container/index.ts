/** SageMaker's container contract: what runs in the image, on a plain machine and under `whippet serve`. */
export { type ContainerEnvironment, readContainerEnvironment } from './environment.ts';
export { type InstanceEvent, type InstancePhase, instanceProtocol } from './events.ts';
export { type ServingMetrics, servingMetrics } from './serve/metrics.ts';
export { type AccessRecord, type Clock, type ServeOptions, serveDefaults } from './serve/options.ts';
export { type ContainerServing, serveInContainer } from './serve/serve-in-container.ts';
export { type Serving, startServing } from './serve/start.ts';
export type { ContainerTraining } from './train/container-training.ts';
export { failBeforeJob, trainInContainer } from './train/train-in-container.ts';
export { type Order, trainInTurn } from './train/train-in-turn.ts';
