/**
 * A program that trains on clouds and prints the number of each epoch once its checkpoint is on the disk, to be killed by a test.
 * Arguments: folder of checkpoints, options of the head as JSON.
 */
import { writeSync } from 'node:fs';
import { trainHead } from '../training.ts';
import { clouds } from './clouds.ts';

const [directory = '', options = '{}'] = process.argv.slice(2);
await trainHead(clouds([20, 20, 7]), {
  ...JSON.parse(options),
  checkpoints: { directory, everySeconds: 0, onCheckpoint: ({ epoch }) => writeSync(1, `${epoch}\n`) },
});
