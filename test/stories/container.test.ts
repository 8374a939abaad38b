import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { openArtifact } from '../../src/engine/index.ts';
import {
  type ContainerJob,
  drawSmall,
  type Ended,
  type InstanceEvent,
  type RunningContainer,
  startContainer,
  writeJob,
} from './container.ts';
import { shared } from './whippet.ts';

const run = promisify(execFile);

/** Long enough that something can happen on the way; early stopping would end it. */
const long = { epochs: '80', patience: '0', learning_rate: '"0.01"', audit: 'false' };

const rules = {
  debugHook: {
    S3OutputPath: 's3://bucket/tensors',
    CollectionConfigurations: [
      { CollectionName: 'weights', CollectionParameters: { save_interval: '50' } },
      { CollectionName: 'gradients', CollectionParameters: { 'train.save_interval': '100', end_step: '100' } },
    ],
  },
  debugRules: [
    { RuleConfigurationName: 'Overfit', RuleParameters: { rule_to_invoke: 'Overfit' } },
    { RuleConfigurationName: 'Vanishing', RuleParameters: { rule_to_invoke: 'VanishingGradient' } },
    { RuleConfigurationName: 'Unheard', RuleParameters: { rule_to_invoke: 'SaturatedActivation' } },
  ],
  profilerRules: [{ RuleConfigurationName: 'ProfilerReport', RuleParameters: { rule_to_invoke: 'ProfilerReport' } }],
  profiler: { ProfilingIntervalInMilliseconds: 100 },
};

interface PairMember {
  readonly root: string;
  readonly job: RunningContainer;
}

