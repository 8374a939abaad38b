import type { Span } from './axis.ts';
import { lineChart } from './line-chart.ts';
import { type Content, tag } from './markup.ts';
import type { Timing } from './profile.ts';
import { duration } from './units.ts';

/** How long steps took. */
export function stepsSection(timings: readonly Timing[]): Content {
  const [first, last] = [timings[0], timings.at(-1)];
  if (!first || !last)
    return tag('p', { class: 'soft' }, 'No steps were timed: the job did not come to training the head.');
  // Training takes milliseconds of a job of minutes: its steps have a time axis of their own.
  const span: Span = { start: first.start, end: Math.max(last.start, first.start + 0.001) };
  const mean = timings.reduce((sum, { seconds }) => sum + seconds, 0) / timings.length;
  const slowest = timings.reduce((a, b) => (a.slowest >= b.slowest ? a : b));
  const points = (of: (timing: Timing) => number) =>
    timings.map((timing) => ({ time: timing.start, value: of(timing) }));
  return [
    tag(
      'p',
      {},
      `${last.step + 1} steps in ${last.epoch} epochs, ${duration(mean)} each on average; the slowest stretch ended at step ${slowest.step} with ${duration(slowest.slowest)} a step.`,
    ),
    tag(
      'figure',
      {},
      tag(
        'figcaption',
        {},
        tag('b', {}, 'Step'),
        ' mean duration over the steps that ran as one call, usually an epoch, since the first of them',
      ),
      lineChart({
        ...{
          title: 'Duration of a step',
          description: 'Seconds of a step over the time of training.',
          span,
          label: duration,
        },
        series: [{ name: 'mean', look: 'a', points: points(({ seconds }) => seconds) }],
      }),
    ),
  ];
}
