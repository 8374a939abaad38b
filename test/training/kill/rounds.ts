/** Kills servers and instances in the middle of the training story, and looks at what becomes of it. */
import assert from 'node:assert/strict';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { drawSample } from '../../../src/engine/index.ts';
import { type Random, seededRandom } from '../../../src/random/index.ts';
import { connectTo, makeBucket, makeRole, uploadFolder } from '../driver.ts';
import { assertClean } from './aftermath.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { type Line, openLine } from './line.ts';
import { type InstanceProcess, instancesAmong, isAlive, type JobProcess, jobProcesses } from './processes.ts';
import { type KilledServer, kill, peakMemory, type ServerPlaces, spawnServer, startKillable } from './server.ts';
import { checkModel, type Models, type Story, train, trainOnAndOn, transformOnAndOn, tuneOnAndOn } from './story.ts';

export interface KillStoryOptions {
  /** Of the state and all that belongs to it. */
  readonly directory: string;
  readonly seed: string;
  /** Servers and instances, one or the other by chance. */
  readonly kills: number;
  readonly onRound?: (text: string) => void;
}

export interface KillStorySummary {
  servers: number;
  instances: number;
  trained: number;
  /** Those that went on from a checkpoint of an earlier attempt or job. */
  resumed: number;
  /** Of the jobs of any kind, those that an instance's end has failed. */
  failed: number;
  tuned: number;
  transformed: number;
  artifacts: number;
  /** MiB. */
  peakMemory: number;
}

/** @throws AssertionError where anything that was acknowledged is lost, or anything is left that should not be. */
export async function killStory({ directory, seed, kills, onRound }: KillStoryOptions): Promise<KillStorySummary> {
  // So deep that sockets lie elsewhere: a server that is killed leaves them in the folder for temporary files.
  const deep = join(directory, 'deep/'.repeat(15));
  const places = {
    state: join(deep, 'state'),
    temporary: join(directory, 'tmp'),
    log: join(directory, 'log'),
  };
  for (const folder of [deep, places.temporary]) await mkdir(folder, { recursive: true });
  const pictures = join(directory, 'pictures');
  await drawSample(pictures, { picturesPerClass: { train: 6, valid: 4, test: 2 }, size: 48 });
  await keepClasses(pictures, 4);
  const line = openLine();
  const ledger = openLedger(directory);
  const ground = { places, line, ledger, random: seededRandom(seed), peak: 0 };
  let server = await startKillable(places);
  line.connect(server);
  let isOver = false;
  /** Long enough for a job to come to its end between two of them, and short enough that most do not. */
  let longest = 0;
  const killOnAndOn = async (): Promise<KillStorySummary> => {
    const summary = { ...nothing };
    for (let round = 0; round < kills && !isOver; round++) {
      await pause(ground.random.next() * longest);
      const victim = ground.random.next() < 0.5 ? findInstance(ground) : undefined;
      onRound?.(`${round + 1}: ${victim ? `${victim.host} of ${victim.job}` : 'the server'}`);
      if (victim) killInstance(victim, ledger);
      else server = await killServer(server, ground);
      summary[victim ? 'instances' : 'servers']++;
    }
    isOver = true;
    return summary;
  };
  let rounds: Promise<KillStorySummary> | undefined;
  try {
    const story = await prepare(ground, { server, pictures, isOver: () => isOver });
    const models: Models = { resumed: 0 };
    const begun = performance.now();
    await checkModel(story, await train(story, { name: 'first', checkpoints: 'first', instances: 1 }), models);
    longest = 1.5 * (performance.now() - begun);
    const lanes = Promise.all([trainOnAndOn(story, models), tuneOnAndOn(story), transformOnAndOn(story, models)]);
    rounds = killOnAndOn();
    const [summary] = await Promise.all([rounds, lanes]);
    return await conclude({ ...summary, resumed: models.resumed }, { ...ground, server });
  } finally {
    isOver = true;
    await rounds?.catch(() => {});
    line.cut();
    await kill(server.child, 'SIGKILL');
  }
}

