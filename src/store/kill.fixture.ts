import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../random/index.ts';
import { blobFiles, bytesOf, findingsOf, objects, partsOf, readAll, sha256 } from './store.fixture.ts';
import { openStore, type Store } from './store.ts';

export interface KillOptions {
  /** Of the state; used by all rounds. */
  readonly directory: string;
  readonly seed: string;
  readonly rounds: number;
}

export interface KillSummary {
  /** Steps that the store acknowledged before a kill. */
  acknowledged: number;
  /** Steps that a kill interrupted, and how many of these are nevertheless there as a whole. */
  interrupted: number;
  survived: number;
  /** Blobs that only collection knew of after a kill. */
  collected: number;
}

/** Name of what a key holds (see contentsOf), 'gone' for nothing. */
type Content = string;

/**
 * Lets processes write to a state and kills each of them at a random moment (SIGKILL). After each, all that was acknowledged must be there
 * and whole, what was interrupted there as a whole or not at all, and nothing left that nobody needs.
 * @throws AssertionError
 */
export async function killRounds({ directory, seed, rounds }: KillOptions): Promise<KillSummary> {
  const summary: KillSummary = { acknowledged: 0, interrupted: 0, survived: 0, collected: 0 };
  const held = new Map<string, Content>();
  const random = seededRandom(`${seed}/kills`);
  for (let round = 0; round < rounds; round++) {
    const begun = await writeUntilKilled(
      { directory, seed, run: `${round}`, lines: 1 + random.integer(120) },
      (key, content) => {
        held.set(key, content);
        summary.acknowledged++;
      },
    );
    const store = await openStore({ directory, schemas: [objects] });
    try {
      for (const [key, content] of begun) {
        summary.interrupted++;
        if (!(await holds(store, key, { seed, content }))) continue;
        held.set(key, content);
        summary.survived++;
      }
      for (const [key, content] of held)
        assert.ok(await holds(store, key, { seed, content }), `${key} is not ${content}`);
      summary.collected += (await store.blobs.collect()).removed;
      await assertClean(store);
    } finally {
      await store.close();
    }
  }
  return summary;
}

interface Writing {
  readonly directory: string;
  readonly seed: string;
  readonly run: string;
  /** Kill when so many lines were said. */
  readonly lines: number;
}

/** @returns what was begun and not confirmed, by key */
async function writeUntilKilled(
  { directory, seed, run, lines }: Writing,
  onDone: (key: string, content: Content) => void,
): Promise<Map<string, Content>> {
  const begun = new Map<string, Content>();
  const script = fileURLToPath(new URL('./kill-writer.fixture.ts', import.meta.url));
  const writer = spawn(process.execPath, [script, directory, seed, run], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(writer, 'exit');
  let said = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    const [verb, key = '', content = ''] = line.split(' ');
    if (verb === 'begin') begun.set(key, content);
    if (verb === 'done') {
      onDone(key, begun.get(key)!);
      begun.delete(key);
    }
    if (++said === lines) writer.kill('SIGKILL');
  }
  const [, signal] = (await exited) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', 'the writer ended by itself');
  return begun;
}

/** The parts that go by a name: one to three, of none to 200,000 bytes, mostly small. */
export function contentsOf(seed: string, content: Content): Buffer[] {
  const random = seededRandom(`${seed}/${content}`);
  return Array.from({ length: 1 + random.integer(3) }, (_, part) => {
    return bytesOf(`${seed}/${content}/${part}`, Math.floor(200_000 * random.next() ** 3));
  });
}

async function holds(
  store: Store,
  key: string,
  { seed, content }: { seed: string; content: Content },
): Promise<boolean> {
  const parts = partsOf(store, key);
  if (parts === undefined || content === 'gone') return parts === undefined && content === 'gone';
  const expected = contentsOf(seed, content);
  if (parts.map(({ id }) => id).join() !== expected.map(sha256).join()) return false;
  assert.ok(Buffer.concat(expected).equals(await readAll(store.blobs, parts)), `${key} is not whole`);
  return true;
}

/** After collection: no blob without a row, no row without its blob, no file that is not a blob. */
async function assertClean(store: Store): Promise<void> {
  assert.deepEqual(await findingsOf(store), []);
  for (const path of blobFiles(store.directory)) assert.match(path, /\/[0-9a-f]{2}\/[0-9a-f]{62}$/);
}
