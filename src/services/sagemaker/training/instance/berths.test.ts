import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createInstanceHost, hostTables, type Instance } from '../../../../host/index.ts';
import { openStore } from '../../../../store/index.ts';
import { openState, place, trainingRequest } from '../../state.fixture.ts';
import { insertTrainingJob, type TrainingJobRow } from '../record.ts';
import { createBerths } from './berths.ts';
import { type JobLayout, jobLayout } from './layout.ts';

/** Says which job it works on, ends each with the code that its root is named after, and never by itself. */
const script = `
  const { writeSync } = require('node:fs');
  const tell = (event) => writeSync(3, JSON.stringify(event) + '\\n');
  const work = (root) => {
    const job = root.split('/').at(-1);
    console.log('at', job);
    const [, code] = /-exit(\\d+)-/.exec(job) ?? [];
    if (job.includes('-dies-')) process.kill(process.pid, 'SIGKILL');
    const end = () => tell({ type: 'ended', code: Number(code) });
    if (job.includes('-talks-')) {
      tell({ type: 'phase' });
      setTimeout(() => { console.log('last words'); end(); }, 300);
    } else if (code !== undefined) end();
  };
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const order = JSON.parse(line);
    if (order.type === 'stop') { console.log('asked to stop'); tell({ type: 'ended', code: 0 }); }
    else work(order.root);
  });
  work(process.argv[1]);
`;

