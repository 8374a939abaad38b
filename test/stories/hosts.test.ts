/** Jobs on several hosts, as container processes: empty shards, names that resolve, the end from outside. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { drawSample, openArtifact } from '../../src/engine/index.ts';
import { endedRulesJob, type RulesJob, type RulesOutcome, type RunningRulesJob, startRulesJob } from './rules-job.ts';

let home: string;
const photos = () => join(home, 'photos');
const empty = () => join(home, 'empty');
/** What one host makes of the photos. */
let alone: RulesOutcome;
before(async () => {
  home = mkdtempSync(join(tmpdir(), 'wh-'));
  mkdirSync(empty());
  await drawSample(photos(), { picturesPerClass: { train: 4, valid: 2, test: 1 }, size: 96 });
  alone = await endedRulesJob(startHosts({ name: 'alone', hosts: ['localhost'], data: [photos()] })[0]!);
});
after(() => rmSync(home, { recursive: true, force: true }));

interface HostsJob {
  readonly name: string;
  readonly hosts: readonly string[];
  /** Folder of each host's channel. */
  readonly data: readonly string[];
  readonly addresses?: Readonly<Record<string, string>>;
  readonly hyperparameters?: RulesJob['hyperparameters'];
}

function startHosts({ name, hosts, data, addresses, hyperparameters = {} }: HostsJob): RunningRulesJob[] {
  return hosts.map((current, at) =>
    startRulesJob({
      ...{ home, rules: {}, hyperparameters: { epochs: '3', ...hyperparameters } },
      ...{ name: `${name}-${at}`, cache: `cache-${name}-${at}`, data: data[at] as string },
      ...(hosts.length > 1 && { among: { hosts, current, ...(addresses && { addresses }) } }),
    }),
  );
}

const run = (job: HostsJob) => Promise.all(startHosts(job).map(endedRulesJob));

/** Whether something else listens on the port that hosts use where nothing else is said. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.listen(port);
  const free = await listening;
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}

/** One that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const isLocal = (address: string): boolean =>
  Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address));

/** The report says how long things took, and in which minute it was made. */
const withoutTimes = (text: string): string =>
  text.replace(/<h3>Time<\/h3>.*?<\/table>/s, '').replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/, '');

test('a leader with an empty shard makes the model and the report of one host, by names that resolve', async (context) => {
  if (!(await isFree(7411))) return context.skip('port 7411 is taken');
  const hosts = ['localhost', 'second', 'third'];
  const job = await run({ name: 'empty-shards', hosts, data: [empty(), photos(), empty()] });
  assert.deepEqual(
    job.map(({ code }) => code),
    [0, 0, 0],
    job.map(({ log }) => log).join('\n'),
  );
  for (const file of ['model/model.onnx', 'output/data/report.html']) {
    const [one, shared] = [alone, job[0]!].map(({ folder }) =>
      withoutTimes(readFileSync(join(folder, file), 'latin1')),
    );
    assert.ok(one === shared, `${file} differs`);
  }
});

test('hosts meet at addresses and ports that are named, of IPv4 and IPv6, and make the model of one host', async () => {
  const expected = readFileSync(join(alone.folder, 'model/model.onnx'));
  for (const [at, address] of ['127.0.0.1', '[::1]'].entries()) {
    if (!isLocal(address.replace(/[[\]]/g, ''))) continue;
    const addresses = { 'algo-1': `${address}:${await freePort()}`, 'algo-2': `${address}:1` };
    const hosts = ['algo-1', 'algo-2'];
    // The leader has no picture of its own: what it trains on has come over the connection.
    const job = await run({ name: `tcp-${at}`, hosts, addresses, data: [empty(), photos()] });
    assert.deepEqual(
      job.map(({ code }) => code),
      [0, 0],
      job.map(({ log }) => log).join('\n'),
    );
    assert.ok(readFileSync(join(job[0]!.folder, 'model/model.onnx')).equals(expected), `${address}: another model`);
  }
});

test('empty shards on all hosts together are a clear error, on each of them', async () => {
  const addresses = { 'algo-1': `unix:${join(home, 'nothing.sock')}` };
  const hosts = ['algo-1', 'algo-2'];
  const job = await run({ name: 'nothing', hosts, addresses, data: [empty(), empty()] });
  assert.deepEqual(
    job.map(({ code }) => code),
    [1, 1],
  );
  const [leader, follower] = job.map(({ folder }) => readFileSync(join(folder, 'output/failure'), 'utf8'));
  assert.match(leader ?? '', /is empty|no pictures|no classes/i);
  assert.match(follower ?? '', /ended on its leading host algo-1/);
});

test('a job that is stopped on all hosts saves its best model, and followers end in order', async () => {
  const addresses = { 'algo-1': `unix:${join(home, 'stop.sock')}` };
  const hosts = ['algo-1', 'algo-2'];
  const hyperparameters = { epochs: '10000', batch_size: '1', patience: '0' };
  const running = startHosts({ name: 'stop', hosts, addresses, data: [photos(), photos()], hyperparameters });
  const ends = running.map(endedRulesJob);
  const output = running[0]!.child.stdout!;
  const trains = new Promise<void>((resolve) => {
    let log = '';
    output.on('data', (text: string) => {
      log += text;
      if (/^epoch=2 /m.test(log)) resolve();
    });
  });
  await Promise.race([trains, ends[0]]);
  // The follower first: it must not take the leader's model with it.
  for (const { child } of running.toReversed()) child.kill('SIGTERM');
  const [leader, follower] = await Promise.all(ends);
  assert.deepEqual([leader?.code, follower?.code], [0, 0], `${leader?.log}\n${follower?.log}`);
  await (await openArtifact(join(leader!.folder, 'model'))).close();
  assert.match(leader!.log, /Stopped after epoch \d+; the best so far is saved/);
});
