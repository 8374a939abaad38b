/** Profiler rules of a job on two hosts, as container processes: what the follower sees of its machine reaches the leader's rules. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { drawSample } from '../../src/engine/dataset/drawing/sample.ts';
import { endedRulesJob, type RulesOutcome, startRulesJob } from './rules-job.ts';

let home: string;
before(async () => {
  // Short: the path of a socket has to fit into 107 bytes.
  home = mkdtempSync(join(tmpdir(), 'wh-'));
  await drawSample(join(home, 'photos'), { picturesPerClass: { train: 6, valid: 3, test: 1 }, size: 96 });
});
after(() => rmSync(home, { recursive: true, force: true }));

const hosts = ['algo-1', 'algo-2'];
const rules = { LoadBalancing: { patience: '3' }, OverallSystemUsage: {}, ProfilerReport: {} };

/** The leader's outcome first. `uses` are the per cents that their accelerators are used. */
function runOnTwo(name: string, uses: readonly number[]): Promise<RulesOutcome[]> {
  const addresses = { 'algo-1': `unix:${join(home, `${name}.sock`)}` };
  const jobs = hosts.map((current, at) =>
    startRulesJob({
      ...{ home, rules, data: join(home, 'photos'), name: `${name}-${at}`, cache: `cache-${name}-${at}` },
      ...{ hyperparameters: { epochs: '3' }, gpus: [uses[at] as number], among: { hosts, current, addresses } },
    }),
  );
  return Promise.all(jobs.map(endedRulesJob));
}

interface ReportJson {
  readonly profile: {
    readonly hosts: readonly {
      readonly host: string;
      readonly samples: number;
      readonly phases: readonly { readonly name: string }[];
    }[];
  };
}

function reportOf({ folder }: RulesOutcome): { readonly json: ReportJson; readonly page: string } {
  const path = join(folder, 'output/rules/ProfilerReport/profiler-output/profiler-report');
  return { json: JSON.parse(readFileSync(`${path}.json`, 'utf8')), page: readFileSync(`${path}.html`, 'utf8') };
}

test('one host idle beside a busy one: LoadBalancing fires, and the report shows both', async () => {
  const [leader, follower] = (await runOnTwo('uneven', [90, 3])) as [RulesOutcome, RulesOutcome];
  assert.deepEqual([leader.code, follower.code], [0, 0], leader.log + follower.log);
  assert.equal(leader.status('LoadBalancing'), 'IssuesFound', leader.details('LoadBalancing'));
  assert.match(leader.details('LoadBalancing'), /GPU 0 of algo-2 did less than GPU 0 of algo-1/);
  assert.match(leader.details('OverallSystemUsage'), /algo-1: CPU .*algo-2: CPU /s);
  const { json, page } = reportOf(leader);
  const told = json.profile.hosts;
  assert.deepEqual(told.map(({ host }) => host).sort(), hosts);
  for (const { host, samples } of told) assert.ok(samples > 3, `${host}: ${samples}`);
  const phases = told.find(({ host }) => host === 'algo-2')?.phases.map(({ name }) => name);
  assert.deepEqual(phases, ['reading', 'extracting', 'waiting']);
  assert.match(page, /algo-2, waiting: /);
  assert.equal(existsSync(join(follower.folder, 'output/rules')), false, 'only the leader has rules');
});

test('two hosts equally busy: LoadBalancing finds nothing', async () => {
  const [leader] = (await runOnTwo('even', [90, 90])) as [RulesOutcome, RulesOutcome];
  assert.equal(leader.code, 0, leader.log);
  assert.equal(leader.status('LoadBalancing'), 'NoIssuesFound', leader.details('LoadBalancing'));
  assert.equal(leader.details('LoadBalancing'), '');
});
