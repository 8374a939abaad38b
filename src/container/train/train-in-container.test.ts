import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { drawSample, openArtifact } from '../../engine/index.ts';
import { readContainerEnvironment } from '../environment.ts';
import { trainInContainer } from './train-in-container.ts';

interface Done {
  readonly code: number;
  readonly lines: readonly string[];
  /** Content of output/failure. */
  readonly failure: string | undefined;
}

describe('a training by the container contract', () => {
  let home: string;
  let photos: string;
  let jobs = 0;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'whippet-contract-'));
    photos = join(home, 'photos');
    await drawSample(photos, { picturesPerClass: { train: 6, valid: 2, test: 1 }, size: 48 });
  });
  after(() => rm(home, { recursive: true }));

  const makeRoot = async (files: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    jobs += 1;
    const root = join(home, `job-${jobs}`);
    await mkdir(join(root, 'input', 'config'), { recursive: true });
    await mkdir(join(root, 'input', 'data'), { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      await writeFile(join(root, 'input', 'config', `${name}.json`), text);
    }
    return root;
  };
  const channel = (root: string, name: string): string => join(root, 'input', 'data', name);
  const train = async (root: string, variables: Record<string, string> = {}): Promise<Done> => {
    const lines: string[] = [];
    const code = await trainInContainer({
      ...{ root, cores: 1, cacheDirectory: join(home, 'cache'), proxy: {}, now: Date.now },
      environment: readContainerEnvironment({ WHIPPET_OFFLINE: '1', ...variables }),
      signal: new AbortController().signal,
      log: (line) => lines.push(line),
      logError: (line) => lines.push(line),
      elapsed: () => performance.now(),
    });
    const failure = await readFile(join(root, 'output', 'failure'), 'utf8').catch(() => undefined);
    return { code, lines, failure };
  };
  const quick = { backbone: 'scatter', epochs: '2', audit: 'false' };

  it('takes the splits from channels of their own', async () => {
    const root = await makeRoot({ hyperparameters: quick });
    for (const [from, to] of [
      ['train', 'train'],
      ['valid', 'validation'],
      ['test', 'test'],
    ] as const) {
      await cp(join(photos, from), channel(root, to), { recursive: true });
    }
    const { code, lines } = await train(root);
    assert.equal(code, 0, lines.at(-1));
    assert.ok(
      lines.includes('Data: 12 classes, 72 train, 24 valid, 12 test pictures from "train", "test", "validation"'),
    );
  });

  it('takes paths and hyperparameters from the variables of the training toolkit', async () => {
    const root = await makeRoot();
    const model = join(root, 'elsewhere');
    const { code, lines } = await train(root, {
      ...{ SM_CHANNEL_TRAINING: photos, SM_MODEL_DIR: model, SM_OUTPUT_DATA_DIR: join(root, 'data') },
      SM_HPS: JSON.stringify({ ...quick, epochs: 3 }),
    });
    assert.equal(code, 0, lines.at(-1));
    assert.equal(lines.filter((line) => line.startsWith('epoch=')).length, 3);
    await (await openArtifact(model)).close();
    assert.deepEqual(await readdir(join(root, 'data')), ['report.html', 'timings.json']);
  });

  it('leaves the test split and the report out of a trial', async () => {
    const root = await makeRoot({ hyperparameters: { ...quick, _tuning_objective_metric: 'validation:loss' } });
    await cp(photos, channel(root, 'training'), { recursive: true });
    const { code, lines } = await train(root);
    assert.equal(code, 0, lines.at(-1));
    const { manifest, close } = await openArtifact(join(root, 'model'));
    await close();
    assert.equal(manifest.data.counts.test, undefined);
    const data =
      'Data: 12 classes, 72 train, 24 valid pictures from "training" (12 test left alone, as this is a trial)';
    assert.ok(lines.includes(data), lines.join('\n'));
    assert.ok(manifest.data.counts.valid);
    await assert.rejects(readdir(join(root, 'output', 'data')));
  });

  it('reads rules from a variable where there is no file, and refuses those of another form', async () => {
    const root = await makeRoot({ hyperparameters: quick });
    await cp(photos, channel(root, 'training'), { recursive: true });
    const debugRules = [{ RuleConfigurationName: 'a/b', RuleParameters: { rule_to_invoke: 'Overfit' } }];
    assert.equal((await train(root, { WHIPPET_RULES: JSON.stringify({ debugRules }) })).code, 0);
    assert.deepEqual(await readdir(join(root, 'output', 'rules')), ['a_b.json']);
    const { failure } = await train(root, { WHIPPET_RULES: '{"debugRules": "Overfit"}' });
    assert.match(failure ?? '', /^WHIPPET_CONTAINER_CONFIG/);
  });

  describe('fails with a reason', () => {
    const fails = async (root: string, code: RegExp, variables?: Record<string, string>): Promise<string> => {
      const done = await train(root, variables);
      assert.equal(done.code, 1, done.lines.join('\n'));
      assert.match(done.failure ?? '', code);
      assert.ok((done.failure ?? '').length <= 1024);
      assert.ok(done.lines.includes(done.failure ?? ''), 'the log has it, too');
      assert.deepEqual(await readdir(join(root, 'model')).catch(() => []), []);
      return done.failure ?? '';
    };

    it('without a channel, and with an empty or missing one', async () => {
      const root = await makeRoot({ inputdataconfig: { weights: {} } });
      assert.match(await fails(root, /^WHIPPET_CONTAINER_NO_CHANNEL/), /only weights/);
      const empty = await makeRoot();
      await mkdir(channel(empty, 'training'));
      await fails(empty, /^WHIPPET_CONTAINER_EMPTY_CHANNEL/);
      await fails(await makeRoot({ inputdataconfig: { training: {} } }), /^WHIPPET_CONTAINER_EMPTY_CHANNEL/);
    });

    it('with channels that contradict each other', async () => {
      const root = await makeRoot();
      await cp(photos, channel(root, 'train'), { recursive: true });
      await cp(join(photos, 'valid'), channel(root, 'validation'), { recursive: true });
      await fails(root, /^WHIPPET_CONTAINER_CHANNELS: .*has folders of splits itself/);
    });

    it('with one class, or no class folders', async () => {
      const root = await makeRoot();
      const [first = ''] = await readdir(join(photos, 'train'));
      await cp(join(photos, 'train', first), join(channel(root, 'training'), first), { recursive: true });
      await fails(root, /^WHIPPET_DATASET_ONE_CLASS/);
      const loose = await makeRoot();
      await cp(join(photos, 'train', first), channel(loose, 'training'), { recursive: true });
      await fails(loose, /^WHIPPET_DATASET_NO_CLASSES/);
    });

    it('with configuration that is broken', async () => {
      await fails(await makeRoot({ hyperparameters: '{' }), /^WHIPPET_CONTAINER_CONFIG: .*hyperparameters\.json/);
      await fails(await makeRoot({ hyperparameters: '[]' }), /^WHIPPET_CONTAINER_CONFIG/);
      const resource = { hosts: ['algo-1'], current_host: 'algo-9' };
      await fails(await makeRoot({ resourceconfig: resource }), /^WHIPPET_CONTAINER_CONFIG: .*current_host/);
      await fails(await makeRoot({ hyperparameters: { epochs: 'many' } }), /^WHIPPET_HEAD_BAD_HYPERPARAMETER/);
    });

    it('with several hosts and no secret', async () => {
      const root = await makeRoot({ resourceconfig: { hosts: ['algo-1', 'algo-2'], current_host: 'algo-1' } });
      await mkdir(channel(root, 'training'));
      await fails(root, /^WHIPPET_CONTAINER_NO_SECRET/);
    });

    it('without weights where nothing may be downloaded, and with a channel of weights that has none', async () => {
      const root = await makeRoot({ hyperparameters: { backbone: 'resnet18' } });
      await cp(photos, channel(root, 'training'), { recursive: true });
      await fails(root, /^WHIPPET_BACKBONE_OFFLINE: .*resnet18/);
      await mkdir(channel(root, 'weights'));
      await fails(root, /^WHIPPET_CONTAINER_WEIGHTS: .*no such file/);
    });

    it('with a backbone that does not exist, or that the file in the channel of weights does not belong to', async () => {
      const rootWith = async (backbone: string, file?: string): Promise<string> => {
        const root = await makeRoot({ hyperparameters: { backbone } });
        await cp(photos, channel(root, 'training'), { recursive: true });
        if (file === undefined) return root;
        await mkdir(channel(root, 'weights'));
        await writeFile(join(channel(root, 'weights'), file), '');
        return root;
      };
      await fails(await rootWith('squeezenet', 'net.onnx'), /^WHIPPET_BACKBONE_UNKNOWN: There is no .*"squeezenet"/);
      await fails(
        await rootWith('resnet50', 'net.onnx'),
        /^WHIPPET_CONTAINER_WEIGHTS_OF_ANOTHER: .* net\.onnx, a backbone of its own, but .* "resnet50"\. .*leave backbone out/,
      );
      await fails(
        await rootWith('scatter', 'net.safetensors'),
        /^WHIPPET_CONTAINER_WEIGHTS_OF_ANOTHER: .* the weights of a ResNet, but .* "scatter"\. .*backbone=resnet50/,
      );
      await fails(await rootWith('onnx:net.onnx'), /^WHIPPET_CONTAINER_WEIGHTS: .*the job has none/);
    });

    it('when the test split is to be opened and there is none', async () => {
      const root = await makeRoot({ hyperparameters: { ...quick, evaluate_test: 'true' } });
      for (const split of ['train', 'valid']) {
        await cp(join(photos, split), join(channel(root, 'training'), split), { recursive: true });
      }
      await fails(root, /^WHIPPET_EVALUATION_NO_SUCH_SPLIT/);
    });
  });
});
