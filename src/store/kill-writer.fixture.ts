/**
 * A process to be killed: several workers put and delete objects without end while blobs are collected. Every step is announced and, when
 * the store has acknowledged it, confirmed on standard output: `begin KEY N`, `begin KEY gone`, `done KEY`.
 * Arguments: folder of the state, seed, name of the run.
 */
import { writeSync } from 'node:fs';
import { seededRandom } from '../random/index.ts';
import { contentsOf } from './kill.fixture.ts';
import { deleteObject, objects, putObject } from './store.fixture.ts';
import { openStore, type Store } from './store.ts';

const [directory = '', seed = '', run = ''] = process.argv.slice(2);

/** Written at once, not when the event loop comes to it: what is confirmed is never ahead of what the parent knows. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function work(store: Store, worker: number): Promise<never> {
  const random = seededRandom(`${seed}/${run}/${worker}`);
  for (let step = 0; ; step++) {
    const key = `${worker}-${random.integer(4)}`;
    const content = `${run}.${worker}.${step}`;
    const deletes = random.next() < 0.2;
    say(`begin ${key} ${deletes ? 'gone' : content}`);
    if (deletes) deleteObject(store, key);
    else {
      const parts = await putObject(store, key, contentsOf(seed, content));
      if (random.next() < 0.2) (await store.blobs.materialise(parts)).release();
    }
    say(`done ${key}`);
    // A worker that only ever deletes would not let the others in.
    await new Promise(setImmediate);
  }
}

const store = await openStore({ directory, schemas: [objects] });
say('open');
const collecting = async (): Promise<never> => {
  for (;;) await store.blobs.collect();
};
await Promise.all([work(store, 0), work(store, 1), work(store, 2), collecting()]);
