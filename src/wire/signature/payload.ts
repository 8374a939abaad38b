import type { Payload } from './claim.ts';

const streaming: Readonly<Record<string, Payload>> = {
  'UNSIGNED-PAYLOAD': { kind: 'unsigned' },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { kind: 'unsigned-trailer' },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { kind: 'signed-chunks' },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { kind: 'signed-chunks-trailer' },
};

/** The value of x-amz-content-sha256. */
export function payloadOf(value: string | undefined): Payload {
  if (value === undefined) return { kind: 'absent' };
  if (/^[0-9a-f]{64}$/i.test(value)) return { kind: 'hash', sha256: value };
  return Object.hasOwn(streaming, value) ? (streaming[value] as Payload) : { kind: 'other', value };
}

/** As it stands in the canonical request. Undefined where only the body can tell. */
export function payloadText(payload: Payload): string | undefined {
  if (payload.kind === 'hash') return payload.sha256;
  return Object.entries(streaming).find(([, { kind }]) => kind === payload.kind)?.[0];
}