describe('whippet container', () => {
  let home: string;
  let photos: string;
  /** The model of `long` on one host, without anything else. */
  let plain: Buffer;
  let first: Ended;
  let firstRoot: string;
  const env = (more: Record<string, string> = {}) => ({
    ...{ WHIPPET_CACHE: join(home, 'cache'), WHIPPET_CHECKPOINT_SECONDS: '0', TMPDIR: home },
    ...more,
  });
  const jobIn = async (name: string, job: ContainerJob): Promise<string> => {
    const root = await writeJob(join(home, name), job);
    await symlink(photos, join(root, 'input', 'data', 'training'));
    return root;
  };
  const train = (root: string, more?: Record<string, string>): RunningContainer =>
    startContainer(['train', '--root', root], { env: env(more) });
  const modelOf = (root: string): Promise<Buffer> => readFile(join(root, 'model', 'model.onnx'));

  /** Two hosts of a job, each with half of the pictures; the first leads. */
  const startPair = async (name: string, job: ContainerJob) => {
    const hosts = ['algo-1', 'algo-2'];
    const sockets = Object.fromEntries(hosts.map((host) => [host, `unix:${join(home, `${name}-${host}.sock`)}`]));
    const secret = { WHIPPET_JOB_SECRET: '0123456789abcdef'.repeat(4), WHIPPET_HOSTS: JSON.stringify(sockets) };
    const started = hosts.map(async (current, at) => {
      const root = await writeJob(join(home, `${name}-${current}`), { ...job, hosts: { all: hosts, current } });
      await halfOf(photos, { to: join(root, 'input', 'data', 'training'), at });
      return { root, job: train(root, { ...secret, WHIPPET_CACHE: join(home, `cache-${current}`) }) };
    });
    return (await Promise.all(started)) as [PairMember, PairMember];
  };

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'whippet-container-'));
    photos = await drawSmall(join(home, 'photos'));
    firstRoot = await jobIn('first', { hyperparameters: long });
    first = await train(firstRoot).ended;
    assert.equal(first.code, 0, first.err);
    plain = await modelOf(firstRoot);
  });
  after(() => rm(home, { recursive: true, force: true }));

  describe('train', { concurrency: 2 }, () => {
    it('logs every epoch and the saved model in the format of the metric definitions', () => {
      const lines = first.out.split('\n');
      const epoch =
        /^epoch=\d+ train:loss=\d+\.\d{6} validation:loss=\d+\.\d{6} validation:accuracy=[01]\.\d{6} validation:calibrated_loss=\d+\.\d{6} learning_rate=\d\.\d{6} seconds=\d+\.\d{3}$/;
      assert.equal(lines.filter((line) => epoch.test(line)).length, 80);
      assert.match(first.out, /^final epoch=\d+ train:loss=\S+ validation:loss=\S+ validation:accuracy=[01]\.\d{6}$/m);
      assert.match(first.out, /^validation:chance=\S+ validation:chance_p_value=\S+ validation:above_chance=1$/m);
      assert.match(first.out, /^Data: 12 classes, 96 train, 48 valid, 24 test pictures from "training"$/m);
    });

    it('leaves in model/ exactly what belongs into model.tar.gz, and the report in output/data', async () => {
      const archive = join(home, 'model.tar.gz');
      await run('tar', ['-czf', archive, '-C', join(firstRoot, 'model'), '.']);
      const artifact = await openArtifact(archive);
      const listed = [...Object.keys(artifact.manifest.files), 'whippet.json'].sort();
      await artifact.close();
      assert.deepEqual((await readdir(join(firstRoot, 'model'))).sort(), listed);
      assert.deepEqual((await readdir(join(firstRoot, 'output', 'data'))).sort(), ['report.html', 'timings.json']);
      assert.ok(!(await readdir(home)).some((name) => name.startsWith('whippet-')), 'nothing temporary is left');
    });

    it('tells a hello, phases in their order, every epoch, and progress at most four times a second', () => {
      const [hello, ...rest] = first.events;
      assert.equal(hello?.type, 'hello');
      assert.equal(hello?.protocol, 'whippet.instance/1');
      const phases = rest.filter(({ type }) => type === 'phase').map(({ phase }) => phase);
      assert.deepEqual(phases, ['reading', 'extracting', 'training', 'saving']);
      const engine = rest.filter(({ type }) => type === 'engine').map(({ event }) => event as InstanceEvent);
      assert.equal(engine.filter(({ type }) => type === 'epoch').length, 80);
      assert.ok(engine.filter(({ type, stage }) => type === 'progress' && stage === 'head').length < 40);
    });

    it('makes the same bytes with rules, tensors and the test split, and writes what they found', async () => {
      const root = await jobIn('watched', { rules, hyperparameters: { ...long, evaluate_test: 'True' } });
      const { code, err, out, events } = await train(root).ended;
      assert.equal(code, 0, err);
      assert.ok(plain.equals(await modelOf(root)));
      assert.match(out, /^final .* test:accuracy=[01]\.\d{6} test:loss=\d+\.\d{6}$/m);
      const openings = await readFile(join(root, 'output', 'data', 'test-openings', 'test-openings.jsonl'), 'utf8');
      assert.equal(openings.trim().split('\n').length, 1);

      const statusOf = async (name: string): Promise<string> =>
        JSON.parse(await readFile(join(root, 'output', 'rules', `${name}.json`), 'utf8')).RuleEvaluationStatus;
      assert.equal(await statusOf('Overfit'), 'IssuesFound');
      assert.equal(await statusOf('Vanishing'), 'NoIssuesFound');
      assert.equal(await statusOf('Unheard'), 'Error');
      const told = events.filter(({ type, configuration }) => type === 'rule' && configuration === 'Overfit');
      assert.equal(told[0]?.status, 'InProgress');
      assert.equal(told.at(-1)?.status, 'IssuesFound');
      assert.match(out, /^Rule Overfit: /m);
      const report = join(root, 'output', 'rules', 'ProfilerReport', 'profiler-output', 'profiler-report.html');
      assert.match(await readFile(report, 'utf8'), /<html/);

      const tensors = join(root, 'output', 'tensors');
      // 96 pictures in batches of 64 are two steps an epoch.
      const steps = (await readFile(join(tensors, 'steps.jsonl'), 'utf8')).trim().split('\n');
      assert.equal(steps.length, 160);
      assert.equal(JSON.parse(steps[159] as string).step, 159);
      assert.deepEqual((await readdir(tensors)).sort(), ['0', '100', '150', '50', 'steps.jsonl']);
      const first = ['gradient-bias0.npy', 'gradient-weight0.npy', 'loss.npy', 'weight0.npy'];
      assert.deepEqual((await readdir(join(tensors, '0'))).sort(), first);
      assert.deepEqual(await readdir(join(tensors, '100')), ['weight0.npy']);
    });

    it('goes on from its checkpoint after a kill -9, and makes the same bytes', async () => {
      const root = await jobIn('killed', { hyperparameters: long, checkpoints: true });
      const victim = train(root);
      await victim.event(({ type, epoch }) => type === 'checkpoint' && Number(epoch) >= 3);
      victim.process.kill('SIGKILL');
      assert.equal((await victim.ended).signal, 'SIGKILL');
      assert.deepEqual(await readdir(join(root, 'model')), []);
      const { code, out, err } = await train(root, { WHIPPET_CHECKPOINT_SECONDS: '3600' }).ended;
      assert.equal(code, 0, err);
      const resumed = Number(/^Resumed after epoch (\d+) /m.exec(out)?.[1]);
      assert.ok(resumed >= 3);
      assert.doesNotMatch(out, new RegExp(`^epoch=${resumed} `, 'm'));
      assert.ok(plain.equals(await modelOf(root)));
    });

    it('saves the best so far and a checkpoint at SIGTERM, and ends with 0', async () => {
      const root = await jobIn('stopped', { hyperparameters: { ...long, epochs: '10000' }, checkpoints: true });
      const job = train(root, { WHIPPET_CHECKPOINT_SECONDS: '3600' });
      await job.event(isEpoch);
      job.process.kill('SIGTERM');
      const { code, out, events } = await job.ended;
      assert.equal(code, 0);
      assert.match(out, /^Stopped after epoch \d+; the best so far is saved\.$/m);
      assert.equal(events.filter(({ type }) => type === 'checkpoint').length, 1);
      await (await openArtifact(join(root, 'model'))).close();
    });

    it('ends with 143 and no failure when it is stopped before there is a model', async () => {
      const root = await jobIn('early', { hyperparameters: long });
      const job = train(root, { WHIPPET_CACHE: join(home, 'empty') });
      await job.event(({ type }) => type === 'hello');
      job.process.kill('SIGTERM');
      assert.equal((await job.ended).code, 143);
      assert.deepEqual(await readdir(join(root, 'model')), []);
      assert.deepEqual(await readdir(join(root, 'output')), ['data']);
    });

    it('stops when whoever holds its standard input is gone', async () => {
      const root = await jobIn('orphan', { hyperparameters: { ...long, epochs: '10000' } });
      const job = train(root);
      await job.event(isEpoch);
      job.process.stdin?.end();
      assert.equal((await job.ended).code, 0);
    });

    it('does not care for a reader of events that leaves', async () => {
      const root = await jobIn('unheard', { hyperparameters: long });
      const job = train(root);
      await job.event(({ type }) => type === 'hello');
      job.process.stdio[3]?.destroy();
      const { code, err } = await job.ended;
      assert.equal(code, 0, err);
    });

    it('says in output/failure which variable makes no sense', async () => {
      const root = await jobIn('variable', { hyperparameters: long });
      const job = startContainer(['train', '--root', root], { env: { WHIPPET_CHECKPOINT_SECONDS: 'often' } });
      assert.equal((await job.ended).code, 1);
      const told = await readFile(join(root, 'output', 'failure'), 'utf8');
      assert.match(told, /^WHIPPET_CONTAINER_VARIABLE: .* WHIPPET_CHECKPOINT_SECONDS cannot be used: "often"/);
    });

    it('runs as `docker run` does: no events, nothing on standard input', async () => {
      const root = await jobIn('docker', { hyperparameters: { ...long, epochs: '2' } });
      const job = startContainer(['train', '--root', root], { env: env(), events: false });
      assert.equal((await job.ended).code, 0);
    });

    it('ends the training when a rule asks for it, and says so', async () => {
      const action = { rule_to_invoke: 'Overfit', action_json: '[{"name": "stoptraining"}]' };
      const debugRules = [{ RuleConfigurationName: 'Guard', RuleParameters: action }];
      const root = await jobIn('ruled', { hyperparameters: { ...long, epochs: '10000' }, rules: { debugRules } });
      const { code, out } = await train(root).ended;
      assert.equal(code, 0);
      assert.match(out, /^Rule Guard ends the training\.$/m);
      assert.ok(out.split('\n').filter((line) => line.startsWith('epoch=')).length < 1000);
      await (await openArtifact(join(root, 'model'))).close();
    });

    it('makes the same bytes on two hosts, each with a part of the pictures', async () => {
      const [leader, follower] = await startPair('pair', { hyperparameters: long });
      for (const { job } of [leader, follower]) assert.equal((await job.ended).code, 0, (await job.ended).err);
      assert.ok(plain.equals(await modelOf(leader.root)));
      assert.deepEqual(await readdir(join(follower.root, 'model')), []);
    });

    it('fails when a host is lost, and leaves a checkpoint to go on from', async () => {
      const hyperparameters = { ...long, epochs: '10000' };
      const [leader, follower] = await startPair('broken', { hyperparameters, checkpoints: true });
      await leader.job.event(({ type }) => type === 'checkpoint');
      follower.job.process.kill('SIGKILL');
      const { code, events } = await leader.job.ended;
      assert.equal(code, 1);
      assert.ok(events.length > 0);
      assert.match(await readFile(join(leader.root, 'output', 'failure'), 'utf8'), /^WHIPPET_PEERS_LOST: .*algo-2/);
      assert.notDeepEqual(await readdir(join(leader.root, 'checkpoints')), []);
      assert.deepEqual(await readdir(join(leader.root, 'model')), []);
    });

    const weights = shared('weights', 'mobilenet_v1_0.25_128-imagenet1k-deq.onnx');
    it('trains photos with weights from a channel and without a network, leaving out what is broken', async (t) => {
      const { path, skip } = shared('flowers', 'train');
      const missing = skip || weights.skip;
      if (missing) return t.skip(missing);
      const root = await writeJob(join(home, 'photos-job'), { hyperparameters: { epochs: '5', audit: 'false' } });
      await somePhotos(path, join(root, 'input', 'data', 'training'));
      await mkdir(join(root, 'input', 'data', 'weights'));
      await cp(weights.path, join(root, 'input', 'data', 'weights', 'backbone.onnx'));
      const { code, out, err } = await train(root, { WHIPPET_OFFLINE: '1' }).ended;
      assert.equal(code, 0, err);
      assert.match(out, /^Left out: .*broken\.jpg: .*\(WHIPPET_IMAGE_/m);
      await writeFile(join(root, 'input', 'config', 'hyperparameters.json'), '{"strict": "true"}');
      assert.equal((await train(root, { WHIPPET_OFFLINE: '1' }).ended).code, 1);
      assert.match(await readFile(join(root, 'output', 'failure'), 'utf8'), /^WHIPPET_IMAGE_.*broken\.jpg/);
    });
  });

  describe('serve', { concurrency: 2 }, () => {
    it('answers on a Unix socket from the unpacked model, says where, and drains at SIGTERM', async () => {
      const socketPath = join(home, 'model.sock');
      const server = startContainer(['serve', '--root', firstRoot, '--socket', socketPath], { env: env() });
      const { address } = await server.event(({ type }) => type === 'serving');
      assert.equal(address, `unix:${socketPath}`);
      const [folder = ''] = await readdir(join(photos, 'test'));
      const [name = ''] = await readdir(join(photos, 'test', folder));
      const body = await readFile(join(photos, 'test', folder, name));
      assert.equal((await send(socketPath, { path: '/ping', method: 'GET' })).status, 200);
      const answer = await send(socketPath, { path: '/invocations', method: 'POST', body });
      assert.equal(JSON.parse(answer.text)[0].length, 12);
      server.process.kill('SIGTERM');
      assert.equal((await server.ended).code, 0);
    });

    it('says what is missing where there is no model', async () => {
      const root = await writeJob(join(home, 'no-model'));
      const { code, err } = await startContainer(['serve', '--root', root, '--port', '0'], { env: env() }).ended;
      assert.equal(code, 1);
      assert.match(err, /WHIPPET_CONTAINER_NO_MODEL/);
    });

    it('takes the port that SageMaker names', async () => {
      const port = await freePort();
      const server = startContainer(['serve', '--root', firstRoot, '--host', '127.0.0.1'], {
        env: env({ SAGEMAKER_BIND_TO_PORT: String(port) }),
      });
      const { address } = await server.event(({ type }) => type === 'serving');
      assert.equal(address, `http://127.0.0.1:${port}`);
      server.process.kill('SIGTERM');
      assert.equal((await server.ended).code, 0);
    });
  });
});

