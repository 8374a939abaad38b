/**
 * bubblewrap: a process sees its own tree, the system's programs, this package and what it is given, everything at its usual path and all
 * but its own read-only; no other process, no network unless it may, no capability. https://github.com/containers/bubblewrap
 */
import { execFile } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { InstanceSpec } from './instance.ts';

export type SandboxedSpec = Pick<InstanceSpec, 'command' | 'directory' | 'readable' | 'writable' | 'network'>;

/** What bubblewrap came to on this machine. */
export type SandboxProbe =
  | { readonly works: true; readonly program: string }
  /** A clause: `bubblewrap is not installed`. */
  | { readonly works: false; readonly reason: string };

/** Long, so that a machine that is busy does not lose its sandbox. */
const probeMilliseconds = 10_000;

/** Runs this Node in a sandbox: a program that is there may still be forbidden to make namespaces. */
export function probeSandbox(path?: string): Promise<SandboxProbe> {
  const program = findProgram(path);
  if (process.platform !== 'linux') return Promise.resolve({ works: false, reason: 'bubblewrap is for Linux only' });
  if (program === undefined) return Promise.resolve({ works: false, reason: 'bubblewrap is not installed' });
  const spec = { command: [process.execPath, '--version'], directory: packageRoot(), network: false } as const;
  const options = { timeout: probeMilliseconds, env: {} };
  return new Promise((tell) => {
    execFile(program, [...sandboxArguments(spec, 'read-only'), ...spec.command], options, (error, _out, complaint) => {
      if (!error) return tell({ works: true, program });
      const reason = complaint.trim().split('\n')[0] || (error.killed ? 'it does not end' : error.message);
      tell({ works: false, reason: `bubblewrap cannot shut in a process here (${reason})` });
    });
  });
}

/** Default: where systems keep it, for whoever has no PATH. */
function findProgram(path = '/usr/local/bin:/usr/bin:/bin'): string | undefined {
  return path
    .split(':')
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, 'bwrap'))
    .find((candidate) => existsSync(candidate));
}

/** Of a file that is not there nothing is bound. */
const systemFiles = [
  ...['ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'alternatives', 'passwd', 'group', 'nsswitch.conf', 'localtime'],
  ...['resolv.conf', 'hosts', 'ca-certificates', 'crypto-policies', 'fonts', 'os-release'],
  // Not all of their folders, which hold private keys beside.
  ...['ssl/certs', 'ssl/openssl.cnf', 'pki/ca-trust', 'pki/tls/certs', 'pki/tls/cert.pem', 'pki/tls/openssl.cnf'],
].map((name) => join('/etc', name));

/** Programs and libraries; the last of systems that keep them in a place of their own. */
const systemFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store', '/gnu/store'];

/** Arguments of bubblewrap before the command. */
export function sandboxArguments(spec: SandboxedSpec, own: 'writable' | 'read-only' = 'writable'): string[] {
  const { command, directory, readable = [], writable = [], network } = spec;
  return [
    ...['--unshare-all', '--die-with-parent', ...(network ? ['--share-net'] : [])],
    ...['--cap-drop', 'ALL'],
    ...systemFolders.flatMap(systemFolder),
    ...systemFiles.flatMap((path) => ['--ro-bind-try', path, path]),
    // Files of /proc/sys ask for no capability where the user is root: one of them says what the host runs when a process crashes.
    ...[
      '--proc',
      '/proc',
      '--remount-ro',
      '/proc',
      '--dev',
      '/dev',
      '--tmpfs',
      '/tmp',
      '--tmpfs',
      '/run',
      '--tmpfs',
      '/var/tmp',
    ],
    ...graphicsDevices(),
    ...[program(command[0]), ...packageFiles(), ...readable].flatMap((path) => ['--ro-bind', path, path]),
    ...[...(own === 'writable' ? [directory] : []), ...writable].flatMap((path) => ['--bind', path, path]),
    ...['--chdir', directory, '--'],
  ];
}

/** Many systems have merged /bin into /usr/bin and left a link. */
function systemFolder(path: string): string[] {
  if (!existsSync(path)) return [];
  return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

/** For nvidia-smi, which tells how busy a graphics processor is. */
function graphicsDevices(): string[] {
  const names = readdirSync('/dev').filter((name) => name.startsWith('nvidia'));
  return names.flatMap((name) => ['--dev-bind-try', `/dev/${name}`, `/dev/${name}`]);
}

/** A link to a program is followed here: what it leads to may not be seen inside. */
function program(path: string): string {
  return realpathSync(path);
}

/**
 * What this package needs of itself. Not its folder as a whole: that of a checkout may hold a state. Installed, it finds its libraries
 * beside it: all of the outermost `node_modules` that it is in.
 */
function packageFiles(): string[] {
  const root = packageRoot();
  const installed = outermostModules(root);
  if (installed !== undefined) return [installed];
  const names = ['package.json', 'bin', 'scripts', 'src', 'dist', 'node_modules'];
  return names.map((name) => join(root, name)).filter((path) => existsSync(path));
}

/** src/host/instances and dist/host/instances are equally deep. */
function packageRoot(): string {
  return resolve(import.meta.dirname, '../../..');
}

function outermostModules(path: string): string | undefined {
  let found: string | undefined;
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if (basename(folder) === 'node_modules') found = folder;
  }
  return found;
}
