/** A process that starts an instance and says so; tests kill it. Arguments: folder, isolation. */
import { join } from 'node:path';
import { openStore } from '../../../store/index.ts';
import { wallClock } from '../../clock.ts';
import { hostTables } from '../../tables.ts';
import { createInstanceHost } from '../instance-host.ts';

const [folder = '', isolation = ''] = process.argv.slice(2);
const store = await openStore({ directory: join(folder, 'state'), schemas: [hostTables], durability: 'memory' });
const host = await createInstanceHost({
  ...{ database: store.database, clock: wallClock, journal: { write: () => {} } },
  isolation: isolation === 'process' ? 'process' : 'auto',
});
/** Heeds nothing, and has two like it: one with an environment of its own, one with a group of its own. */
const ignores = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('child', process.pid);`;
const script = `
  const { spawn } = require('node:child_process');
  const stdio = ['ignore', 'inherit', 'inherit'];
  spawn(process.execPath, ['-e', "${ignores}"], { stdio, env: {} });
  spawn(process.execPath, ['-e', "${ignores}"], { stdio, detached: true });
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1000);
`;
const children: string[] = [];
const instance = await host.start({
  ...{ name: 'training/doomed/algo-1', command: [process.execPath, '-e', script], environment: {}, network: false },
  directory: join(folder, 'tree'),
  onLine(line) {
    children.push(line.split(' ')[1] ?? '');
    if (children.length === 2) process.stdout.write(`${instance.pid} ${children.join(' ')}\n`);
  },
  onEvent: () => {},
});
