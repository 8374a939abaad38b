import type { LocalServer } from './find-server.ts';

/** How variables differ from those given. Order as they are best read. */
export interface EnvironmentChange {
  readonly set: Readonly<Record<string, string>>;
  /** Only such as were there. */
  readonly unset: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What would make a client use other keys, ask another address, or trust another authority:
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html, and the older names of single SDKs and of Terraform.
 */
const misleading = [
  /^AWS_(DEFAULT_)?PROFILE$/,
  /^AWS_(SESSION|SECURITY)_TOKEN$/,
  /^AWS_CREDENTIAL_(EXPIRATION|FILE)$/,
  /^AWS_(ACCESS|SECRET)_KEY$/,
  /^AWS_(ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE)$/,
  /^AWS_CONTAINER_/,
  /^AWS_ENDPOINT_URL_/,
  /^AWS_[A-Z0-9_]+_ENDPOINT$/,
  /^AWS_IGNORE_CONFIGURED_ENDPOINT_URLS$/,
  /^AWS_USE_(FIPS|DUALSTACK)_ENDPOINT$/,
  /^AWS_ACCOUNT_ID(_ENDPOINT_MODE)?$/,
  /^AWS_CA_BUNDLE$/,
];

/** Names of the variables given that lead clients elsewhere. */
export function misleadingVariables(variables: Variables): string[] {
  const names = Object.keys(variables).filter((name) => variables[name] !== undefined);
  return names.filter((name) => misleading.some((pattern) => pattern.test(name))).sort();
}

/** Clients of an SDK are pointed at the server: address, root key, region. Proxies are kept from it. */
export function awsEnvironment(server: LocalServer, variables: Variables): EnvironmentChange {
  return {
    set: {
      AWS_ENDPOINT_URL: server.url,
      AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
      // boto3 and the AWS CLI know only the first, the other SDKs only the second.
      AWS_DEFAULT_REGION: server.region,
      AWS_REGION: server.region,
      // Nobody shall wait for the metadata service of an EC2 instance, or get its role on one.
      AWS_EC2_METADATA_DISABLED: 'true',
      ...withoutProxy(server.url, variables),
    },
    unset: misleadingVariables(variables),
  };
}

/** The same, and the files with the user's profiles are out of sight, so that `--profile` cannot lead to AWS. */
export function sealedEnvironment(server: LocalServer, variables: Variables): EnvironmentChange {
  const { set, unset } = awsEnvironment(server, variables);
  return { set: { ...set, AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }, unset };
}

/** The variables with the change made. */
export function changed(variables: Variables, { set, unset }: EnvironmentChange): Record<string, string | undefined> {
  const gone = new Set(unset);
  const kept = Object.entries(variables).filter(([name]) => !gone.has(name));
  return { ...Object.fromEntries(kept), ...set };
}

const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];

/** A proxy, where one is set, would be asked for 127.0.0.1 and find nothing there, or something else. */
function withoutProxy(url: string, variables: Variables): Record<string, string> {
  if (!proxies.some((name) => variables[name] || variables[name.toLowerCase()])) return {};
  const hosts = new Set(['127.0.0.1', 'localhost', new URL(url).hostname]);
  const given = variables.NO_PROXY || variables.no_proxy || '';
  const listed = given.split(',').map((host) => host.trim());
  if (listed.includes('*')) return {};
  const value = [...listed.filter(Boolean), ...[...hosts].filter((host) => !listed.includes(host))].join(',');
  // Programs differ in which of the two they read.
  return { NO_PROXY: value, no_proxy: value };
}
