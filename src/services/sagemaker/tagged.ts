import type { Database } from '../../store/index.ts';
import { parseResourceArn, type ResourceKind, resourceArn } from './arns.ts';
import { validation } from './errors.ts';
import type { Place } from './place.ts';

/** Where the names of what can have tags lie. */
const tables: Readonly<Partial<Record<ResourceKind, string>>> = {
  'training-job': 'training_jobs',
  model: 'models',
  'hyper-parameter-tuning-job': 'tuning_jobs',
  'transform-job': 'transform_jobs',
};

/**
 * The ARN under which tags of this thing lie.
 * @throws AwsFault ValidationException where there is no such thing in this account and region.
 */
export function requireTagged(text: string, place: Place, database: Database): string {
  const { kind = '', name = '' } = parseResourceArn(text, place) ?? {};
  const table = Object.hasOwn(tables, kind) ? tables[kind as ResourceKind] : undefined;
  const found =
    table !== undefined &&
    database.get(
      `SELECT 1 FROM ${table} WHERE account = ? AND region = ? AND name = ? COLLATE NOCASE`,
      ...[place.account, place.region, name],
    );
  if (!found) throw validation(`Could not find resource ${text}.`);
  return resourceArn(kind as ResourceKind, name, place);
}
