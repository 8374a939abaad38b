import { isWhippetError } from '../../errors/index.ts';
import type { ErrorJson } from './protocol.ts';

/** An error as it crosses a process boundary; `reviveError` is the way back. Defects have the code DEFECT and keep their stack. */
export function errorJson(error: unknown): ErrorJson {
  if (isWhippetError(error)) return error.toJSON();
  return {
    code: 'DEFECT',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    remedy: '',
  };
}
