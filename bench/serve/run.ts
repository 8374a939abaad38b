/**
 * What `whippet serve` leaves of the bare ONNX Runtime rate, and what it adds to the time of a lone request. Server, bare session and
 * callers are processes of their own on the same cores; each round measures all of them one after the other, and figures are medians
 * over the rounds. Beside the rates stands the processor time per picture: on a machine that others use too, its ratio means more. Photos and weights are read from ../shared/data.
 */
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Backbone, loadBackbone } from '../../src/engine/index.ts';
import { generatedResnetWeights } from '../../test/reference/resnet/generated.ts';
import { writeDrawnModel } from './artifact.ts';
import type { BareAsked, BareRate } from './bare.ts';
import { type Child, startChild } from './child.ts';
import type { LoadResult } from './client.ts';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const threads = availableParallelism();
const rounds = Number(process.argv[2] ?? 3);
const milliseconds = Number(process.argv[3] ?? 5000);
const levels = [1, 8, 64] as const;

interface MeasuredLoad extends LoadResult {
  /** Processor milliseconds of the server per picture. */
  readonly cpu: number;
}

interface Round {
  readonly bare: BareRate;
  /** Milliseconds. */
  readonly single: number;
  readonly loads: readonly MeasuredLoad[];
}

type Children = Readonly<Record<'server' | 'bare' | 'client', Child>>;

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);

async function measureRound(url: string, { server, bare, client }: Children): Promise<Round> {
  const askBare = <T>(what: BareAsked): Promise<T> => bare.ask<T>({ what, milliseconds });
  const before = await askBare<BareRate>('rate');
  const single = median(await askBare<number[]>('single'));
  const loads: MeasuredLoad[] = [];
  for (const concurrency of levels) {
    const used = await server.ask<number>('cpu');
    const load = await client.ask<LoadResult>({ url, concurrency, milliseconds });
    loads.push({ ...load, cpu: ((await server.ask<number>('cpu')) - used) / load.times.length });
  }
  const after = await askBare<BareRate>('rate');
  const mean = (key: keyof BareRate): number => (before[key] + after[key]) / 2;
  return { bare: { rate: mean('rate'), cpu: mean('cpu') }, single, loads };
}

async function measureModel(backbone: Backbone, folder: string): Promise<Round[]> {
  const model = await writeDrawnModel(backbone, folder);
  const photos = globSync('train/*/*.jpg', { cwd: join(data, 'dogs-original') })
    .sort()
    .filter((_, index) => index % 4 === 0)
    .map((name) => join(data, 'dogs-original', name));
  const children = { server: startChild('server'), bare: startChild('bare'), client: startChild('client') };
  try {
    const url = await children.server.ask<string>({ model, threads });
    await children.bare.ask({ model, threads, photos });
    await children.client.ask(photos);
    await children.client.ask({ url, concurrency: 8, milliseconds: 1000 });
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round++) measured.push(await measureRound(url, children));
    return measured;
  } finally {
    for (const child of Object.values(children)) child.stop();
  }
}

function report(name: string, measured: readonly Round[]): void {
  const over = (figure: (round: Round) => number): number => median(measured.map(figure));
  const bare = over((round) => round.bare.rate);
  const cpu = over((round) => round.bare.cpu);
  const single = over((round) => round.single);
  process.stdout.write(
    `${name}: bare ${bare.toFixed(1)}/s and ${cpu.toFixed(1)} CPU ms in batches of 8; decode + model ${single.toFixed(1)} ms\n`,
  );
  for (const [index, concurrency] of levels.entries()) {
    const of = (figure: (load: MeasuredLoad) => number): number => over((round) => figure(round.loads[index]!));
    const loads = measured.map((round) => round.loads[index]!);
    const times = loads.flatMap((load) => load.times);
    const errors = loads.reduce((sum, load) => sum + load.errors, 0);
    const added = over((round) => median(round.loads[index]!.times) - round.single);
    const cells = [
      `  ${String(concurrency).padStart(2)} at once: ${of(({ rate }) => rate).toFixed(1)}/s, ` +
        `${over((round) => round.loads[index]!.rate / round.bare.rate).toFixed(3)} of bare`,
      `${of((load) => load.cpu).toFixed(1)} CPU ms, ${over((round) => round.bare.cpu / round.loads[index]!.cpu).toFixed(3)} of bare`,
      `p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms`,
      ...(concurrency === 1 ? [`${added.toFixed(1)} ms over decode + model`] : []),
      `${errors} errors in ${times.length + errors}`,
    ];
    process.stdout.write(`${cells.join('; ')}\n`);
  }
}

if (!existsSync(data)) {
  process.stdout.write(`skipped: no photos at ${data}\n`);
  process.exit();
}
const folder = mkdtempSync(join(tmpdir(), 'whippet-bench-'));
try {
  process.stdout.write(
    `${cpus()[0]?.model}, ${threads} cores, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}; ` +
      `${threads} threads, ${rounds} rounds of ${milliseconds / 1000} s\n`,
  );
  const weightsFile = join(folder, 'resnet50.safetensors');
  await generatedResnetWeights(50, weightsFile);
  const resnet = await loadBackbone('resnet50', { weightsFile, cacheDirectory: folder });
  report('resnet50', await measureModel(resnet, folder));
  const file = join(data, 'weights/mobilenet_v2_1.0_224-imagenet1k-deq-tf2ptq.onnx');
  report('mobilenet_v2', await measureModel(await loadBackbone(`onnx:${file}`, { cacheDirectory: folder }), folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