function standStill(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

async function openGround(t: TestContext) {
  const state = await openState(t);
  const store = await openStore({
    directory: join(state.directory, 'host'),
    schemas: [hostTables],
    durability: 'memory',
  });
  const { journal, clock } = state;
  const instances = await createInstanceHost({ ...{ database: store.database, journal, clock }, isolation: 'process' });
  const berths = createBerths({ instances, journal });
  t.after(async () => {
    await instances.close(0);
    await store.close();
  });
  const channel = join(state.directory, 'channel');
  await mkdir(channel);
  return {
    ...{ state, berths, instances, channel },
    layoutOf: (job: TrainingJobRow, hosts = 1): JobLayout =>
      jobLayout(job, { instances: hosts, state, temporary: state.directory }),
    job(name: string, search: string | undefined = 'a', more: object = {}): TrainingJobRow {
      const options = { place, now: clock.now(), ...(search && { tuningJobArn: `arn:tuning/${search}` }) };
      return insertTrainingJob({ ...trainingRequest(name), ...more }, options, state.database);
    },
    async run(job: TrainingJobRow, { readable = [channel], onLine = (_line: string): void => {} } = {}) {
      const berth = berths.take(job, this.layoutOf(job));
      assert.ok(berth);
      const [host] = berth.layout.hosts;
      assert.ok(host);
      await mkdir(host.input, { recursive: true });
      const lines: string[] = [];
      const instance: Instance = await berth.start({
        ...{ name: job.name, command: [process.execPath, '-e', script, host.root], environment: {} },
        ...{ directory: host.directory, readable, network: false },
        onLine(line) {
          lines.push(line);
          onLine(line);
        },
        onEvent: () => {},
      });
      return { berth, instance, lines, host };
    },
  };
}

test('a trial that ends leaves its process to the next of the same search', async (t) => {
  const ground = await openGround(t);
  const one = await ground.run(ground.job('one-exit0'));
  assert.deepEqual(await one.instance.exited, { code: 0, signal: null });
  await one.berth.release();

  const two = await ground.run(ground.job('two-exit1'));
  assert.equal(two.instance.pid, one.instance.pid);
  assert.deepEqual(
    ground.instances.running().map(({ name }) => name),
    ['tuning/a/algo-1'],
  );
  assert.deepEqual(await two.instance.exited, { code: 1, signal: null });
  // A search has as many processes as trials at a time; another search has its own.
  const beside = await ground.run(ground.job('beside-exit0'));
  assert.notEqual(beside.instance.pid, one.instance.pid);
  const other = await ground.run(ground.job('other-exit0', 'b'));
  assert.notEqual(other.instance.pid, one.instance.pid);
  await two.berth.release();

  assert.deepEqual(one.lines, ['at one-exit0-1']);
  assert.deepEqual(two.lines, ['at two-exit1-2'], 'each hears what its own job says');
  await Promise.all([beside.berth.release(), other.berth.release()]);
  assert.equal(ground.instances.running().length, 3);
  await ground.berths.retire('arn:tuning/a');
  assert.equal(ground.instances.running().length, 1);
  assert.equal(ground.berths.retire('arn:tuning/a'), undefined);
  await ground.berths.close();
  assert.equal(ground.instances.running().length, 0);
  assert.ok(!existsSync(one.host.directory), 'the folder goes with the last of its jobs');
});

test('what a job printed before its end is heard, however late its pipe is looked at', async (t) => {
  const ground = await openGround(t);
  const { instance, lines } = await ground.run(ground.job('one-talks-exit0'), {
    // While its pipes are read: the first has been, the next one will tell of the end.
    onLine: (line) => void (line.startsWith('at') && standStill(500)),
  });
  // Both pipes have something when they are looked at.
  standStill(200);
  await instance.exited;
  assert.deepEqual(lines, ['at one-talks-exit0-1', 'last words']);
});

test('a stop ends the job and not the process, which is killed when it does not answer', async (t) => {
  const ground = await openGround(t);
  const one = await ground.run(ground.job('one'));
  assert.deepEqual(await one.instance.stop(60), { code: 0, signal: null });
  await one.berth.release();
  const two = await ground.run(ground.job('two'));
  assert.equal(two.instance.pid, one.instance.pid);
  process.kill(two.instance.pid, 'SIGSTOP');
  assert.deepEqual(await two.instance.stop(0), { code: null, signal: 'SIGKILL' });
  assert.ok(!two.berth.isAlive());
  await two.berth.release();
  const three = await ground.run(ground.job('three-exit0'));
  assert.notEqual(three.instance.pid, one.instance.pid);
  assert.deepEqual(await three.instance.exited, { code: 0, signal: null });
});

test('a process that dies takes one trial with it, also before it has begun', async (t) => {
  const ground = await openGround(t);
  const one = await ground.run(ground.job('one-exit0'));
  await one.instance.exited;
  await one.berth.release();
  const two = await ground.run(ground.job('two-dies'));
  assert.deepEqual(await two.instance.exited, { code: null, signal: 'SIGKILL' });
  await two.berth.release();
  const three = await ground.run(ground.job('three-exit0'));
  assert.deepEqual(await three.instance.exited, { code: 0, signal: null });
  await three.berth.release();
  process.kill(three.instance.pid, 'SIGKILL');
  const four = await ground.run(ground.job('four-exit0'));
  const exit = await four.instance.exited;
  assert.ok(exit.code === 0 || exit.signal === 'SIGKILL', 'it has ended, whether its death was known or not');
});

test('what a process does not see needs another process', async (t) => {
  const ground = await openGround(t);
  const one = await ground.run(ground.job('one-exit0'));
  await one.instance.exited;
  await one.berth.release();
  const replaced = join(ground.state.directory, 'replaced');
  await mkdir(replaced);
  const two = await ground.run(ground.job('two-exit0'), { readable: [replaced] });
  assert.notEqual(two.instance.pid, one.instance.pid);
  assert.deepEqual(await two.instance.exited, { code: 0, signal: null });
  assert.ok(existsSync(join(two.host.root, 'input')));
});

test('a job outside of a search, of several instances or with checkpoints has its instances for itself', async (t) => {
  const { job, layoutOf, berths } = await openGround(t);
  const alone = job('alone', '');
  assert.equal(berths.take(alone, layoutOf(alone)), undefined);
  const team = job('team');
  assert.equal(berths.take(team, layoutOf(team, 2)), undefined);
  const kept = job('kept', 'a', { CheckpointConfig: { S3Uri: 's3://photos/checkpoints' } });
  assert.equal(berths.take(kept, layoutOf(kept)), undefined);
});
