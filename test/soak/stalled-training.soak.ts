/** StalledTrainingRule in a real job: its extraction workers are made to stand still, and the rule ends the job. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { procReader } from '../../src/container/profiler/proc-files.ts';
import { readProcessTree } from '../../src/container/profiler/processes.ts';
import { drawSample } from '../../src/engine/dataset/drawing/sample.ts';
import { endedRulesJob, startRulesJob } from '../stories/rules-job.ts';

test('a job whose workers stand still is told of and ended', { skip: process.platform !== 'linux' }, async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'whippet-stalled-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const data = join(home, 'data');
  await drawSample(data, { picturesPerClass: { train: 6, valid: 3, test: 1 }, size: 96 });
  const running = startRulesJob({
    ...{ home, name: 'job', data, hyperparameters: { epochs: '500', patience: '0' } },
    rules: { StalledTrainingRule: { threshold: '2', stop_training_on_fire: 'True' } },
  });
  const { child } = running;
  const outcome = endedRulesJob(running);
  const signalWorkers = (signal: 'SIGSTOP' | 'SIGCONT'): void => {
    const workers = readProcessTree('/proc', procReader('/proc'), child.pid!).slice(1);
    for (const { key } of workers) process.kill(Number(key.split('/')[0]), signal);
  };
  // Workers come one after the other: each is stopped as soon as it is there.
  const stopping = setInterval(() => signalWorkers('SIGSTOP'), 10);
  await Promise.race([shows(child.stdout!, /No progress for/), outcome]);
  clearInterval(stopping);
  signalWorkers('SIGCONT');
  const job = await outcome;
  assert.equal(job.code, 0, job.log);
  assert.equal(job.status('StalledTrainingRule'), 'IssuesFound', job.details('StalledTrainingRule'));
  assert.match(job.log, /Rule StalledTrainingRule ends the training/);
  assert.doesNotMatch(job.log, /^epoch=3 /m, 'training ended early');
});

function shows(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<void> {
  let text = '';
  return new Promise((resolve) => {
    stream.on('data', (piece: string | Buffer) => {
      text += String(piece);
      if (pattern.test(text)) resolve();
    });
  });
}
