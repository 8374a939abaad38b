import { defineError } from '../definition.ts';

/** Errors of the HTTP server: they reach the caller as JSON, with the status in src/container/serve/status.ts. */
export const serveErrors = {
  WHIPPET_SERVE_LISTEN: defineError<{ host: string; port: number; reason: string }>({
    message: ({ host, port, reason }) => `The server cannot listen on ${host} port ${port}: ${reason}.`,
    remedy: 'Choose another port with --port (0 takes a free one) or another address with --host.',
  }),
  WHIPPET_SERVE_LISTEN_SOCKET: defineError<{ path: string; reason: string }>({
    message: ({ path, reason }) => `The server cannot listen on the socket ${path}: ${reason}.`,
    remedy: 'Give a path of at most 107 bytes in a folder that you may write, with nothing there.',
  }),
  WHIPPET_SERVE_NOT_FOUND: defineError<{ path: string }>({
    message: ({ path }) => `There is nothing at ${path}.`,
    remedy: 'There are GET /ping, POST /invocations and GET /metrics.',
  }),
  WHIPPET_SERVE_METHOD: defineError<{ method: string; path: string; allowed: string }>({
    message: ({ method, path }) => `${path} does not know the method ${method}.`,
    remedy: ({ allowed }) => `Use ${allowed}.`,
  }),
  WHIPPET_SERVE_MALFORMED: defineError<{ reason: string }>({
    message: ({ reason }) => `The request is not valid HTTP: ${reason}.`,
    remedy: 'Use an HTTP client; headers may take 16 KiB.',
  }),
  WHIPPET_SERVE_INCOMPLETE: defineError<{ seconds: number }>({
    message: ({ seconds }) => `The request did not arrive completely within ${seconds} s.`,
    remedy: 'Send it faster, or make the picture smaller.',
  }),
  WHIPPET_SERVE_NOT_ACCEPTABLE: defineError<{ accept: string }>({
    message: ({ accept }) => `There is no answer of the type "${accept}".`,
    remedy: 'Accept application/json (logits) or application/vnd.whippet+json (labels, probabilities, novelty).',
  }),
  WHIPPET_SERVE_TOP: defineError<{ value: string; classes: number }>({
    message: ({ value }) => `top is "${value}", which is not a number of classes.`,
    remedy: ({ classes }) => `Give a whole number from 1 to ${classes}, the number of classes of this model.`,
  }),
  WHIPPET_SERVE_TOP_OF_LOGITS: defineError<Record<never, never>>({
    message: () => 'top was given, but the logits of all classes are asked for.',
    remedy: 'Ask for Accept: application/vnd.whippet+json, or leave top out.',
  }),
  WHIPPET_SERVE_MEDIA_TYPE: defineError<{ type: string }>({
    message: ({ type }) => `The body is of the type "${type}", which is not understood.`,
    remedy:
      'Send the bytes of one picture as image/* or application/octet-stream, or application/json with "url", "image" or "content". ' +
      'With curl: --data-binary @photo.jpg -H "Content-Type: image/jpeg".',
  }),
  WHIPPET_SERVE_CODING: defineError<{ coding: string }>({
    message: ({ coding }) => `The body is encoded as "${coding}", which is not understood.`,
    remedy: 'Send it without Content-Encoding: pictures are compressed already.',
  }),
  WHIPPET_SERVE_BODY_EMPTY: defineError<Record<never, never>>({
    message: () => 'The body is empty (0 bytes).',
    remedy: 'Send the picture in the body of the request; with curl, --data-binary @photo.jpg.',
  }),
  WHIPPET_SERVE_BODY_TOO_LARGE: defineError<{ limit: number }>({
    message: ({ limit }) => `The body is larger than the limit of ${limit} bytes.`,
    remedy: 'Scale the picture down: the model looks at a few hundred pixels. The limit is set by --max-body.',
  }),
  WHIPPET_SERVE_JSON: defineError<{ reason: string }>({
    message: ({ reason }) => `The JSON body cannot be used: ${reason}.`,
    remedy: 'Send an object with exactly one of "url", "image" (base64) and "content" (base64), in UTF-8.',
  }),
  WHIPPET_SERVE_BUSY: defineError<{ limit: number }>({
    message: ({ limit }) => `${limit} pictures are waiting already.`,
    remedy: 'Try again after the time in Retry-After, or run more servers.',
  }),
  WHIPPET_SERVE_MEMORY: defineError<{ limit: number }>({
    message: ({ limit }) => `The requests that are being received hold more than ${limit} bytes.`,
    remedy: 'Try again after the time in Retry-After, or send smaller pictures.',
  }),
  WHIPPET_SERVE_DRAINING: defineError<Record<never, never>>({
    message: () => 'The server is shutting down.',
    remedy: 'Send the request to another server.',
  }),
  WHIPPET_SERVE_UNHEALTHY: defineError<{ failures: number }>({
    message: ({ failures }) => `The last ${failures} predictions failed for reasons within the server.`,
    remedy: 'Restart it; its log says what happened.',
  }),
  WHIPPET_SERVE_TIME_LIMIT: defineError<{ seconds: number }>({
    message: ({ seconds }) => `There was no answer within ${seconds} s.`,
    remedy: 'Try again; if it happens often, the server has more work than it can do.',
  }),
  WHIPPET_SERVE_INTERNAL: defineError<{ requestId: string }>({
    message: ({ requestId }) => `The request ${requestId} failed for a reason within the server.`,
    remedy: 'Look for the request id in the log of the server, and report it as a defect.',
  }),
};
