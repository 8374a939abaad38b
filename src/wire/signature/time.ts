import type { AwsFault } from '../fault.ts';
import type { SigV2Claim, SigV4Claim } from './claim.ts';
import type { Dialect } from './dialect.ts';
import { accessDenied, invalidSignature, requestTimeTooSkewed } from './faults.ts';
import { basicIso, timeOf } from './scope.ts';

/** How far a client's clock may be off. */
export const maxSkewMs = 15 * 60_000;

/** A signed request is good for 15 minutes around its date; a presigned one from 15 minutes before until it expires. */
export function checkTime(claim: SigV4Claim, { now, dialect }: { now: Date; dialect: Dialect }): void {
  const time = timeOf(claim.date);
  const isPresigned = claim.expiresIn !== undefined;
  const lastMs = time + (claim.expiresIn === undefined ? maxSkewMs : claim.expiresIn * 1000);
  if (now.getTime() > lastMs) throw tooLate(claim, { now, dialect, lastMs });
  if (now.getTime() >= time - maxSkewMs) return;
  if (dialect !== 's3') {
    const latest = new Date(now.getTime() + maxSkewMs);
    const reason = `${claim.date} is still later than ${basicIso(latest)} (${basicIso(now)} + 15 min.)`;
    throw invalidSignature(dialect, `Signature not yet current: ${reason}`);
  }
  if (isPresigned) throw accessDenied('Request is not valid yet', { ServerTime: seconds(now) });
  throw requestTimeTooSkewed(claim.date, { serverTime: seconds(now), maxSkewMs });
}

function tooLate(
  claim: SigV4Claim,
  { now, dialect, lastMs }: { now: Date; dialect: Dialect; lastMs: number },
): AwsFault {
  if (dialect !== 's3') {
    const reason =
      claim.expiresIn === undefined
        ? `${claim.date} is now earlier than ${basicIso(new Date(now.getTime() - maxSkewMs))} (${basicIso(now)} - 15 min.)`
        : `${basicIso(new Date(lastMs))} is now earlier than ${basicIso(now)}`;
    return invalidSignature(dialect, `Signature expired: ${reason}`);
  }
  if (claim.expiresIn === undefined) {
    return requestTimeTooSkewed(claim.date, { serverTime: seconds(now), maxSkewMs });
  }
  return accessDenied('Request has expired', {
    'X-Amz-Expires': claim.expiresIn,
    Expires: seconds(new Date(lastMs)),
    ServerTime: seconds(now),
  });
}

export function checkSigV2Time({ expires }: SigV2Claim, now: Date): void {
  const lastMs = Number(expires) * 1000;
  if (now.getTime() <= lastMs) return;
  throw accessDenied('Request has expired', { Expires: seconds(new Date(lastMs)), ServerTime: seconds(now) });
}

function seconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
