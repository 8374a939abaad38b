/**
 * What sharing costs: features of the same photos by one instance with two threads, and by two instances with one thread each, from the start of
 * their processes until the leader has all features. The rounds take turns, as other work on the machine comes and goes.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peersOf, startHost } from '../src/container/peers/testing/hosts.ts';

const data = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const photos = join(data, process.argv[2] ?? 'dogs');
const backbone = `onnx:${join(data, 'weights/mobilenet_v2_1.0_224-imagenet1k-deq-tf2ptq.onnx')}`;
const rounds = Number(process.argv[3] ?? 3);
const threads = 2;

interface Run {
  /** From the start of the processes. */
  readonly whole: number;
  /** From the first features that came back. */
  readonly steady: number;
}

/** Seconds. */
async function run(instances: number): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), 'wp-'));
  const cleanups: (() => void)[] = [];
  const context = { after: (clean: () => void) => void cleanups.push(clean) };
  try {
    const hosts = Array.from({ length: instances }, (_, at) => `algo-${at + 1}`);
    const start = performance.now();
    const running = hosts.map((current, at) =>
      startHost(context as Parameters<typeof startHost>[0], {
        ...{ photos, backbone, out: join(directory, 'model'), cacheDirectory: join(directory, `cache-${at}`) },
        ...{ peers: peersOf({ directory, hosts }, current), workers: threads / instances, extractOnly: true },
      }),
    );
    const [leader] = running;
    await leader?.when(
      (word) => word.type === 'event' && word.event.type === 'progress' && word.event.stage === 'features',
    );
    const first = performance.now();
    await leader?.when(({ type }) => type === 'shared');
    const end = performance.now();
    for (const { ended } of running) if (await ended) throw new Error((await ended)?.message);
    return { whole: (end - start) / 1000, steady: (end - first) / 1000 };
  } finally {
    for (const clean of cleanups) clean();
    rmSync(directory, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
}

if (!existsSync(photos)) {
  process.stdout.write(`skipped: no photos at ${photos}\n`);
  process.exit();
}
const pictures = readdirSync(photos, { recursive: true }).filter((name) => /\.jpe?g$/i.test(`${name}`)).length;
process.stdout.write(`${pictures} photos, mobilenet_v2, ${threads} threads in all; load ${loadavg()[0]?.toFixed(1)}\n`);
const [one, two]: [Run[], Run[]] = [[], []];
for (let round = 0; round < rounds; round++) {
  for (const instances of round % 2 ? [2, 1] : [1, 2]) (instances === 1 ? one : two).push(await run(instances));
  const [a, b] = [one.at(-1) as Run, two.at(-1) as Run];
  process.stdout.write(
    `round ${round + 1}: one instance ${a.whole.toFixed(1)} s (${a.steady.toFixed(1)} steady), two ${b.whole.toFixed(1)} s (${b.steady.toFixed(1)} steady)\n`,
  );
}
const ratio = (of: (run: Run) => number): string =>
  median(one.map((each, at) => of(each) / of(two[at] as Run))).toFixed(3);
process.stdout.write(
  `speed of two instances ÷ speed of one: ${ratio(({ whole }) => whole)} whole, ${ratio(({ steady }) => steady)} steady (medians of ${rounds} rounds)\n`,
);
