import { sentencesOf } from '../findings.ts';
import type { HostProfile } from './profile.ts';
import type { ProfilerReportData } from './report-data.ts';
import { secondsIn } from './timeline.ts';
import { duration, share } from './units.ts';

/** Something that a person could do, and why. */
export interface Advice {
  readonly title: string;
  readonly text: string;
}

/** What follows from the figures, what matters most first. */
export function adviceOn(data: ProfilerReportData): readonly Advice[] {
  const [leader] = data.profile.hosts;
  if (!leader) return [nothingMeasured];
  const given = [
    ...fromRules(data),
    timeAdvice(data, leader),
    instanceAdvice(data),
    memoryAdvice(data),
    idleCoresAdvice(leader),
    diskAdvice(leader),
    strangersAdvice(data.profile.hosts),
    sharedCoresAdvice(data.profile.hosts),
    gpuAdvice(leader),
    fewSamplesAdvice(data, leader),
  ];
  return given.filter((advice) => advice !== undefined);
}

const nothingMeasured: Advice = {
  title: 'Nothing was measured',
  text: 'No samples came in: the job ended before the first one was due. Set ProfilingIntervalInMilliseconds to 100.',
};

/** Each piece of advice once, however many rules and hosts give it. */
function fromRules({ rules }: ProfilerReportData): readonly Advice[] {
  const findings = rules.flatMap(({ kind, findings }) => (kind === 'profiler' ? findings : []));
  const pieces = [...new Set(findings.map(({ advice }) => advice))];
  return pieces.slice(0, 10).map((advice) => {
    const reasons = findings.filter((finding) => finding.advice === advice);
    return { title: reasons[0]!.rule, text: `${sentencesOf(reasons)} ${advice}` };
  });
}

const phaseAdvice: Readonly<Record<string, (took: string) => string>> = {
  reading: (took) =>
    `${took} went into reading the data set. Many small files take long to list and check: keep the channel as it is between jobs, so that its checks are known.`,
  extracting: (took) =>
    `${took} went into pictures and their features. What was computed is in the cache now: the next job over these pictures reads it from there. For new pictures, more cores shorten it nearly in proportion, and so do more instances on machines of their own.`,
  training: (took) =>
    `${took} went into training the head. A larger batch_size, fewer epochs, a smaller patience or no hidden layer shorten it.`,
  saving: (took) => `${took} went into writing the model and its report.`,
};

/** Shares below this are not worth a person's time. */
const muchTime = 40;

function timeAdvice({ job }: ProfilerReportData, { phases }: HostProfile): Advice | undefined {
  const total = job.endedAt - job.startedAt;
  const names = [...new Set(phases.map(({ name }) => name))];
  const longest = names
    .map((name) => ({ name, seconds: secondsIn(phases, name) }))
    .reduce((a, b) => (a.seconds >= b.seconds ? a : b), { name: '', seconds: 0 });
  const percentage = (longest.seconds / total) * 100;
  const words = phaseAdvice[longest.name];
  if (!words || !(percentage >= muchTime)) return undefined;
  const took = `${share(percentage)} of the time (${duration(longest.seconds)} of ${duration(total)})`;
  return { title: `Most of the time: ${longest.name}`, text: words(took) };
}

function instanceAdvice({ profile: { hosts } }: ProfilerReportData): Advice | undefined {
  const [leader, ...peers] = hosts;
  if (!leader || peers.length === 0) return undefined;
  const extraction = hosts.map(({ phases }) => secondsIn(phases, 'extracting'));
  const [longest, shortest] = [Math.max(...extraction), Math.min(...extraction)];
  if (longest > 2 && longest > 1.3 * shortest) {
    const slowest = hosts[extraction.indexOf(longest)]!.host;
    return {
      title: 'Instances did unequal work',
      text: `${slowest} extracted for ${duration(longest)}, the quickest instance for ${duration(shortest)}; the others waited. With ShardedByS3Key the pictures are split by their keys: with FullyReplicated they are split by count.`,
    };
  }
  const training = secondsIn(leader.phases, 'training');
  if (training < 2 || training < longest) return undefined;
  return {
    title: 'Instances waited',
    text: `The head is trained on ${leader.host} alone: for ${duration(training)} the other ${peers.length} had nothing to do. On cached features one instance is as fast.`,
  };
}

