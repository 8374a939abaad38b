import { catalogue, type ErrorCode, type ErrorValues } from './catalogue.ts';
import type { ErrorDefinition } from './definition.ts';

/** An error that a user can act on. Everything else that is thrown is a defect of Whippet. */
export class WhippetError extends Error {
  override readonly name = 'WhippetError';
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly exitCode: 1 | 2;

  constructor(code: ErrorCode, message: string, remedy: string, exitCode: 1 | 2, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.remedy = remedy;
    this.exitCode = exitCode;
  }

  /** For `--json`, child processes and HTTP bodies. */
  toJSON(): { code: string; message: string; remedy: string } {
    return { code: this.code, message: this.message, remedy: this.remedy };
  }
}

/** `throw userError('WHIPPET_DATASET_EMPTY', { path })`: the code decides which values are asked for. */
export function userError<C extends ErrorCode>(code: C, values: ErrorValues<C>, cause?: unknown): WhippetError {
  // The catalogue's type ties code and values together; TypeScript cannot follow that through an index access.
  const definition = catalogue[code] as unknown as ErrorDefinition<ErrorValues<C>>;
  const remedy = typeof definition.remedy === 'string' ? definition.remedy : definition.remedy(values);
  return new WhippetError(code, definition.message(values), remedy, definition.exitCode ?? 1, cause);
}

export function isWhippetError(error: unknown): error is WhippetError {
  return error instanceof WhippetError;
}

/** Rebuilds an error that crossed a process boundary as `toJSON()`. Unknown codes are a defect and stay plain errors. */
export function reviveError(json: { code: string; message: string; remedy: string }): Error {
  if (!Object.hasOwn(catalogue, json.code)) return new Error(`${json.code}: ${json.message}`);
  const code = json.code as ErrorCode;
  return new WhippetError(code, json.message, json.remedy, catalogue[code].exitCode ?? 1);
}
