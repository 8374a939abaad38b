import type { EngineEvent, ProgressStage } from '../../engine/index.ts';
import type { Style } from './style.ts';
import { fit, printable } from './table.ts';

export interface ProgressOptions {
  readonly stream: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly style: Style;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

export interface Progress {
  show(event: EngineEvent): void;
  /** Wipes an unfinished bar, so that other output starts on a clean line. */
  clear(): void;
}

const stageNames: Record<ProgressStage, string> = {
  read: 'Reading files',
  inspect: 'Looking at pictures',
  features: 'Extracting features',
  head: 'Training the head',
  calibration: 'Calibrating',
  audit: 'Auditing labels',
  download: 'Downloading',
  unpack: 'Unpacking',
  draw: 'Drawing pictures',
  predict: 'Predicting',
};

type ProgressEvent = Extract<EngineEvent, { type: 'progress' }>;

interface Running {
  readonly stage: ProgressStage;
  readonly started: number;
  /** How much was done when the first event came: what the cache held does not count for the rate. */
  readonly base: number;
  shownAt: number;
}

/**
 * Progress on standard error: a bar in a terminal, a plain line every five seconds elsewhere. Stages that take less than
 * half a second show nothing.
 */
export function progressOn({ stream, style, now }: ProgressOptions): Progress {
  const terminal = stream.isTTY === true;
  const width = (): number => Math.max(40, Math.min(stream.columns ?? 80, 100));
  let running: Running | undefined;
  let barShown = false;

  const clear = (): void => {
    if (barShown) stream.write('\r\x1b[K');
    barShown = false;
  };
  const line = (text: string): void => {
    clear();
    stream.write(`${text}\n`);
  };
  const finish = (event: ProgressEvent, timing: Timing): void => {
    clear();
    running = undefined;
    if (timing.elapsed > 0.5) line(`${style.green('✓')} ${summary(event, timing)}`);
  };
  const draw = (event: ProgressEvent, timing: Timing): void => {
    const text = status(event, timing);
    if (!terminal) {
      line(`  ${text}`);
      return;
    }
    stream.write(`\r\x1b[K  ${bar(event.done / event.total, style)} ${fit(text, width() - 30)}`);
    barShown = true;
  };
  const advance = (event: ProgressEvent): void => {
    const time = now();
    if (running?.stage !== event.stage) {
      clear();
      running = { stage: event.stage, started: time, base: event.done, shownAt: terminal ? -Infinity : time };
    }
    const timing = { elapsed: (time - running.started) / 1000, base: running.base };
    if (event.total > 0 && event.done >= event.total) finish(event, timing);
    else if (timing.elapsed > 0.5 && time - running.shownAt > (terminal ? 100 : 5000)) {
      running.shownAt = time;
      draw(event, timing);
    }
  };

  return {
    clear,
    show(event) {
      if (event.type === 'progress') advance(event);
      else if (event.type === 'picture-refused') {
        line(`${style.yellow('!')} ${printable(event.message)} ${style.dim('Skipped.')}`);
      } else if (event.type === 'warning') line(`${style.yellow('!')} ${printable(event.message)}`);
    },
  };
}

function bar(share: number, style: Style): string {
  const cells = 24;
  const filled = Math.max(0, Math.min(cells, Math.round(share * cells)));
  return style.cyan('━'.repeat(filled)) + style.dim('━'.repeat(cells - filled));
}

interface Timing {
  readonly elapsed: number;
  readonly base: number;
}

function status(event: ProgressEvent, { elapsed, base }: Timing): string {
  const rate = (event.done - base) / elapsed;
  const left = rate > 0 ? ` · ${duration((event.total - event.done) / rate)} left` : '';
  return `${stageNames[event.stage]}  ${amount(event.done, event.unit)} of ${amount(event.total, event.unit)}${unitName(event.unit)} · ${amount(rate, event.unit)}/s${left}`;
}

function summary(event: ProgressEvent, { elapsed, base }: Timing): string {
  const rate = (event.done - base) / elapsed;
  return `${stageNames[event.stage]}  ${amount(event.total, event.unit)}${unitName(event.unit)} in ${duration(elapsed)} (${amount(rate, event.unit)}/s)`;
}

function unitName(unit: string): string {
  return unit === 'bytes' ? '' : ` ${unit}`;
}

function amount(value: number, unit: string): string {
  if (unit === 'bytes') return formatBytes(value);
  return value >= 10 || Number.isInteger(value) ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 90) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
