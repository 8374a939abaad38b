/** SageMaker, wired to what its jobs need of the other services. Loaded at its first request, or where a job is to go on. */
import { randomBytes } from 'node:crypto';
import type { Clock, InstanceHost, Journal } from '../host/index.ts';
import { type CloudWatchState, putData, summaryOfValues } from '../services/cloudwatch/index.ts';
import { assumableRole, isCurrentRole } from '../services/iam/index.ts';
import { appendEvents, type LogsState } from '../services/logs/index.ts';
import { createSageMaker, type LogSink, type MetricSink } from '../services/sagemaker/index.ts';
import type { Service } from '../services/service.ts';
import { createSession } from '../services/sts/index.ts';
import type { Store } from '../store/index.ts';
import type { Authorizer } from './authorize.ts';
import { createRoles } from './roles.ts';

export interface SageMakerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly authorizer: Authorizer;
  readonly instances: InstanceHost;
  /** Of the jobs. */
  readonly directory: string;
  readonly url: () => string;
}

/** Jobs that an earlier server left go on from here. */
export async function startSageMaker(parts: SageMakerParts): Promise<Service> {
  const { store, clock, journal, authorizer, instances, directory, url } = parts;
  const common = { database: store.database, clock, random: randomBytes };
  const roles = createRoles({
    ...{ authorizer, url, createSession, sessions: common, s3: { store, clock, random: randomBytes } },
    findRole: (arn) => assumableRole(arn, common),
    isCurrentRole: (principal) => isCurrentRole(principal, common),
  });
  const sinks = { logs: logSink(common), metrics: metricSink(common) };
  const service = createSageMaker({ ...common, ...sinks, journal, directory, instances, roles, url });
  await service.resume?.();
  return service;
}

function logSink(state: LogsState): LogSink {
  return {
    append: (target, events) =>
      appendEvents(
        target,
        events.map(({ timestamp, message }) => ({ timestamp: timestamp.getTime(), message })),
        state,
      ),
  };
}

type Unit = NonNullable<Parameters<typeof putData>[1][number]['unit']>;

function metricSink(state: CloudWatchState): MetricSink {
  return {
    put(place, { namespace, name, dimensions, values, unit, time }) {
      const datum = { name, dimensions: Object.entries(dimensions), time, unit: unit as Unit };
      putData({ ...place, namespace }, [{ ...datum, summary: summaryOfValues(values) }], state);
    },
  };
}
