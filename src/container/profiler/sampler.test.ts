import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { SystemSample } from '../../rules/index.ts';
import { memoryLimit } from './memory.ts';
import { procReader } from './proc-files.ts';
import { readProcessTree } from './processes.ts';
import { startSampler } from './sampler.ts';

const megabyte = 2 ** 20;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whippet-sampler-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** A process under the made-up /proc; CPU in hundredths of a second, memory in MiB. */
function writeProcess(
  pid: number,
  use: { cpu: number; memory: number; io?: readonly [number, number]; children?: string },
) {
  const { cpu, memory, io, children = '' } = use;
  const fields = [
    'S',
    '1',
    ...new Array<string>(9).fill('0'),
    `${cpu}`,
    '0',
    ...new Array<string>(6).fill('0'),
    '4711',
  ];
  write(`${pid}/stat`, `${pid} (a name) with ) ${fields.join(' ')} 0 0\n`);
  write(`${pid}/status`, `Name:\tnode\nVmRSS:\t${memory * 1024} kB\n`);
  if (io) write(`${pid}/io`, `rchar: 1\nread_bytes: ${io[0]}\nwrite_bytes: ${io[1]}\n`);
  write(`${pid}/task/${pid}/children`, children);
}

const cores = (...lines: readonly string[]) => write('stat', `cpu  1 2 3 4\n${lines.join('\n')}\nintr 5\n`);

/** Takes the two looks of one sample; `change` is what happens in a second in between. */
function sampled(change: () => void, options: { pid?: number; nvidiaSmi?: string } = {}): SystemSample {
  const samples: SystemSample[] = [];
  let now = 1_700_000_000_000;
  const sampler = startSampler({
    ...{ intervalMs: 60_000, host: 'algo-1', proc: folder, pid: 100, nvidiaSmi: join(folder, 'absent'), ...options },
    now: () => now,
    onSample: (sample) => samples.push(sample),
  });
  change();
  now += 1000;
  sampler.stop();
  assert.equal(samples.length, 1);
  return samples[0]!;
}

describe('a sample of a made-up machine', () => {
  beforeEach(() => {
    write('meminfo', 'MemTotal:       4096 kB\n');
    write('self/status', 'Cpus_allowed_list:\t0,2-3\n');
    write('net/dev', 'Inter-|\n face |\n    lo: 9 0 0 0 0 0 0 0 9 0\n  eth0: 100 0 0 0 0 0 0 0 50 0\n');
    cores('cpu0 0 0 0 0 0 0 0 0', 'cpu1 0 0 0 0 0 0 0 0', 'cpu2 0 0 0 0 0 0 0 0', 'cpu3 0 0 0 0 0 0 0 0');
  });

  test('cores: those that are allowed, with the wait for disks', () => {
    writeProcess(100, { cpu: 0, memory: 1 });
    const sample = sampled(() =>
      cores('cpu0 50 0 0 50 0 0 0 0', 'cpu1 99 0 0 1 0 0 0 0', 'cpu2 10 10 10 10 50 5 5 0', 'cpu3 0 0 0 50 0 0 0 50'),
    );
    assert.deepEqual(sample.cpu, [50, 40, 0]);
    assert.equal(Math.round(sample.ioWait * 1000), 16_667);
    assert.equal(sample.time, 1_700_000_001);
  });

  test('processes: the tree, those that came in between, and none that ended', () => {
    writeProcess(100, { cpu: 1000, memory: 10, io: [1000, 2000], children: '101 102 ' });
    writeProcess(101, { cpu: 500, memory: 20, io: [10, 20] });
    writeProcess(102, { cpu: 900, memory: 30, io: [5, 5] });
    writeProcess(200, { cpu: 0, memory: 500, io: [0, 0] });
    const sample = sampled(() => {
      writeProcess(100, { cpu: 1100, memory: 11, io: [1500, 2000], children: '101 103 ' });
      writeProcess(101, { cpu: 550, memory: 21, io: [10, 120] });
      writeProcess(103, { cpu: 30, memory: 40, io: [7, 0] });
    });
    assert.deepEqual(sample.disk, { read: 507, written: 100 });
    assert.equal(sample.memory.used, 72 * megabyte);
    assert.equal(sample.memory.total, 4096 * 1024);
    // 1.8 seconds of CPU in one second on three cores.
    assert.equal(Math.round(sample.ownCpu!), 60);
  });

  test('network: all interfaces but the loopback', () => {
    const sample = sampled(() => write('net/dev', 'lo: 999 0 0 0 0 0 0 0 999 0\n  eth0: 350 0 0 0 0 0 0 0 60 0\n'));
    assert.deepEqual(sample.network, { received: 250, sent: 10 });
  });

  test('a machine that tells next to nothing still gives a sample', () => {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const sample = sampled(() => {});
    assert.equal(sample.ownCpu, undefined);
    assert.ok(sample.cpu.length > 0 && sample.cpu.every((value) => value >= 0 && value <= 100));
    assert.ok(sample.memory.used > 0 && sample.memory.total >= sample.memory.used);
    assert.deepEqual(sample.network, { received: 0, sent: 0 });
  });
});