const isEpoch = ({ type, event }: InstanceEvent): boolean =>
  type === 'engine' && (event as InstanceEvent).type === 'epoch';

/** Every second picture of each class folder. */
async function halfOf(photos: string, { to, at }: { to: string; at: number }): Promise<void> {
  await mkdir(to, { recursive: true });
  await cp(join(photos, '.whippet-sample.json'), join(to, '.whippet-sample.json'));
  for (const split of ['train', 'valid', 'test']) {
    for (const name of await readdir(join(photos, split))) {
      const files = (await readdir(join(photos, split, name))).sort().filter((_, i) => i % 2 === at);
      await mkdir(join(to, split, name), { recursive: true });
      for (const file of files) await cp(join(photos, split, name, file), join(to, split, name, file));
    }
  }
}

/** Twelve photos of each of two classes, and a file that only begins like one. */
async function somePhotos(flowers: string, to: string): Promise<void> {
  for (const name of (await readdir(flowers)).sort().slice(0, 2)) {
    await mkdir(join(to, name), { recursive: true });
    for (const file of (await readdir(join(flowers, name))).sort().slice(0, 12)) {
      await cp(join(flowers, name, file), join(to, name, file));
    }
    await writeFile(join(to, name, 'broken.jpg'), Buffer.from('ffd8ffe000104a46494600010100', 'hex'));
  }
}

/** One that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

function send(
  socketPath: string,
  { body, ...options }: { readonly path: string; readonly method: string; readonly body?: Buffer },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { socketPath, ...options, agent: false, headers: { 'content-type': 'image/jpeg' } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
