import { groupNotFound } from './errors.ts';
import type { LogsState, Place } from './state.ts';

export interface LogGroup extends Place {
  readonly id: number;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** Days; null: for ever. */
  readonly retention: number | null;
  /** Messages in UTF-8 and 26 bytes for each. */
  readonly bytes: number;
  /** JSON. */
  readonly tags: string;
}

export function findGroup({ account, region }: Place, name: string, { database }: LogsState): LogGroup | undefined {
  return database.get<LogGroup>(
    'SELECT * FROM log_groups WHERE account = ? AND region = ? AND name = ?',
    account,
    region,
    name,
  );
}

/** @throws AwsFault ResourceNotFoundException. */
export function requireGroup(place: Place, name: string, state: LogsState): LogGroup {
  const group = findGroup(place, name, state);
  if (group === undefined) throw groupNotFound();
  return group;
}

/** @returns false where there is one of that name. */
export function insertGroup(
  { account, region }: Place,
  { name, tags = {} }: { name: string; tags?: Readonly<Record<string, string>> | undefined },
  { database, clock }: LogsState,
): boolean {
  const { changes } = database.run(
    'INSERT INTO log_groups (account, region, name, created, bytes, tags) VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING',
    account,
    region,
    name,
    clock.now().getTime(),
    JSON.stringify(tags),
  );
  return changes > 0;
}

/** The group and its streams are gone at once, the events with the next upkeep. */
export function deleteGroup({ id }: LogGroup, { database }: LogsState): void {
  database.transaction(() => {
    database.run('INSERT INTO log_leftovers SELECT id FROM log_streams WHERE log_group = ?', id);
    database.run('DELETE FROM log_streams WHERE log_group = ?', id);
    database.run('DELETE FROM log_groups WHERE id = ?', id);
  });
}

export function tagsOf({ tags }: LogGroup): Record<string, string> {
  return JSON.parse(tags);
}

export function setTags({ id }: LogGroup, tags: Readonly<Record<string, string>>, { database }: LogsState): void {
  database.run('UPDATE log_groups SET tags = ? WHERE id = ?', JSON.stringify(tags), id);
}
