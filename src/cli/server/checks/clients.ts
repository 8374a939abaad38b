import { misleadingVariables } from '../aws-environment.ts';
import type { Finding, Surroundings } from './finding.ts';
import { run } from './run.ts';

/** Since these AWS_ENDPOINT_URL is known: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
const since: Readonly<Record<string, string>> = { 'AWS CLI 1': '1.29.0', 'AWS CLI 2': '2.13.0', boto3: '1.28.0' };

export async function checkAwsCli({ variables }: Surroundings): Promise<Finding> {
  const { code, output } = await run('aws', ['--version'], variables);
  const version = /aws-cli\/(\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (code !== 0 || version === undefined) return { check: 'aws', level: 'info', text: 'There is no AWS CLI here.' };
  return judge(
    'aws',
    `AWS CLI ${version.split('.')[0]}`,
    version,
    'Run it by `whippet exec -- aws …`, which adds --endpoint-url, or install a newer one.',
  );
}

export async function checkBoto3({ variables }: Surroundings): Promise<Finding> {
  const { code, output } = await run('python3', ['-c', 'import boto3; print(boto3.__version__)'], variables);
  const version = /^(\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (code !== 0 || version === undefined) return { check: 'boto3', level: 'info', text: 'python3 has no boto3.' };
  return judge('boto3', 'boto3', version, 'Give clients endpoint_url=…, or install a newer one.');
}

function judge(check: string, name: string, version: string, remedy: string): Finding {
  const title = `${name.replace(/ \d$/, '')} ${version}`;
  if (isAtLeast(version, since[name] ?? '0')) return { check, level: 'ok', text: `${title} takes AWS_ENDPOINT_URL.` };
  return { check, level: 'warn', text: `${title} does not know AWS_ENDPOINT_URL and would go to AWS.`, remedy };
}

/** Numbers between dots, compared as such. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [have, want] = [version, minimum].map((text) => text.split('.').map(Number));
  for (const [index, wanted] of (want ?? []).entries()) {
    const difference = (have?.[index] ?? 0) - wanted;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Where AWS's clients go that are started in this very shell. */
export function checkShell({ variables }: Surroundings): Finding {
  const address = variables.AWS_ENDPOINT_URL;
  const text = address
    ? `AWS clients of this shell talk to ${address}.`
    : 'AWS clients of this shell talk to AWS; those of `whippet exec` to the server.';
  const others = misleadingVariables(variables);
  if (!address || others.length === 0) return { check: 'shell', level: 'info', text };
  return {
    check: 'shell',
    level: 'warn',
    text: `${text} But ${others.join(', ')} may lead them elsewhere.`,
    remedy: 'Unset them: eval "$(whippet env)" does.',
  };
}
