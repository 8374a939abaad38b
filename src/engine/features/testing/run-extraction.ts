/** Extracts the features of drawn pictures in a process of its own, to be killed: `run-extraction DIRECTORY PICTURES`. Tells progress on stdout. */
import { writeSync } from 'node:fs';
import { extractFeatures } from '../extract.ts';
import { drawnSamples, optionsIn } from './fixture.ts';

const [directory, pictures] = process.argv.slice(2);
if (!directory || !pictures) throw new Error('usage: run-extraction DIRECTORY PICTURES');
await extractFeatures(
  drawnSamples(directory, Number(pictures)),
  optionsIn(directory, {
    workers: 2,
    // Written at once: the reader kills this process on what it reads.
    onEvent: (event) => event.type === 'progress' && writeSync(1, `${event.done}\n`),
  }),
);
