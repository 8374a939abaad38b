/** Jobs of the container with rules: what SageMaker would write is written, `whippet container train` is started, its rules are read. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleCatalog } from '../../src/rules/index.ts';
import { repository } from './whippet.ts';

export type Parameters = Readonly<Record<string, string>>;
export type Rules = Readonly<Record<string, Parameters>>;

export interface RulesJob {
  readonly hyperparameters: Parameters;
  /** By name of the rule, which is its configuration's as well. */
  readonly rules: Rules;
  /** Where the job gets its folder, `name` and the cache of features. */
  readonly home: string;
  readonly name: string;
  /** Folder of its channel. */
  readonly data: string;
  /** Utilisation of its GPUs, in per cent. */
  readonly gpus?: readonly number[];
  readonly cache?: string;
  /** One of several hosts, the first of which leads; `addresses` is WHIPPET_HOSTS, without which names are looked up. Default: the only one. */
  readonly among?: {
    readonly hosts: readonly string[];
    readonly current: string;
    readonly addresses?: Readonly<Record<string, string>>;
  };
}

export interface RulesOutcome {
  readonly code: number | null;
  readonly log: string;
  readonly status: (rule: string) => string;
  readonly details: (rule: string) => string;
  readonly folder: string;
}

export interface RunningRulesJob {
  readonly child: ChildProcess;
  readonly folder: string;
}

/** Writes what SageMaker writes, and starts `whippet container train` on it. */
export function startRulesJob(job: RulesJob): RunningRulesJob {
  const { home, name, hyperparameters, rules, data, gpus, cache = 'cache', among } = job;
  const folder = join(home, name, 'opt/ml');
  const config = join(folder, 'input/config');
  mkdirSync(config, { recursive: true });
  mkdirSync(join(folder, 'input/data'));
  symlinkSync(data, join(folder, 'input/data/training'));
  const write = (file: string, value: unknown) => writeFileSync(join(config, `${file}.json`), JSON.stringify(value));
  write('hyperparameters', { audit: 'false', backbone: 'scatter', ...hyperparameters });
  write('inputdataconfig', { training: { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated' } });
  write('resourceconfig', { current_host: among?.current ?? 'algo-1', hosts: among?.hosts ?? ['algo-1'] });
  const asked = (kind: string) =>
    Object.entries(rules)
      .filter(([rule]) => ruleCatalog.find((known) => known.name === rule)?.kind === kind)
      .map(([rule, parameters]) => ({
        RuleConfigurationName: rule,
        RuleParameters: { rule_to_invoke: rule, ...parameters },
      }));
  const profiler = { ProfilingIntervalInMilliseconds: 100 };
  write('rulesconfig', { debugHook: null, debugRules: asked('debugger'), profilerRules: asked('profiler'), profiler });
  const programs = join(home, name, 'bin');
  if (gpus) writeProgram(programs, 'nvidia-smi', gpus.map((use) => `echo '${use}, 100, 1000'`).join('\n'));
  const env = {
    ...process.env,
    WHIPPET_CACHE: join(home, cache),
    WHIPPET_THREADS: '1',
    PATH: `${programs}:${process.env.PATH}`,
    ...(among && shared(among)),
  };
  const command = [join(repository, 'bin/whippet'), 'container', 'train', '--root', folder];
  return {
    child: spawn(process.execPath, command, { cwd: join(home, name), env, stdio: ['ignore', 'pipe', 'pipe'] }),
    folder,
  };
}

const secret = '5ec7e7'.repeat(8);

function shared({ addresses }: NonNullable<RulesJob['among']>): Readonly<Record<string, string>> {
  return { WHIPPET_JOB_SECRET: secret, ...(addresses && { WHIPPET_HOSTS: JSON.stringify(addresses) }) };
}

function writeProgram(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

export async function endedRulesJob({ child, folder }: RunningRulesJob): Promise<RulesOutcome> {
  let log = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  const read = (rule: string) => {
    const path = join(folder, 'output/rules', `${rule}.json`);
    return JSON.parse(readFileSync(path, 'utf8')) as { RuleEvaluationStatus: string; StatusDetails?: string };
  };
  return {
    ...{ code, log, folder },
    status: (rule) => read(rule).RuleEvaluationStatus,
    details: (rule) => read(rule).StatusDetails ?? '',
  };
}
