import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readRuleConfiguration } from '../configuration.ts';
import { createEvaluations } from '../evaluations.ts';
import type { PhaseRecord, ProfileRecord } from '../records.ts';
import { context } from '../testing/judge.ts';
import { sample, timing } from '../testing/records.ts';
import { adviceOn } from './advice.ts';
import { profilerReportJson } from './json.ts';
import { createProfile } from './profile.ts';
import { renderProfilerReport } from './render.ts';
import type { ProfilerReportData, ReportedJob } from './report-data.ts';
import { bytes, duration } from './units.ts';

const start = 1_700_000_000;

const phase = (name: string, from: number, to: number, host = 'algo-1'): PhaseRecord => ({
  ...{ kind: 'phase', host, name, start: start + from, end: start + to },
});

/** A job of 100 seconds, and what its report is made of. */
function dataOf(records: readonly ProfileRecord[], job: Partial<ReportedJob> = {}): ProfilerReportData {
  const profile = createProfile();
  const parameters = { rule_to_invoke: 'ProfilerReport', CPUBottleneck_patience: '10' };
  const read = readRuleConfiguration({ name: 'ProfilerReport', parameters }, 'profiler');
  const evaluations = createEvaluations([{ configuration: 'ProfilerReport', kind: 'profiler', read }], context);
  evaluations.start();
  for (const record of records) {
    profile.observe(record);
    evaluations.observe(record);
  }
  evaluations.finish();
  return {
    job: {
      ...{ name: 'dogs', status: 'Completed', startedAt: start, endedAt: start + 100, hosts: ['algo-1'] },
      ...{ intervalMs: 500, ...job },
    },
    profile: profile.profile(),
    rules: evaluations.states(),
  };
}

const usual: readonly ProfileRecord[] = [
  phase('reading', 0, 5),
  phase('extracting', 5, 65),
  phase('training', 65, 95),
  ...Array.from({ length: 100 }, (_, i) => sample(i + 1, { cpu: [i, 100 - i] })),
  ...Array.from({ length: 20 }, (_, i) => timing(66 + i, 0.5)),
];

const titles = (data: ProfilerReportData) => adviceOn(data).map(({ title }) => title);