test('a clock that goes back gives no sample', () => {
  const times = [2000, 1000];
  const samples: SystemSample[] = [];
  startSampler({
    ...{ intervalMs: 60_000, host: 'algo-1', nvidiaSmi: join(folder, 'absent') },
    now: () => times.shift() ?? 0,
    onSample: (sample) => samples.push(sample),
  }).stop();
  assert.deepEqual(samples, []);
});

test('memory: the limit of the container where it is below the machine', () => {
  write('meminfo', 'MemTotal: 4096 kB\n');
  const limit = (name: string, text: string) => {
    write(`groups/${name}`, text);
    const found = memoryLimit(procReader(folder), join(folder, 'groups'));
    rmSync(join(folder, 'groups'), { recursive: true });
    return found;
  };
  assert.equal(limit('memory.max', '1048576\n'), megabyte);
  assert.equal(limit('memory.max', 'max\n'), 4 * megabyte);
  assert.equal(limit('memory/memory.limit_in_bytes', '2097152\n'), 2 * megabyte);
  assert.equal(limit('memory/memory.limit_in_bytes', '9223372036854771712\n'), 4 * megabyte);
});

test('GPUs: as nvidia-smi tells; where it fails there are none, and it is not asked again', {
  skip: process.platform === 'win32',
}, async () => {
  const program = join(folder, 'nvidia-smi');
  const [asked, broken] = [join(folder, 'asked'), join(folder, 'broken')];
  const answer = `if [ -e ${broken} ]; then exit 9; fi\necho '37, 1024, 4096'; echo '[N/A], 0, 4096'`;
  writeFileSync(program, `#!/bin/sh\necho x >> ${asked}\n${answer}\n`);
  chmodSync(program, 0o755);
  let now = 0;
  let gpus: SystemSample['gpu'] = [];
  const sampler = startSampler({
    ...{ intervalMs: 5, host: 'algo-1', nvidiaSmi: program, now: () => (now += 1000) },
    onSample: (taken) => {
      gpus = taken.gpu;
    },
  });
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await once(spawn('sleep', ['0.01']), 'exit');
  };
  const lookups = () => readFileSync(asked, 'utf8').trim().split('\n').length;
  await until(() => gpus.length > 0);
  assert.deepEqual(gpus, [
    { utilization: 37, memory: 25 },
    { utilization: 0, memory: 0 },
  ]);
  writeFileSync(broken, '');
  await until(() => gpus.length === 0);
  const last = lookups();
  const then = now;
  // Long enough by its own clock to be asked many times.
  await until(() => now > then + 20_000);
  sampler.stop();
  assert.equal(lookups(), last);
});

test('this machine: a child is found below this process', { skip: process.platform !== 'linux' }, async () => {
  const child = spawn('sleep', ['30']);
  await once(child, 'spawn');
  try {
    const [self, ...others] = readProcessTree('/proc', procReader('/proc'), process.pid);
    assert.ok(self!.memory > 10 * megabyte && self!.cpu > 0);
    assert.ok(others.some(({ key }) => key.startsWith(`${child.pid}/`)));
  } finally {
    child.kill('SIGKILL');
  }
});
