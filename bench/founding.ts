/**
 * The founding workload through the server's API: 8,351 photos and ResNet-50, a tuning job of two trials, a training job on one instance
 * and one on three, from empty caches. Their figures beside ours; docs/benchmarks.md says what of it can be compared.
 *
 *   node bench/founding.ts
 *
 * Photos are read from ../shared/data: the 6,240 there are, and 2,111 of the training ones once more with another comment in the file,
 * so that they are other contents that cost as much. The weights of ResNet-50 are generated: what they cost is real, what they know is not.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CreateHyperParameterTuningJobCommand,
  CreateTrainingJobCommand,
  type HyperParameterTrainingJobDefinition,
} from '@aws-sdk/client-sagemaker';
import { generatedResnetWeights } from '../test/reference/resnet/generated.ts';
import {
  type Aws,
  connectTo,
  makeBucket,
  makeRole,
  trainingJob,
  trainingJobEnded,
  tuningJobEnded,
  uploadFolder,
} from '../test/training/driver.ts';
import { startWhippetServer } from './training/server.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
const photos = join(repository, '..', 'shared', 'data', 'dogs');
const wanted = 8_351;
/** Minutes that the founders' jobs took: two trials one after the other, one instance, three. */
const founders = { tune: 19 + 19, one: 19, three: 21 };

await run();

async function run(): Promise<void> {
  if (!existsSync(photos)) {
    process.stdout.write(`founding: skipped, as ${photos} is not there.\n`);
    return;
  }
  const home = await mkdtemp(join(tmpdir(), 'whippet-bench-'));
  const server = await startWhippetServer(join(home, 'state'));
  const aws = connectTo(server);
  try {
    await measure(aws, home);
  } finally {
    aws.close();
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function measure(aws: Aws, home: string): Promise<void> {
  await makeBucket(aws, 'founding');
  const role = await makeRole(aws, 'founding');
  const upload = await timed(async () => {
    await uploadFolder(aws, photos, { bucket: 'founding', prefix: 'photos/' });
    await uploadFolder(aws, await moreOfThem(join(home, 'more')), { bucket: 'founding', prefix: 'photos/' });
  });
  const weights = join(home, 'weights');
  await mkdir(weights);
  await generatedResnetWeights(50, join(weights, 'resnet50.safetensors'));
  await uploadFolder(aws, weights, { bucket: 'founding', prefix: 'weights/' });

  const places = {
    role,
    data: 's3://founding/photos/',
    output: 's3://founding/output',
    weights: 's3://founding/weights/',
  };
  const fixed = { epochs: '1', backbone: 'resnet50' };
  const tune = await timed(() => tuneTwo(aws, { ...places, fixed }));
  const one = await timed(() => trainOn(aws, 1, { ...places, fixed }));
  const three = await timed(() => trainOn(aws, 3, { ...places, fixed }));
  const row = (name: string, minutes: number, seconds: number): string =>
    `  ${name.padEnd(26)} ${String(minutes).padStart(3)} min   ${seconds.toFixed(1).padStart(6)} s   ${((minutes * 60) / seconds).toFixed(0).padStart(4)} ×\n`;
  process.stdout.write(
    `founding: ${wanted.toLocaleString('en')} photos, ResNet-50 (generated weights), one epoch as theirs; upload ${upload.toFixed(1)} s apart\n` +
      row('tuning, two trials', founders.tune, tune) +
      row('training, one instance', founders.one, one) +
      row('training, three instances', founders.three, three) +
      row('together', founders.tune + founders.one + founders.three, tune + one + three),
  );
}

interface Job {
  readonly role: string;
  readonly data: string;
  readonly output: string;
  readonly weights: string;
  readonly fixed: Readonly<Record<string, string>>;
}

async function tuneTwo(aws: Aws, { fixed, ...places }: Job): Promise<void> {
  const { TrainingJobName: _, HyperParameters: __, ...definition } = trainingJob('', places);
  await aws.sagemaker.send(
    new CreateHyperParameterTuningJobCommand({
      HyperParameterTuningJobName: 'tune',
      HyperParameterTuningJobConfig: {
        Strategy: 'Bayesian',
        HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:loss' },
        ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 1 },
        ParameterRanges: {
          ContinuousParameterRanges: [{ Name: 'learning_rate', MinValue: '0.001', MaxValue: '0.1' }],
          CategoricalParameterRanges: [{ Name: 'batch_size', Values: ['32', '64', '128', '256'] }],
        },
      },
      TrainingJobDefinition: {
        ...definition,
        StaticHyperParameters: fixed,
      } as HyperParameterTrainingJobDefinition,
    }),
  );
  const { HyperParameterTuningJobStatus: status, FailureReason: reason } = await tuningJobEnded(aws, 'tune');
  // Weights that were drawn know nothing: that no trial beats chance is what the job has to say of them.
  if (status !== 'Completed' && !/chance/.test(reason ?? '')) throw new Error(`tune: ${status}, ${reason}`);
}

async function trainOn(aws: Aws, instances: number, { fixed, ...places }: Job): Promise<void> {
  const name = `train-on-${instances}`;
  const job = trainingJob(name, {
    ...places,
    HyperParameters: fixed,
    ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: instances, VolumeSizeInGB: 10 },
  });
  await aws.sagemaker.send(new CreateTrainingJobCommand(job));
  const { TrainingJobStatus: status, FailureReason: reason } = await trainingJobEnded(aws, name);
  if (status !== 'Completed') throw new Error(`${name}: ${status}, ${reason}`);
}

/** As many training photos again as are missing, in the same classes, each with a comment of its own behind the JPEG's first marker. */
async function moreOfThem(folder: string): Promise<string> {
  const all = await readdir(photos, { recursive: true, withFileTypes: true });
  const files = all
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(photos.length + 1));
  const again = files
    .filter((name) => name.startsWith('train'))
    .sort()
    .slice(0, wanted - files.length);
  for (const [index, name] of again.entries()) {
    const bytes = await readFile(join(photos, name));
    const comment = Buffer.from(`\xff\xfe\0\x08${String(index).padStart(6, '0')}`, 'latin1');
    const target = join(folder, name.replace(/(\.\w+)$/, '-again$1'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, Buffer.concat([bytes.subarray(0, 2), comment, bytes.subarray(2)]));
  }
  return folder;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