describe('the profiler report', () => {
  test('is one page that fetches nothing and runs nothing', () => {
    const page = renderProfilerReport(dataOf(usual));
    assert.match(page, /^<!doctype html>\n<html lang="en">/);
    assert.doesNotMatch(page, /https?:|url\(|@import|<link|<iframe|<script|<img|src=/);
    for (const [svg] of page.matchAll(/<svg [\s\S]*?<\/svg>/g)) assert.match(svg, /<title>[\s\S]*<desc>/);
  });

  test('its elements are closed in their order, and attributes are whole', () => {
    const page = renderProfilerReport(dataOf(usual)).replace(
      /<style>[\s\S]*?<\/style>|<!doctype html>|<meta[^>]*>/g,
      '',
    );
    const open: string[] = [];
    for (const [, closing, name] of page.matchAll(/<(\/?)([a-z]+)(?: [a-zA-Z0-9-]+="[^"<>]*")*>/g)) {
      if (closing === '') open.push(name!);
      else assert.equal(open.pop(), name);
    }
    assert.deepEqual(open, []);
    assert.equal(/NaN|undefined|Infinity/.exec(page)?.[0], undefined);
  });

  test('shows phases, machine, steps, rules and what they found', () => {
    const page = renderProfilerReport(
      dataOf([...usual, ...Array.from({ length: 200 }, (_, i) => sample(i, { cpu: [99] }))]),
    );
    for (const text of ['extracting: 1 min 0 s', '300 samples', 'steps in 85 epochs', 'CPUBottleneck', 'IssuesFound']) {
      assert.ok(page.includes(text), text);
    }
  });

  test('names of strangers are text', () => {
    const name = '<script>alert(1)</script>"\'&\u0007\u202e';
    const hostile = dataOf([...usual, phase(name, 95, 96), phase('x', 0, 9, name), sample(3, { host: name })], {
      name,
    });
    const page = renderProfilerReport({
      ...hostile,
      job: { ...hostile.job, facts: [{ name, value: name }], status: name },
      rules: hostile.rules.map((rule) => ({ ...rule, configuration: name })),
    });
    assert.ok(!page.includes('<script') && !page.includes('\u0007'));
    assert.ok(page.includes('<bdi>&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\ufffd\u202e</bdi>'));
  });

  test('a day of samples makes no larger page than ten minutes', () => {
    const records = (count: number) =>
      Array.from({ length: count }, (_, i) => sample((i / count) * 100, { cpu: new Array<number>(16).fill(i % 100) }));
    const [long, short] = [dataOf(records(50_000)), dataOf(records(500))];
    const [host] = long.profile.hosts;
    assert.ok(host!.points.length <= 500 && host!.points.length > 200, `${host!.points.length}`);
    assert.equal(host!.samples, 50_000);
    const mean = host!.points.reduce((sum, { cpu }) => sum + cpu[0]!, 0) / host!.points.length;
    assert.ok(Math.abs(mean - 49.5) < 1, `means are kept: ${mean}`);
    assert.ok(renderProfilerReport(long).length < 1.5 * renderProfilerReport(short).length);
  });

  test('of nothing it says that there is nothing', () => {
    const empty = dataOf([], { endedAt: start });
    const page = renderProfilerReport(empty);
    assert.match(page, /Nothing was measured/);
    assert.match(page, /No steps were timed/);
    assert.equal(JSON.parse(profilerReportJson(empty)).format, 'whippet.profiler-report/1');
  });

  test('is written whatever was measured', () => {
    const number = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY, 0));
    const record: fc.Arbitrary<ProfileRecord> = fc.oneof(
      fc.record({
        ...{
          kind: fc.constant('system' as const),
          time: number,
          host: fc.string(),
          cpu: fc.array(number),
          ioWait: number,
        },
        ...{ memory: fc.record({ used: number, total: number }), disk: fc.record({ read: number, written: number }) },
        network: fc.record({ received: number, sent: number }),
        gpu: fc.array(fc.record({ utilization: number, memory: number })),
      }),
      fc.record({
        kind: fc.constant('phase' as const),
        host: fc.string(),
        name: fc.string(),
        start: number,
        end: number,
      }),
      fc.record({
        ...{ kind: fc.constant('timing' as const), host: fc.string(), epoch: number, step: number, steps: number },
        ...{ start: number, seconds: number },
      }),
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), number, (records, endedAt) => {
        const data = dataOf(records, { endedAt });
        const broken = / [a-z0-9]+="[^"]*(NaN|Infinity)[^"]*"/.exec(renderProfilerReport(data));
        assert.equal(broken?.[0], undefined);
        JSON.parse(profilerReportJson(data));
      }),
      { numRuns: 100 },
    );
  });
});

