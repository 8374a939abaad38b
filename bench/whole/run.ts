/**
 * The whole main job on the 120-breed set: train (features, head, audit, report) and evaluate from nothing, then once more with other
 * hyperparameters. Prints wall times, the share of the bare backbone time, and the peak memory of all processes together.
 *
 *   node bench/whole/run.ts
 *
 * Photos and weights are read from ../shared/data.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const data = join(repository, '..', 'shared', 'data');

interface Measured {
  readonly seconds: number;
  /** Sum of the proportional set sizes of the process and its descendants, at its highest. */
  readonly peakBytes: number;
  readonly result: { readonly secondsByStage?: Readonly<Record<string, number>> };
}

await run();

async function run(): Promise<void> {
  const photos = join(data, 'dogs');
  const backbone = join(data, 'weights', 'mobilenet_v2_1.0_224-imagenet1k-deq-tf2ptq.onnx');
  if (!existsSync(photos) || !existsSync(backbone)) {
    process.stdout.write(`whole: skipped, as ${photos} or ${backbone} is not there.\n`);
    return;
  }
  const home = await mkdtemp(join(tmpdir(), 'whippet-bench-'));
  try {
    const train = ['train', photos, '--backbone', `onnx:${backbone}`, '--json'];
    const first = await measure([...train, '--epochs', '30'], home);
    const evaluate = await measure(['evaluate', 'model', photos, '--json'], home);
    const second = await measure(
      [...train, '--out', 'second', '--learning-rate', '0.001', '--batch-size', '128'],
      home,
    );
    const stages = Object.entries(first.result.secondsByStage ?? {})
      .map(([stage, seconds]) => `${stage} ${seconds.toFixed(1)}`)
      .join(', ');
    process.stdout.write(
      `whole: 6,240 photos, mobilenet_v2, 30 epochs, audit, report, evaluate\n` +
        `  train + evaluate          ${(first.seconds + evaluate.seconds).toFixed(1)} s   (target 50 s; stages: ${stages})\n` +
        `  features ÷ whole          ${((first.result.secondsByStage?.features ?? 0) / (first.seconds + evaluate.seconds)).toFixed(2)}\n` +
        `  other hyperparameters     ${second.seconds.toFixed(1)} s   (target 5 s)\n` +
        `  peak memory, all processes  ${(Math.max(first.peakBytes, evaluate.peakBytes) / 2 ** 30).toFixed(2)} GiB   (target 1.5 GiB)\n`,
    );
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function measure(argv: readonly string[], home: string): Promise<Measured> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(repository, 'bin', 'whippet'), ...argv], {
    cwd: home,
    env: { ...process.env, WHIPPET_CACHE: join(home, 'cache'), WHIPPET_LEDGER: join(home, 'ledger') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let peakBytes = 0;
  const sampler = setInterval(() => {
    peakBytes = Math.max(peakBytes, memoryOf(child));
  }, 200);
  let out = '';
  for await (const chunk of child.stdout) out += String(chunk);
  const code = child.exitCode ?? (await new Promise((resolve) => child.once('exit', resolve)));
  clearInterval(sampler);
  if (code !== 0) throw new Error(`whippet ${argv.join(' ')} ended with ${code}`);
  return { seconds: (performance.now() - started) / 1000, peakBytes, result: JSON.parse(out) };
}

/** Linux only: proportional set sizes, so that what processes share counts once. */
function memoryOf({ pid }: ChildProcess): number {
  if (pid === undefined || process.platform !== 'linux') return 0;
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) parents.set(Number(name), Number(/\) \S (\d+)/.exec(read(`/proc/${name}/stat`))?.[1] ?? 0));
  }
  const belongs = (one: number): boolean =>
    one === pid || (parents.has(one) && one > 1 && belongs(parents.get(one) ?? 0));
  let kilobytes = 0;
  for (const one of parents.keys()) {
    if (belongs(one)) kilobytes += Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${one}/smaps_rollup`))?.[1] ?? 0);
  }
  return kilobytes * 1024;
}

/** Processes may end while they are looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
