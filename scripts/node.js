/**
 * The Node a checkout runs on. Plain JavaScript, because the Node that starts it may be too old to run TypeScript.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The checkout's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** True where this very process can run the sources as they are (Node ≥ 22.18, or 24). */
export const runsTypeScript = Boolean(process.features.typescript);

/** npm writes this file last: without it an install did not happen or did not end. */
export const isInstalled = () => existsSync(`${root}node_modules/.package-lock.json`);

/**
 * A Node that runs the sources: this one if it can, else the one npm brought. It is looked up in its package and not in
 * node_modules/.bin, where npm 10 puts no link for it.
 * @returns {string | undefined}
 */
export function findNode() {
  if (runsTypeScript) return process.execPath;
  const brought = `${root}node_modules/node-${process.platform}-${process.arch}/bin/node`;
  return existsSync(brought) ? brought : undefined;
}

/** What to tell someone for whom `findNode` found nothing. */
export function noNodeMessage() {
  const remedy = isInstalled()
    ? `npm brings no newer one for ${process.platform}-${process.arch}: install Node 24 (https://nodejs.org).`
    : `Run "npm ci" in ${root} first: it brings Node 24 on Linux.`;
  return `whippet: a checkout runs on Node 22.18 or newer; this is ${process.version}. ${remedy}`;
}

/**
 * Runs a program in place of this process: same terminal, same signals, and this process ends as it ends.
 * @param {string} program
 * @param {readonly string[]} args
 */
export function become(program, args) {
  const child = spawn(program, args, { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes; passing it on as well would count as pressing it twice.
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'])) {
    const fromTerminal = signal === 'SIGINT' || signal === 'SIGQUIT';
    process.on(signal, () => {
      if (!(fromTerminal && atTerminal)) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`whippet: cannot start ${program}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    // Die of what the child died of, so that a shell sees the same status.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
