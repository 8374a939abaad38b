import { type Advice, adviceOn } from './advice.ts';
import type { Span } from './axis.ts';
import { machineSection } from './machine-section.ts';
import { type Content, type Markup, nameOf, tag, trusted } from './markup.ts';
import type { ProfilerReportData } from './report-data.ts';
import { rulesSection } from './rules-section.ts';
import { stepsSection } from './steps-section.ts';
import { style } from './style.ts';
import { timeline } from './timeline.ts';
import { bytes, duration, moment, share } from './units.ts';

/**
 * The profiler report as one HTML file (profiler-report.html, as AWS calls it): nothing is fetched, it has no script, and names are
 * text of strangers.
 */
export function renderProfilerReport(data: ProfilerReportData): string {
  const { job, profile, rules } = data;
  const span: Span = { start: job.startedAt, end: Math.max(job.endedAt, job.startedAt + 0.001) };
  const withPhases = profile.hosts.filter(({ phases }) => phases.length > 0);
  const title = `${job.name} · profiler report`;
  const page = tag(
    'html',
    { lang: 'en' },
    tag('head', {}, trusted(head), tag('title', {}, title), tag('style', {}, trusted(style))),
    tag(
      'body',
      {},
      tag(
        'main',
        {},
        tag('h1', {}, nameOf(job.name)),
        tag('p', { class: 'lead' }, `Profiler report of a training job. Started ${moment(job.startedAt)}.`),
        summary(data),
        section('What to do', tag('ol', {}, adviceOn(data).map(advicePoint))),
        withPhases.length > 0 && section('Where the time went', timeline(withPhases, span)),
        section('The machine', machineSection(profile.hosts, span, job.intervalMs)),
        section('Steps', stepsSection(profile.timings)),
        section('Rules', rulesSection(rules)),
        footer,
      ),
    ),
  );
  return `<!doctype html>\n${page.markup}\n`;
}

const head =
  '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">';

const section = (title: string, ...content: readonly Content[]): Markup =>
  tag('section', {}, tag('h2', {}, title), content);

const advicePoint = ({ title, text }: Advice): Markup => tag('li', {}, tag('b', {}, title), tag('p', {}, text));

function summary({ job, profile: { hosts }, rules }: ProfilerReportData): Markup {
  const [leader] = hosts;
  const found = rules.filter(({ status }) => status === 'IssuesFound').length;
  const facts: [string, Content, string?][] = [
    ['Status', job.status],
    ['Time', duration(job.endedAt - job.startedAt)],
    ['Instances', job.hosts.length],
    ...(job.facts ?? []).map(({ name, value }): [string, Content] => [name, value]),
    ['CPU', leader ? share(leader.cpu.mean) : '–', 'mean of the first instance'],
    ['Memory', leader ? share(leader.memory.highest) : '–', memoryText(leader?.points.at(-1)?.memory.total)],
    ['GPU', leader && leader.gpu.samples > 0 ? share(leader.gpu.mean) : 'none'],
    ['Rules', `${found} of ${rules.length}`, 'found something'],
  ];
  return tag(
    'dl',
    {},
    facts.map(([name, value, remark]) =>
      tag('div', {}, tag('dt', {}, name), tag('dd', {}, value, remark !== undefined && tag('small', {}, remark))),
    ),
  );
}

const memoryText = (total: number | undefined): string => (total ? `at most, of ${bytes(total)}` : 'at most');

const footer = tag(
  'footer',
  {},
  'CPU is that of the cores that the instance may use, with all that runs on them; memory and disk are those of its own processes. Series of more than 500 samples are drawn as means. The figures are in profiler-report.json.',
);
