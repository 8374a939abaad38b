import type { CloudWatchState, Place } from './state.ts';

export type Dimensions = readonly (readonly [name: string, value: string])[];

/** What tells one metric from another. The order of the dimensions does not matter. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

export function findMetric(place: Place, metric: MetricName, { database }: CloudWatchState): number | undefined {
  return database.get<{ id: number }>(
    'SELECT id FROM metrics WHERE account = ? AND region = ? AND namespace = ? AND name = ? AND dimensions = ?',
    ...[place.account, place.region, metric.namespace, metric.name, canonical(metric.dimensions)],
  )?.id;
}

/** `published` need not be written for every datum to tell who was active in the last hours. */
const publishedSteps = 60_000;

/** Id of the metric, which is made where there is none, and noted as active. */
export function touchMetric(place: Place, metric: MetricName, { database, clock }: CloudWatchState): number {
  const now = clock.now().getTime();
  const dimensions = canonical(metric.dimensions);
  const found = database.get<{ id: number; published: number }>(
    'SELECT id, published FROM metrics WHERE account = ? AND region = ? AND namespace = ? AND name = ? AND dimensions = ?',
    ...[place.account, place.region, metric.namespace, metric.name, dimensions],
  );
  if (found === undefined) {
    return database.run(
      'INSERT INTO metrics (account, region, namespace, name, dimensions, published) VALUES (?, ?, ?, ?, ?, ?)',
      ...[place.account, place.region, metric.namespace, metric.name, dimensions, now],
    ).lastInsertRowid;
  }
  if (now - found.published >= publishedSteps) {
    database.run('UPDATE metrics SET published = ? WHERE id = ?', now, found.id);
  }
  return found.id;
}

/** As the table holds them, and as they are compared. */
export function canonical(dimensions: Dimensions): string {
  const sorted = [...dimensions].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify(sorted);
}