const nothing = {
  servers: 0,
  instances: 0,
  trained: 0,
  resumed: 0,
  failed: 0,
  tuned: 0,
  transformed: 0,
  artifacts: 0,
  peakMemory: 0,
};

interface Ground {
  readonly places: ServerPlaces;
  readonly line: Line;
  readonly ledger: Ledger;
  readonly random: Random;
  /** MiB. */
  peak: number;
}

/** Fewer classes are learnt from fewer pictures. */
async function keepClasses(pictures: string, count: number): Promise<void> {
  for (const split of await readdir(pictures)) {
    const names = await readdir(join(pictures, split)).catch(() => []);
    for (const name of names.sort().slice(count)) await rm(join(pictures, split, name), { recursive: true });
  }
}

/** What the jobs need. */
async function prepare(
  { places, line, ledger }: Ground,
  options: { readonly server: KilledServer; readonly pictures: string; readonly isOver: () => boolean },
): Promise<Story> {
  const aws = connectTo(options.server);
  const role = await makeRole(aws, 'training');
  await makeBucket(aws, 'story');
  await uploadFolder(aws, options.pictures, { bucket: 'story', prefix: 'photos/' });
  aws.close();
  const test = join(options.pictures, 'test');
  const files = await readdir(test, { recursive: true, withFileTypes: true });
  const names = files
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => relative(test, join(parentPath, name)));
  return {
    ...{ line, ledger, isOver: options.isOver },
    places: { role, data: 's3://story/photos/', output: 's3://story/out' },
    pictures: { uri: 's3://story/photos/test/', names },
    onEnded(job) {
      const left = instancesAmong(jobProcesses(places.state)).filter((each) => each.job.startsWith(job));
      assert.deepEqual(left, [], `${job} has ended`);
    },
  };
}

/** One by chance; undefined where no job has any at this moment. */
function findInstance({ places, random }: Ground): InstanceProcess | undefined {
  const found = instancesAmong(jobProcesses(places.state));
  return found[random.integer(Math.max(1, found.length))];
}

function killInstance(instance: InstanceProcess, ledger: Ledger): void {
  // Before: its job may end at once.
  ledger.excuse(instance);
  if (isAlive(instance)) process.kill(instance.pid, 'SIGKILL');
}

/** Share of the jobs that have ended, which are looked at after each kill; all of them are in the end. */
const looksAgain = 0.1;

/** Now and then the next one is killed too, while it starts. */
const killsAtStart = 0.15;

/** @returns the next server, which knows all that was acknowledged. Nothing runs that was started by the one before. */
async function killServer(server: KilledServer, ground: Ground): Promise<KilledServer> {
  const { places, line, ledger, random } = ground;
  ground.peak = Math.max(ground.peak, peakMemory(server.child));
  line.cut();
  const before = jobProcesses(places.state);
  await kill(server.child, 'SIGKILL');
  before.push(...jobProcesses(places.state));
  if (random.next() < killsAtStart) {
    const starting = spawnServer(places);
    await pause(random.next() * 1_000);
    before.push(...jobProcesses(places.state));
    await kill(starting, 'SIGKILL');
  }
  const next = await startKillable(places);
  assert.deepEqual(before.filter(isAlive), [] satisfies JobProcess[], 'the next server has started');
  const aws = connectTo(next);
  line.connect(next);
  await ledger.verify(aws, () => random.next() < looksAgain);
  aws.close();
  return next;
}

/** After the last job. */
async function conclude(
  summary: KillStorySummary,
  { places, ledger, server, peak }: Ground & { readonly server: KilledServer },
): Promise<KillStorySummary> {
  const aws = connectTo(server);
  await ledger.verify(aws);
  const artifacts = await ledger.verifyArtifacts(aws);
  aws.close();
  const memory = Math.max(peak, peakMemory(server.child));
  await kill(server.child, 'SIGTERM');
  await assertClean(places);
  const ended = /^Completed$/;
  return {
    ...{ ...summary, artifacts, peakMemory: Math.round(memory) },
    trained: ledger.count('training', ended),
    failed: ledger.count('training', /^Failed$/) + ledger.count('transform', /^Failed$/),
    tuned: ledger.count('tuning', ended),
    transformed: ledger.count('transform', ended),
  };
}
