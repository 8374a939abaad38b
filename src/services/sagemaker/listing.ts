import type { Database, SqlValue } from '../../store/index.ts';
import { formatListToken, parseListToken } from './list-token.ts';
import type { Place } from './place.ts';

/** What the List operations of jobs and models have in common. */
export interface ListRequest {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
  readonly NameContains?: string | undefined;
  readonly StatusEquals?: string | undefined;
  readonly CreationTimeAfter?: Date | undefined;
  readonly CreationTimeBefore?: Date | undefined;
  readonly LastModifiedTimeAfter?: Date | undefined;
  readonly LastModifiedTimeBefore?: Date | undefined;
  readonly SortBy?: string | undefined;
  readonly SortOrder?: string | undefined;
}

export interface ListSource {
  readonly database: Database;
  /** A table with id, account, region, name, created, and status and modified where the request may ask for them. */
  readonly table: string;
  /** Columns by the names that SortBy has for them. */
  readonly columns: Readonly<Record<string, string>>;
  /** What SortBy and SortOrder are when they are not given; AWS's differ from operation to operation. */
  readonly sortBy: string;
  readonly sortOrder: 'Ascending' | 'Descending';
  /** Rows that are equal in the column come in the order of their making, whichever way the column is sorted. Default: as the column. */
  readonly earliestFirst?: boolean;
  /** CreationTimeAfter takes in what was made at that very time. Default: it does not. */
  readonly fromCreationTime?: boolean;
  /** A further condition in SQL, and its values. */
  readonly where?: { readonly sql: string; readonly values: readonly SqlValue[] };
}

export interface ListPage<Row> {
  readonly rows: Row[];
  readonly nextToken?: string;
}

interface Sorted {
  readonly id: number;
  readonly name: string;
}

/**
 * One page of a table. A token is the position after the last row shown, so pages neither repeat nor leave out what was there
 * throughout. Without MaxResults AWS gives 10 items.
 * @throws AwsFault ValidationException for a token of elsewhere.
 */
export function listPage<Row extends Sorted>(request: ListRequest, place: Place, source: ListSource): ListPage<Row> {
  const by = request.SortBy ?? source.sortBy;
  const column = source.columns[by] ?? 'created';
  const descending = (request.SortOrder ?? source.sortOrder) === 'Descending';
  const tiesDescending = descending && source.earliestFirst !== true;
  const order = `${by} ${descending ? 'down' : 'up'}`;
  const limit = request.MaxResults ?? 10;
  const conditions = conditionsOf(request, { place, fromCreationTime: source.fromCreationTime === true });
  if (source.where) conditions.push([source.where.sql, ...source.where.values]);
  if (request.NextToken !== undefined) {
    const { value, id } = parseListToken(request.NextToken, order);
    const [next, nextTie] = [descending ? '<' : '>', tiesDescending ? '<' : '>'];
    const sql = `${column} ${next}= ? AND (${column} ${next} ? OR id ${nextTie} ?)`;
    conditions.push([sql, value, value, id]);
  }
  const found = source.database.all<Row & { sorted: string | number }>(
    `SELECT *, ${column} AS sorted FROM ${source.table} WHERE ${conditions.map(([sql]) => sql).join(' AND ')}
     ORDER BY ${column} ${descending ? 'DESC' : 'ASC'}, id ${tiesDescending ? 'DESC' : 'ASC'} LIMIT ?`,
    ...conditions.flatMap(([, ...values]) => values),
    limit + 1,
  );
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  if (found.length <= limit || last === undefined) return { rows };
  return { rows, nextToken: formatListToken({ order, value: last.sorted, id: last.id }) };
}

type Condition = [sql: string, ...values: SqlValue[]];

function conditionsOf(
  request: ListRequest,
  { place: { account, region }, fromCreationTime }: { readonly place: Place; readonly fromCreationTime: boolean },
): Condition[] {
  const conditions: Condition[] = [
    ['account = ?', account],
    ['region = ?', region],
  ];
  const add = (sql: string, value: SqlValue | Date | undefined): void => {
    if (value === undefined) return;
    conditions.push([sql, value instanceof Date ? value.getTime() : value]);
  };
  // AWS compares without regard to case.
  add('instr(lower(name), lower(?)) > 0', request.NameContains);
  add('status = ?', request.StatusEquals);
  add(`created ${fromCreationTime ? '>=' : '>'} ?`, request.CreationTimeAfter);
  add('created < ?', request.CreationTimeBefore);
  add('modified > ?', request.LastModifiedTimeAfter);
  add('modified < ?', request.LastModifiedTimeBefore);
  return conditions;
}
