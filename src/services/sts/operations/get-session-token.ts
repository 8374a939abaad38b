import type { GetSessionTokenRequest, GetSessionTokenResponse } from '@aws-sdk/client-sts';
import type { Operation } from '../../operation.ts';
import { accessDenied, missingAuthenticationToken } from '../errors.ts';
import { createSession } from '../sessions.ts';
import type { StsState } from '../state.ts';

/**
 * "Sessions for AWS account owners are restricted to a maximum of 3,600 seconds (one hour). If the duration is longer than one hour, the
 * session for AWS account owners defaults to one hour": https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
const rootSeconds = 3600;

export const getSessionToken: Operation<StsState, GetSessionTokenRequest, GetSessionTokenResponse> = {
  name: 'GetSessionToken',
  fields: {
    DurationSeconds: 'real',
    SerialNumber: 'refused',
    TokenCode: 'refused',
    MinimumSessionTokenSize: 'refused',
  },
  /** "No permissions are required for users to perform this operation." */
  authorize: () => [],
  run({ DurationSeconds = rootSeconds }, { principal, now, temporary }, state) {
    if (principal.kind === 'anonymous') throw missingAuthenticationToken();
    if (principal.kind !== 'root' || temporary) {
      throw accessDenied('Cannot call GetSessionToken with session credentials');
    }
    const seconds = Math.min(DurationSeconds, rootSeconds);
    return { Credentials: createSession(principal, { seconds, now }, state) };
  },
};
