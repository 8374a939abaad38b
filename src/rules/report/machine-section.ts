import { counted } from '../number-text.ts';
import type { SystemSample } from '../records.ts';
import type { Span } from './axis.ts';
import { coreMap } from './core-map.ts';
import { lineChart, type Series } from './line-chart.ts';
import { type Content, type Markup, nameOf, tag } from './markup.ts';
import type { HostProfile } from './profile.ts';
import { bytes, rate, share } from './units.ts';

/** Charts of so many instances are shown; the figures of all are in the JSON file. */
const mostHosts = 8;

/** CPU, memory, disk, network and GPU of each instance over the time of the job. */
export function machineSection(hosts: readonly HostProfile[], span: Span, intervalMs: number): Content {
  return [
    hosts.slice(0, mostHosts).map((host) => hostCharts(host, span, intervalMs / 1000)),
    hosts.length > mostHosts &&
      tag('p', { class: 'soft' }, `${hosts.length - mostHosts} more instances are in profiler-report.json.`),
  ];
}

function hostCharts(host: HostProfile, span: Span, interval: number): Markup {
  const { points, cpu, memory, gpu, ioWait } = host;
  const last = points.at(-1);
  if (!last) return tag('p', {}, nameOf(host.host), ': no samples.');
  const chart = charter(points, span);
  return tag(
    'div',
    { class: 'host' },
    tag(
      'h3',
      {},
      nameOf(host.host),
      tag('small', {}, ` ${counted(host.samples, 'sample')}, ${counted(last.cpu.length, 'core')}`),
    ),
    panel('Cores', `mean ${share(cpu.mean)}, 95th percentile ${share(cpu.p95)}`, coreMap(points, span, interval)),
    panel(
      'CPU',
      `all on the machine ${share(cpu.mean)}${host.ownCpu.samples > 0 ? `, this instance ${share(host.ownCpu.mean)}` : ''}, waiting for the disk ${share(ioWait.mean)}`,
      chart(
        'CPU',
        [
          ['all', 'a', cpuOf],
          ['this instance', 'b', ({ ownCpu }) => ownCpu],
          ['waiting for the disk', 'c', (sample) => sample.ioWait],
        ],
        { top: 100, label: share },
      ),
    ),
    panel(
      'Memory',
      `at most ${share(memory.highest)} of ${bytes(last.memory.total)}`,
      chart('Memory', [['used', 'a', (sample) => sample.memory.used]], { label: bytes }),
    ),
    panel(
      'Disk',
      'read and written by this instance',
      chart(
        'Disk',
        [
          ['read', 'a', ({ disk }) => disk.read],
          ['written', 'b', ({ disk }) => disk.written],
        ],
        { label: rate },
      ),
    ),
    panel(
      'Network',
      'received and sent',
      chart(
        'Network',
        [
          ['received', 'a', ({ network }) => network.received],
          ['sent', 'b', ({ network }) => network.sent],
        ],
        {
          label: rate,
        },
      ),
    ),
    gpu.samples > 0 &&
      panel(
        'GPU',
        `mean ${share(gpu.mean)}, 95th percentile ${share(gpu.p95)}; its memory`,
        chart(
          'GPU',
          [
            ['used', 'a', gpuMean('utilization')],
            ['memory', 'b', gpuMean('memory')],
          ],
          { top: 100, label: share },
        ),
      ),
  );
}

const panel = (title: string, words: string, chart: Markup): Markup =>
  tag('figure', {}, tag('figcaption', {}, tag('b', {}, title), ` ${words}`), chart);

type Line = readonly [name: string, look: Series['look'], value: (sample: SystemSample) => number | undefined];

function charter(points: readonly SystemSample[], span: Span) {
  return (
    title: string,
    lines: readonly Line[],
    { top, label }: { readonly top?: number; readonly label: (value: number) => string },
  ): Markup => {
    const series = lines.map(([name, look, value]) => ({
      name,
      look,
      points: points.flatMap((point) => {
        const found = value(point);
        return found === undefined ? [] : [{ time: point.time, value: found }];
      }),
    }));
    const shown = series.filter((one) => one.points.length > 0);
    if (top === undefined && shown.every((one) => one.points.every(({ value }) => value === 0))) {
      return tag('p', { class: 'soft' }, 'Nothing at all.');
    }
    const legend = tag(
      'p',
      { class: 'legend' },
      shown.map(({ name, look }) => tag('span', {}, tag('i', { class: `key line-key-${look}` }), name)),
    );
    const description = `${shown.map(({ name }) => name).join(', ')} over the time of the job.`;
    const drawn = lineChart({ title, description, span, series: shown, label, ...(top !== undefined && { top }) });
    return shown.length > 1 ? tag('div', {}, drawn, legend) : drawn;
  };
}

const cpuOf = ({ cpu }: SystemSample): number | undefined =>
  cpu.length > 0 ? cpu.reduce((sum, core) => sum + core, 0) / cpu.length : undefined;

const gpuMean =
  (what: 'utilization' | 'memory') =>
  ({ gpu }: SystemSample): number | undefined =>
    gpu.length > 0 ? gpu.reduce((sum, one) => sum + one[what], 0) / gpu.length : undefined;
