/**
 * How much of the bare ONNX Runtime rate is left when pictures are read, checked, decoded, handed about and cached.
 *
 *   node bench/extraction/run.ts [python]
 *
 * `python` (or $PYTHON) has torch and torchvision, for PyTorch beside it. Photos and weights are read from ../shared/data.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadBackbone, type Sample } from '../../src/engine/index.ts';
import { generatedResnetWeights } from '../../test/reference/resnet/generated.ts';
import { type Measurement, measure, readSamples } from './measure.ts';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const workers = Math.min(2, availableParallelism());
const python = process.argv[2] ?? process.env.PYTHON;

const widths = [24, 8, 8, 8, 8, 8, 8, 8, 8, 9, 7];

function row(cells: readonly string[]): void {
  const padded = cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 8)));
  process.stdout.write(`${padded.join(' ')}\n`);
}

function report(name: string, measured: Measurement): void {
  const { bare, decode, steady, whole, steadyRatio, wholeRatio, cpuRatio } = measured;
  row([
    name,
    `${measured.pictures}`,
    ...[bare, decode, steady, whole].map((rate) => rate.toFixed(1)),
    ...[steadyRatio, wholeRatio, cpuRatio].map((part) => part.toFixed(3)),
    `${(100 * measured.decodeShare).toFixed(0)} %`,
    `${measured.again.toFixed(2)} s`,
  ]);
}

function reportEager(samples: readonly Sample[], whole: number): void {
  if (!python) return void process.stdout.write('PyTorch: skipped, no python given (argument or $PYTHON)\n');
  const script = fileURLToPath(new URL('./eager.py', import.meta.url));
  const input = samples
    .map(({ path }) => path)
    .slice(0, 160)
    .join('\n');
  const { status, stdout, stderr, error } = spawnSync(python, [script], { input, encoding: 'utf8' });
  if (status !== 0) {
    const reason = error?.message ?? stderr.trim().split('\n').at(-1);
    process.stdout.write(`PyTorch: skipped, ${reason}\n`);
    return;
  }
  const eager = JSON.parse(stdout) as { forward: number; whole: number; torch: string };
  process.stdout.write(
    `PyTorch ${eager.torch} eager, ResNet-50, 160 of the same pictures: forward ${eager.forward.toFixed(1)}/s, with Pillow and ` +
      `DataLoader ${eager.whole.toFixed(1)}/s; extraction is ${(whole / eager.whole).toFixed(2)}× that\n`,
  );
}

if (!existsSync(data)) {
  process.stdout.write(`skipped: no photos at ${data}\n`);
  process.exit();
}
const directory = mkdtempSync(join(tmpdir(), 'whippet-bench-'));
try {
  const options = { directory, workers, rounds: 3, bareMilliseconds: 4000 };
  process.stdout.write(
    `${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}; ` +
      `${workers} processes × 1 thread, batch 8; rates in pictures/s\n`,
  );
  row(['', 'pictures', 'bare', 'decode', 'steady', 'whole', 'steady/', 'whole/', 'cpu', 'decoding', 'again']);
  row(['', '', '', 'alone', '', '', 'bare', 'bare', 'ratio', 'of cpu', '']);

  const weightsFile = join(directory, 'resnet50.safetensors');
  await generatedResnetWeights(50, weightsFile);
  const resnet = await loadBackbone('resnet50', { weightsFile, cacheDirectory: directory });
  const original = readSamples(join(data, 'dogs-original'));
  const measured = await measure(original, { ...options, backbone: resnet });
  report('resnet50 dogs-original', measured);

  const file = join(data, 'weights/mobilenet_v2_1.0_224-imagenet1k-deq-tf2ptq.onnx');
  const mobilenet = await loadBackbone(`onnx:${file}`, { cacheDirectory: directory });
  for (const set of ['flowers', 'dogs']) {
    const samples = readSamples(join(data, set));
    report(`mobilenet_v2 ${set}`, await measure(samples, { ...options, backbone: mobilenet, rounds: 1 }));
  }
  reportEager(original, measured.whole);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
