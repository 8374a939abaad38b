import type { RequestBody } from '../../wire/index.ts';

/** The SDK types bodies for clients; on the server an incoming one is a checked stream, an outgoing one anything that yields bytes. */
export type WithRequestBody<Input> = Omit<Input, 'Body'> & { Body?: RequestBody };
export type WithResponseBody<Output> = Omit<Output, 'Body'> & { Body?: AsyncIterable<Uint8Array> };
