import { type ErrorCode, userError, type WhippetError } from '../../errors/index.ts';

const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  WHIPPET_SERVE_NOT_FOUND: 404,
  WHIPPET_SERVE_METHOD: 405,
  WHIPPET_SERVE_MALFORMED: 400,
  WHIPPET_SERVE_INCOMPLETE: 408,
  WHIPPET_SERVE_NOT_ACCEPTABLE: 406,
  WHIPPET_SERVE_TOP: 400,
  WHIPPET_SERVE_TOP_OF_LOGITS: 400,
  WHIPPET_SERVE_MEDIA_TYPE: 415,
  WHIPPET_SERVE_CODING: 415,
  WHIPPET_SERVE_BODY_EMPTY: 400,
  WHIPPET_SERVE_BODY_TOO_LARGE: 413,
  WHIPPET_SERVE_JSON: 400,
  WHIPPET_SERVE_BUSY: 503,
  WHIPPET_SERVE_MEMORY: 503,
  WHIPPET_SERVE_DRAINING: 503,
  WHIPPET_SERVE_UNHEALTHY: 503,
  WHIPPET_SERVE_TIME_LIMIT: 504,
  WHIPPET_SERVE_INTERNAL: 500,
  WHIPPET_IMAGE_EMPTY: 400,
  WHIPPET_IMAGE_UNSUPPORTED: 415,
  WHIPPET_IMAGE_HEIC: 415,
  WHIPPET_NET_URL: 400,
  WHIPPET_NET_ADDRESS: 400,
  WHIPPET_NET_TOO_LARGE: 413,
};

/**
 * The HTTP status of an error. Pictures that cannot be decoded and addresses that do not deliver are 422: the request was
 * understood, what it holds or names is at fault. Not 502 or 504, as 5xx would count as the endpoint's failure and could roll a
 * deployment back because of a caller's bad link. Undefined: the error is no answer to a caller.
 */
export function statusOf({ code }: WhippetError): number | undefined {
  const status = statuses[code];
  if (status !== undefined) return status;
  return code.startsWith('WHIPPET_IMAGE_') || code.startsWith('WHIPPET_NET_') ? 422 : undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Of the error, for log and metrics. */
  readonly code?: ErrorCode;
}

/** `{ code, message, remedy }` as JSON. */
export function errorReply(error: WhippetError, requestId: string): Reply {
  const status = statusOf(error);
  if (status === undefined) return errorReply(userError('WHIPPET_SERVE_INTERNAL', { requestId }, error), requestId);
  return {
    status,
    headers: {
      'content-type': 'application/json',
      // Queues are short: a second empties them or nothing does.
      ...(status === 503 ? { 'retry-after': '1' } : {}),
    },
    body: `${JSON.stringify(error)}\n`,
    code: error.code,
  };
}
