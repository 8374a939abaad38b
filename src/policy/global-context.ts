/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
import type { ContextValue, PolicyPrincipal, RequestContext } from './request.ts';

export type Tags = Readonly<Record<string, string>>;

/** What the server knows of a request. What is undefined leaves its condition keys out, as AWS does. */
export interface RequestFacts {
  /** Time of the request. */
  readonly now: Date;
  readonly principal: PolicyPrincipal;
  /** Of the connection. IPv4 addresses that a dual-stack listener sees as `::ffff:…` become IPv4 again. */
  readonly sourceIp?: string | undefined;
  /** TLS. */
  readonly secure?: boolean | undefined;
  readonly userAgent?: string | undefined;
  readonly referer?: string | undefined;
  /** Of the credential scope. */
  readonly region?: string | undefined;
  readonly resourceAccount?: string | undefined;
  /** When the temporary credentials were made. */
  readonly tokenIssued?: Date | undefined;
  /** Name of a user; sessions have none. */
  readonly userName?: string | undefined;
  /** Of the user, or of the role and its session. */
  readonly principalTags?: Tags | undefined;
  readonly resourceTags?: Tags | undefined;
  /** Tags passed in the request itself. */
  readonly requestTags?: Tags | undefined;
  /** Keys of tags named in the request, where they are not those of requestTags: UntagRole. */
  readonly tagKeys?: readonly string[] | undefined;
}

/** Makes the global condition keys of a request. Keys of services (`s3:prefix`) are added to them by who knows them. */
export function globalContext(facts: RequestFacts): RequestContext {
  const { now, principal, requestTags, sourceIp } = facts;
  const tagKeys = facts.tagKeys ?? (requestTags && Object.keys(requestTags));
  const keys: Record<string, ContextValue> = {
    'aws:CurrentTime': now,
    'aws:EpochTime': Math.floor(now.getTime() / 1000),
    'aws:SourceIp': sourceIp?.replace(/^::ffff:(?=\d+\.)/i, ''),
    'aws:SecureTransport': facts.secure,
    'aws:UserAgent': facts.userAgent,
    'aws:Referer': facts.referer,
    'aws:RequestedRegion': facts.region,
    'aws:ResourceAccount': facts.resourceAccount,
    'aws:TokenIssueTime': facts.tokenIssued,
    // No service here calls another in somebody's name.
    'aws:ViaAWSService': false,
    'aws:TagKeys': tagKeys,
    ...principalKeys(principal, facts.userName),
    ...tagged('aws:PrincipalTag', facts.principalTags),
    ...tagged('aws:ResourceTag', facts.resourceTags),
    ...tagged('aws:RequestTag', requestTags),
  };
  return keys;
}

/** aws:PrincipalArn of a session is its role: "The ARN of the role is returned, not the ARN of the user that assumed the role". */
function principalKeys(principal: PolicyPrincipal, userName: string | undefined): Record<string, ContextValue> {
  switch (principal.kind) {
    case 'anonymous':
      return { 'aws:PrincipalType': 'Anonymous', 'aws:userid': 'anonymous' };
    case 'federated':
      return { 'aws:FederatedProvider': principal.provider };
    case 'service':
      return { 'aws:PrincipalIsAWSService': true, 'aws:PrincipalServiceName': principal.service };
    default:
      return {
        'aws:PrincipalArn': principal.kind === 'assumed-role' ? principal.roleArn : principal.arn,
        'aws:PrincipalAccount': principal.account,
        'aws:PrincipalIsAWSService': false,
        'aws:PrincipalType': principalTypes[principal.kind],
        'aws:userid': principal.kind === 'root' ? principal.account : principal.id,
        'aws:username': principal.kind === 'user' ? (userName ?? principal.arn.split('/').at(-1)) : undefined,
      };
  }
}

const principalTypes = { root: 'Account', user: 'User', 'assumed-role': 'AssumedRole' } as const;

function tagged(key: string, tags: Tags = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${key}/${name}`, value]));
}