describe('advice', () => {
  test('tells what took most of the time, and what to do about it', () => {
    const [first] = adviceOn(dataOf(usual));
    assert.equal(first?.title, 'Most of the time: extracting');
    assert.match(first!.text, /^60 % of the time \(1 min 0 s of 1 min 40 s\) .* is in the cache now: the next job/);
    assert.ok(!titles(dataOf([sample(1), phase('extracting', 0, 39)])).some((title) => title.startsWith('Most')));
  });

  test('gives the advice of rules first, each once', () => {
    const busy = Array.from({ length: 50 }, (_, i) => sample(i, { cpu: [99], ownCpu: 10 }));
    const found = titles(dataOf([...busy, ...busy.map((record) => ({ ...record, host: 'algo-2' }))]));
    assert.deepEqual(found.slice(0, 2), ['CPUBottleneck', 'Others used the machine']);
  });

  test('names every host that a rule found something on, once, in the table too', () => {
    const busy = (host: string, seconds: number) =>
      Array.from({ length: seconds }, (_, i) => sample(i, { host, cpu: [99] }));
    const data = dataOf([...busy('algo-1', 300), ...busy('algo-2', 50)]);
    const [first] = adviceOn(data);
    assert.match(
      first!.text,
      /^On algo-1, [^.]+\. It held \d times in all[^.]+\. On algo-2, .* There is no GPU here: /,
    );
    assert.equal(first!.text.match(/On algo-1/g)?.length, 1);
    const [, row] = /<td><bdi>CPUBottleneck<\/bdi><\/td>(.*?)<\/tr>/.exec(renderProfilerReport(data))!;
    assert.match(row!, /On algo-1.*On algo-2/);
    const many = dataOf(Array.from({ length: 8 }, (_, i) => busy(`algo-${i + 1}`, 20)).flat());
    assert.match(adviceOn(many)[0]!.text, /On algo-5, .* And 3 more\. There is no GPU/);
  });

  test('tells of memory, disk, other processes, idle cores and GPUs only where there is something to tell', () => {
    const all = (over: Parameters<typeof sample>[1]) =>
      titles(dataOf([phase('extracting', 0, 30), ...Array.from({ length: 30 }, (_, i) => sample(i + 1, over))]));
    const has = (title: string, over: Parameters<typeof sample>[1], not: Parameters<typeof sample>[1]) => {
      assert.ok(all(over).includes(title), title);
      assert.ok(!all(not).includes(title), `not ${title}`);
    };
    has('Memory was nearly full', { memory: { used: 86, total: 100 } }, { memory: { used: 84, total: 100 } });
    has('The disk held the job up', { ioWait: 21 }, { ioWait: 20 });
    has('Others used the machine', { cpu: [90, 90], ownCpu: 60 }, { cpu: [90, 90], ownCpu: 70 });
    has('Cores were idle while pictures were extracted', { cpu: [59, 59] }, { cpu: [60, 60] });
    has('GPU: none, and none is missing', {}, { gpu: [{ utilization: 50, memory: 1 }] });
  });

  test('takes the other instances of the job for no strangers', () => {
    const busy = (host: string) =>
      Array.from({ length: 30 }, (_, i) => ({ ...sample(i + 1, { cpu: [90, 90], ownCpu: 45 }), host }));
    const title = 'Others used the machine';
    assert.ok(titles(dataOf(busy('algo-1'))).includes(title));
    assert.ok(!titles(dataOf([...busy('algo-1'), ...busy('algo-2')])).includes(title));
  });

  test('tells instances on one machine from those with machines of their own', () => {
    const of = (host: string, cpu: number, ownCpu: number) =>
      Array.from({ length: 30 }, (_, i) => sample(i + 1, { host, cpu: [cpu, cpu], ownCpu }));
    const told = (...records: readonly ProfileRecord[][]) => titles(dataOf(records.flat()));
    const title = 'Instances shared the cores';
    assert.ok(told(of('algo-1', 95, 47), of('algo-2', 95, 40)).includes(title));
    assert.ok(told(of('algo-1', 92, 90), of('algo-2', 92, 2)).includes(title));
    assert.ok(!told(of('algo-1', 95, 90), of('algo-2', 93, 88)).includes(title));
    assert.ok(!told(of('algo-1', 92, 90), of('algo-2', 4, 2)).includes(title));
    assert.ok(!told(of('algo-1', 95, 90)).includes(title));
  });

  test('tells of instances that waited for one another', () => {
    const two = (second: number) => [phase('extracting', 0, 10), phase('extracting', 0, second, 'algo-2'), sample(1)];
    assert.ok(titles(dataOf(two(7))).includes('Instances did unequal work'));
    assert.ok(!titles(dataOf(two(8))).includes('Instances did unequal work'));
    assert.ok(titles(dataOf([...two(9), phase('training', 10, 40)])).includes('Instances waited'));
  });
});

test('units are those that people read', () => {
  assert.deepEqual([0.0123, 0.5, 12.4, 200, 7500, Number.NaN].map(duration), [
    '12 ms',
    '0.5 s',
    '12 s',
    '3 min 20 s',
    '2 h 5 min',
    '–',
  ]);
  assert.deepEqual([0, 999, 1500, 2.5e9].map(bytes), ['0 B', '999 B', '1.5 kB', '2.5 GB']);
});
