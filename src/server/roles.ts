import type { ServicePrincipal } from '../services/principal.ts';
import type { S3State } from '../services/s3/index.ts';
import type { AssumeOptions, RoleSession, Roles } from '../services/sagemaker/index.ts';
import type { AssumableRole, SessionState } from '../services/sts/index.ts';
import type { Authorizer, RequestFacts, Rights } from './authorize.ts';
import { type RoleAccess, roleObjects } from './role-objects.ts';

type SessionPrincipal = RoleAccess['principal'];

export interface RoleParts {
  readonly authorizer: Authorizer;
  /** IAM's. */
  readonly findRole: (arn: string) => AssumableRole | undefined;
  readonly isCurrentRole: (principal: SessionPrincipal) => boolean;
  /** STS's. */
  readonly createSession: typeof import('../services/sts/index.ts').createSession;
  readonly sessions: SessionState;
  readonly s3: S3State;
  readonly url: () => string;
}

const sageMaker: ServicePrincipal = { kind: 'service', service: 'sagemaker.amazonaws.com' };

/** The roles that SageMaker assumes for its jobs. */
export function createRoles(parts: RoleParts): Roles {
  return {
    async assume(roleArn, options) {
      const role = parts.findRole(roleArn);
      if (role === undefined || !(await trusts(role, options, parts))) return undefined;
      return openSession(role, options, parts);
    },
  };
}

/** Conditions against a confused deputy: https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html */
async function trusts(
  role: AssumableRole,
  { sessionName, region, sourceArn }: AssumeOptions,
  parts: RoleParts,
): Promise<boolean> {
  const rights = await parts.authorizer.rightsOf(sageMaker, factsOf(region, parts));
  return rights.allows({
    action: 'sts:AssumeRole',
    resource: role.arn,
    context: {
      'aws:SourceAccount': role.account,
      'aws:SourceArn': sourceArn,
      'sts:RoleSessionName': sessionNameOf(sessionName),
    },
    policy: { kind: 'trust', document: role.trustPolicy, account: role.account },
  });
}

function openSession(role: AssumableRole, { sessionName, region }: AssumeOptions, parts: RoleParts): RoleSession {
  const { name: roleName, account, id, arn: roleArn } = role;
  const session = sessionNameOf(sessionName);
  const arn = `arn:aws:sts::${account}:assumed-role/${roleName}/${session}`;
  const issuedAt = parts.sessions.clock.now();
  const principal: SessionPrincipal = {
    ...{ kind: 'assumed-role', account, arn, id: `${id}:${session}`, roleArn, roleName },
    ...{ sessionPolicies: [], issuedAt },
  };
  const rights = (): Promise<Rights> => {
    const facts = factsOf(region, parts);
    const current = parts.isCurrentRole(principal) ? principal : { ...principal, sessionPolicies: [nothing] };
    return parts.authorizer.rightsOf(current, facts);
  };
  const credentials = renewedCredentials(role, principal, parts);
  return {
    arn,
    get credentials() {
      return credentials();
    },
    denial: async (demands) => (await rights()).denial(demands),
    objects: roleObjects({ principal, region, url: parts.url, rights }, parts.s3),
  };
}

/** A role of the same name that was made since is another: what it allows is not for this session. */
const nothing = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
});

/** Less is too little for a process that is about to start. */
const shortestRest = 15 * 60_000;

/** Made when they are first asked for, and again when they are about to end: no session lasts longer than its role allows. */
function renewedCredentials(
  { maxSessionDuration: seconds }: AssumableRole,
  principal: SessionPrincipal,
  { createSession, sessions }: RoleParts,
): () => RoleSession['credentials'] {
  let current: RoleSession['credentials'] | undefined;
  return () => {
    const now = sessions.clock.now();
    if (current === undefined || current.expiration.getTime() - now.getTime() < shortestRest) {
      const made = createSession({ ...principal, issuedAt: now }, { seconds, now }, sessions);
      current = {
        accessKeyId: made.AccessKeyId,
        secretAccessKey: made.SecretAccessKey,
        sessionToken: made.SessionToken,
        expiration: made.Expiration,
      };
    }
    return current;
  };
}

/** No connection, so no address; what is not sent cannot be read on the way, as with TLS, which policies ask for. */
function factsOf(region: string, { sessions }: RoleParts): RequestFacts {
  const nowhere = { sourceIp: undefined, referer: undefined };
  return { ...nowhere, secure: true, userAgent: 'sagemaker.amazonaws.com', region, now: sessions.clock.now() };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: 2 to 64 letters, digits and `_+=,.@-`. */
function sessionNameOf(name: string): string {
  return name
    .replace(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-');
}