function memoryAdvice({ profile: { hosts } }: ProfilerReportData): Advice | undefined {
  const fullest = hosts.reduce((a, b) => (a.memory.highest >= b.memory.highest ? a : b));
  if (fullest.memory.highest < 85) return undefined;
  return {
    title: 'Memory was nearly full',
    text: `${fullest.host} reached ${share(fullest.memory.highest)} of its memory. Above that the job is killed: take an instance with more, or fewer cores for extraction (each worker holds the backbone).`,
  };
}

function idleCoresAdvice({ points, phases }: HostProfile): Advice | undefined {
  const during = points.filter(({ time }) =>
    phases.some(({ name, start, end }) => name === 'extracting' && time > start && time <= end),
  );
  const cores = points[0]?.cpu.length ?? 0;
  if (during.length < 5 || cores < 2) return undefined;
  const mean = during.reduce((sum, { cpu }) => sum + cpu.reduce((a, b) => a + b, 0) / cpu.length, 0) / during.length;
  if (!(mean < 60)) return undefined;
  return {
    title: 'Cores were idle while pictures were extracted',
    text: `They were used by ${share(mean)}. Look at disk and network at that time: where both are quiet, the pictures are few for the ${cores} cores, and a smaller instance is as fast.`,
  };
}

function diskAdvice({ ioWait }: HostProfile): Advice | undefined {
  if (!(ioWait.mean > 20)) return undefined;
  return {
    title: 'The disk held the job up',
    text: `For ${share(ioWait.mean)} of the time cores waited for it. A faster disk, or memory enough to keep the pictures in, helps.`,
  };
}

/** Instances may be on one machine, as those of a local server are: then the others of the job are no strangers to the first. */
function strangersAdvice(hosts: readonly HostProfile[]): Advice | undefined {
  const [leader] = hosts;
  if (!leader) return undefined;
  const { cpu, ownCpu, samples } = leader;
  const own = ownOf(hosts);
  if (ownCpu.samples === 0 || samples < 5 || !(cpu.mean - own > 25)) return undefined;
  return {
    title: 'Others used the machine',
    text: `Of the ${share(cpu.mean)} that the cores were busy on average, this job's own processes took ${share(own)}. On a quiet machine it is faster; jobs that run at the same time share the cores.`,
  };
}

/** Percent of the cores that all instances together used, if they were on the same ones. */
const ownOf = (hosts: readonly HostProfile[]): number =>
  hosts.reduce((sum, { ownCpu }) => sum + (ownCpu.samples > 0 ? ownCpu.mean : 0), 0);

/** Where instances share a machine, each sees its cores as busy as all of them make them, and not as itself alone does. */
function sharedCoresAdvice(hosts: readonly HostProfile[]): Advice | undefined {
  const own = ownOf(hosts);
  const together = hosts.every(
    ({ cpu, ownCpu, samples }) =>
      samples >= 5 && ownCpu.samples > 0 && Math.abs(cpu.mean - own) < Math.abs(cpu.mean - ownCpu.mean),
  );
  if (hosts.length < 2 || !together) return undefined;
  return {
    title: 'Instances shared the cores',
    text: `The ${hosts.length} instances ran on one machine. Where its cores are busy, one instance that may use them all is as fast.`,
  };
}

function gpuAdvice({ gpu, phases }: HostProfile): Advice | undefined {
  if (gpu.samples > 0) return undefined;
  const training = secondsIn(phases, 'training');
  return {
    title: 'GPU: none, and none is missing',
    text: `The backbone is frozen and its features are cached, so the head trains on the CPU${training > 0 ? ` (${duration(training)} here)` : ''}. An instance with a GPU would gain at the extraction of new pictures only.`,
  };
}

function fewSamplesAdvice({ job }: ProfilerReportData, { samples }: HostProfile): Advice | undefined {
  if (samples >= 20 || job.intervalMs <= 100) return undefined;
  return {
    title: 'Few samples',
    text: `There are ${samples}, one every ${job.intervalMs} ms: rules that wait for more (patience) judged nothing. ProfilingIntervalInMilliseconds of 100 shows more of a short job.`,
  };
}
