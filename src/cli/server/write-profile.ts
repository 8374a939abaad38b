import { mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { userError, type WhippetError } from '../../errors/index.ts';
import type { LocalServer } from './find-server.ts';
import { readSection, withSection } from './profile-section.ts';

export interface ProfileFiles {
  /** AWS_CONFIG_FILE, else ~/.aws/config. */
  readonly config: string;
  /** AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/credentials. */
  readonly credentials: string;
}

/** What was written; neither where both files said so already. */
export interface ProfileOutcome {
  readonly changed: readonly string[];
}

/** Settings with which a profile would take keys from elsewhere, or go elsewhere: such a one is not ours to change. */
const foreign = [
  'role_arn',
  'source_profile',
  'credential_process',
  'credential_source',
  'web_identity_token_file',
  'sso_session',
  'sso_start_url',
  'login_session',
  'services',
];

/**
 * Writes a profile that points at the server. Running it again changes what differs and nothing else.
 * @throws WhippetError WHIPPET_CLI_PROFILE for a profile of that name that is for something else.
 */
export async function writeProfile(server: LocalServer, name: string, files: ProfileFiles): Promise<ProfileOutcome> {
  const [config, credentials] = await Promise.all([readText(files.config), readText(files.credentials)]);
  // Only `default` goes without the word: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
  const section = name === 'default' ? name : `profile ${name}`;
  refuseForeign({ name, config: readSection(config, section), credentials: readSection(credentials, name) }, files);
  const { accessKeyId, secretAccessKey } = server.credentials;
  const wanted = [
    {
      path: files.config,
      from: config,
      to: withSection(config, section, { region: server.region, endpoint_url: server.url }),
    },
    {
      path: files.credentials,
      from: credentials,
      to: withSection(credentials, name, { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey }),
    },
  ];
  const differing = wanted.filter(({ from, to }) => from !== to);
  // The address first: with the key alone, a client would offer it to AWS.
  for (const { path, to } of differing) await replace(path, to, path === files.credentials);
  return { changed: differing.map(({ path }) => path) };
}

type Section = ReadonlyMap<string, string> | undefined;

function refuseForeign(
  { name, config, credentials }: { name: string; config: Section; credentials: Section },
  files: ProfileFiles,
): void {
  const setting = foreign.find((member) => config?.has(member) || credentials?.has(member));
  const refuse = (reason: string): never => {
    throw userError('WHIPPET_CLI_PROFILE', { name, path: config ? files.config : files.credentials, reason });
  };
  if (setting !== undefined) refuse(`it has ${setting}`);
  if (credentials?.has('aws_session_token')) refuse('it has aws_session_token');
  const address = config?.get('endpoint_url');
  if ((config ?? credentials) && (address === undefined || !isLocal(address)))
    refuse('it has no endpoint_url of this machine');
}

function isLocal(address: string): boolean {
  return URL.canParse(address) && /^(127(\.\d+){3}|localhost|\[::1\])$/.test(new URL(address).hostname);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw fileError(path, error);
  }
}

/** Whole or not at all. A link is followed, as many keep these files elsewhere; what holds keys is for its owner alone. */
async function replace(path: string, text: string, secret: boolean): Promise<void> {
  let part: string | undefined;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const target = await realpath(path).catch(() => path);
    const mode = secret ? 0o600 : ((await stat(target).catch(() => undefined))?.mode ?? 0o600) & 0o777;
    part = `${target}.${process.pid}.part`;
    const file = await open(part, 'wx', mode);
    try {
      // The mode at opening is less what the umask takes away.
      await file.chmod(mode);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, target);
  } catch (error) {
    if (part !== undefined) await rm(part, { force: true });
    throw fileError(path, error);
  }
}

function fileError(path: string, error: unknown): WhippetError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EROFS: 'the disk is read-only',
    ENOSPC: 'the disk is full',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of its path is not a folder',
  };
  return userError('WHIPPET_CLI_PROFILE_FILE', { path, reason: reasons[code ?? ''] ?? code ?? message }, error);
}
