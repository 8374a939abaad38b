import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineEvent } from '../../engine/index.ts';
import { duration, formatBytes, progressOn } from './progress.ts';
import { styleFor } from './style.ts';

function watched(isTTY: boolean): {
  written: string[];
  at(time: number, done: number): void;
  tell(event: EngineEvent): void;
} {
  const written: string[] = [];
  let time = 0;
  const progress = progressOn({
    stream: { write: (text) => written.push(text), isTTY, columns: 80 },
    style: styleFor(false),
    now: () => time,
  });
  return {
    written,
    at(seconds, done) {
      time = seconds * 1000;
      progress.show({ type: 'progress', stage: 'features', done, total: 100, unit: 'pictures' });
    },
    tell: (event) => progress.show(event),
  };
}

describe('progress', () => {
  it('is a plain line every five seconds where there is no terminal', () => {
    const { written, at } = watched(false);
    for (let second = 0; second <= 12; second++) at(second, second * 5);
    assert.deepEqual(written, [
      '  Extracting features  30 of 100 pictures · 5/s · 14 s left\n',
      '  Extracting features  60 of 100 pictures · 5/s · 8.0 s left\n',
    ]);
  });

  it('does not count what the cache held towards the rate', () => {
    const { written, at } = watched(false);
    at(0, 50);
    at(10, 60);
    at(20, 100);
    assert.deepEqual(written, [
      '  Extracting features  60 of 100 pictures · 1/s · 40 s left\n',
      '✓ Extracting features  100 pictures in 20 s (2.5/s)\n',
    ]);
  });

  it('says nothing of what is done at once', () => {
    const { written, at } = watched(false);
    at(0, 0);
    at(0.3, 100);
    assert.deepEqual(written, []);
  });

  it('draws a bar in a terminal, and wipes it before other lines', () => {
    const { written, at, tell } = watched(true);
    at(0, 0);
    at(1, 50);
    tell({ type: 'warning', code: 'x', message: 'Look at \x1b[31mthis' });
    assert.ok(written[0]?.startsWith(`\r\x1b[K  ${'━'.repeat(24)} Extracting features  50 of 100`), written[0]);
    assert.deepEqual(written.slice(1), ['\r\x1b[K', '! Look at \ufffd[31mthis\n']);
  });

  it('writes sizes and times for people', () => {
    assert.deepEqual([999, 1000, 97_800_000, 1_132_000_000].map(formatBytes), ['999 B', '1.0 kB', '97.8 MB', '1.1 GB']);
    assert.deepEqual([0.42, 75, 605, 7300].map(duration), ['0.4 s', '75 s', '10 min 5 s', '2 h 1 min']);
  });
});
