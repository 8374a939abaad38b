/** SageMaker. What is faithful, missing and different is in `fidelity`; docs/services/sagemaker.md is written from it and from the table. */
import type { ServedOperation } from '../../wire/index.ts';
import type { AnyOperation } from '../operation.ts';
import type { Fidelity, Service } from '../service.ts';
import { accessDenied } from './errors.ts';
import type { SageMakerState } from './state.ts';

export type {
  AssumeOptions,
  LogSink,
  MetricSink,
  ObjectEntry,
  RoleObjects,
  RoleSession,
  Roles,
  SageMakerState,
} from './state.ts';

export const title = 'SageMaker';

export const operations = {} satisfies Partial<Record<ServedOperation<'sagemaker'>, AnyOperation<SageMakerState>>>;

export const fidelity: Fidelity = { faithful: [], missing: [], different: [] };

export function createSageMaker(state: SageMakerState): Service<SageMakerState> {
  return { operations, state, denied: accessDenied };
}
