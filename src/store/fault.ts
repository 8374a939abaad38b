import { userError } from '../errors/index.ts';

/**
 * What went wrong with the state while it was in use. `full`: no room on the disk. `io`: the disk or the system refused.
 * `missing`, `damaged`: a blob is not there, or not as it was written.
 */
export type StoreFaultKind = 'full' | 'io' | 'missing' | 'damaged';

/** A failure of the state that a service can answer for (a full disk, a lost file); neither a user's error nor a defect. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
  readonly kind: StoreFaultKind;

  constructor(kind: StoreFaultKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}

export function isStoreFault(error: unknown): error is StoreFault {
  return error instanceof StoreFault;
}

const outOfRoom = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** A file operation's error as a StoreFault. Errors that are not the system's stay as they are. */
export function fileFault(error: unknown, what: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (isStoreFault(error) || typeof code !== 'string' || syscall === undefined) return error;
  if (outOfRoom.has(code)) return new StoreFault('full', `There is no room for ${what}.`, error);
  return new StoreFault('io', `${what}: ${code} at ${syscall}.`, error);
}

/** SQLite's primary result codes: https://www.sqlite.org/rescode.html */
const result = {
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  NOTADB: 26,
  BUSY: 5,
  READONLY: 8,
  PROTOCOL: 15,
} as const;

interface SqliteError extends Error {
  readonly code: 'ERR_SQLITE_ERROR';
  /** Extended result code: the primary one is its low byte. */
  readonly errcode: number;
  readonly errstr: string;
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && (error as Partial<SqliteError>).code === 'ERR_SQLITE_ERROR';
}

function primaryCode(error: SqliteError): number {
  return error.errcode & 0xff;
}

/** A statement's error: what the disk did becomes a StoreFault, what the statement is wrong about stays as it is. */
export function statementFault(error: unknown): unknown {
  if (!isSqliteError(error)) return error;
  switch (primaryCode(error)) {
    case result.FULL:
      return new StoreFault('full', 'There is no room for the database.', error);
    case result.CORRUPT:
    case result.NOTADB:
      return new StoreFault('damaged', `The database is damaged: ${error.errstr}.`, error);
    case result.IOERR:
    case result.CANTOPEN:
    case result.BUSY:
    case result.READONLY:
    case result.PROTOCOL:
      return new StoreFault('io', `The database cannot be used: ${error.errstr}.`, error);
    default:
      return error;
  }
}

export function isBusy(error: unknown): boolean {
  return isSqliteError(error) && primaryCode(error) === result.BUSY;
}

/** What opening a database threw, for people: damaged, or not usable here. */
export function openingError(error: unknown, { path, directory }: { path: string; directory: string }): unknown {
  if (!isSqliteError(error)) return error;
  const code = primaryCode(error);
  if (code === result.CORRUPT || code === result.NOTADB) {
    return userError('WHIPPET_STORE_CORRUPT', { path, reason: error.errstr }, error);
  }
  const fault = statementFault(error);
  return isStoreFault(fault) ? userError('WHIPPET_STORE_DIRECTORY', { directory, reason: error.errstr }, error) : error;
}
