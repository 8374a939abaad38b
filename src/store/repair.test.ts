import assert from 'node:assert/strict';
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import { checkStore } from './check.ts';
import { repairStore } from './repair.ts';
import {
  blobFiles,
  bytesOf,
  chunksOf,
  findingsOf,
  putObject,
  readAll,
  temporaryFolder,
  temporaryStore,
} from './store.fixture.ts';

const now = () => new Date('2026-01-02T03:04:05.678Z');

/** A closed state with a small blob and a large one. */
async function closedState(t: TestContext): Promise<{ directory: string; small: string; large: string }> {
  const store = await temporaryStore(t, { durability: 'full' });
  const [small, large] = await putObject(store, 'a', [bytesOf(1, 100), bytesOf(2, 100_000)]);
  await store.close();
  return { directory: store.directory, small: small!.id, large: large!.id };
}

function inDatabase(directory: string, work: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(join(directory, 'state.db'), { defensive: false });
  work(database);
  database.close();
}

describe('a check of the state', () => {
  it('finds nothing in a whole one, and changes nothing', async (t) => {
    const { directory } = await closedState(t);
    const before = await readFile(join(directory, 'state.db'));
    const { findings, versions, freeBytes } = await checkStore(directory);
    assert.deepEqual(findings, []);
    assert.deepEqual([...versions], [['objects', 1]]);
    assert.ok(freeBytes > 0);
    assert.deepEqual(await readFile(join(directory, 'state.db')), before);
  });

  it('is refused while the state is in use, and where there is none', async (t) => {
    const { directory } = await temporaryStore(t);
    await assert.rejects(checkStore(directory), { code: 'WHIPPET_STORE_LOCKED' });
    await assert.rejects(repairStore(directory, now), { code: 'WHIPPET_STORE_LOCKED' });
    const empty = await temporaryFolder(t);
    await assert.rejects(checkStore(empty), { code: 'WHIPPET_STORE_DIRECTORY', message: /there is no state in it/ });
    assert.deepEqual(await readdir(empty), []);
  });

  it('tells a database that cannot be read, and a newer one', async (t) => {
    const newer = await closedState(t);
    inDatabase(newer.directory, (database) => database.exec('PRAGMA user_version = 9'));
    assert.deepEqual(
      (await checkStore(newer.directory)).findings.map(({ kind, repairable }) => [kind, repairable]),
      [['version', false]],
    );
    const broken = await closedState(t);
    await writeFile(join(broken.directory, 'state.db'), 'nothing '.repeat(1000));
    const { remaining, repaired } = await repairStore(broken.directory, now);
    assert.deepEqual(
      remaining.map(({ kind, repairable }) => [kind, repairable]),
      [['database', false]],
    );
    assert.deepEqual(repaired, []);
  });
});

describe('repair', () => {
  it('removes orphans and half-written files, and closes files to others', async (t) => {
    const { directory } = await closedState(t);
    const store = await temporaryStore(t, { directory });
    // Committed and written, but no row refers to them: as after a kill.
    for (const size of [200, 90_000]) await store.blobs.write(chunksOf(bytesOf(size, size)));
    store.database.run("INSERT INTO objects VALUES ('b', '[]')");
    await store.close();
    await writeFile(join(directory, 'blobs', 'incoming', 'half'), 'half');
    await chmod(join(directory, 'state.db'), 0o644);
    const { findings } = await checkStore(directory);
    assert.deepEqual(findings.map(({ kind }) => kind).sort(), ['abandoned', 'exposed', 'orphan', 'orphan']);
    assert.ok(findings.every(({ repairable }) => repairable));
    const report = await repairStore(directory, now);
    const kinds = new Set(report.repaired.map(({ kind }) => kind));
    assert.deepEqual([...kinds].sort(), ['abandoned', 'exposed', 'orphan']);
    assert.deepEqual(report.remaining, []);
    assert.equal((await stat(join(directory, 'state.db'))).mode & 0o777, 0o600);
    assert.equal(blobFiles(directory).length, 1);
  });

  it('puts damaged blobs aside, so that reading them is an error; writing the same bytes heals', async (t) => {
    const { directory, small, large } = await closedState(t);
    await writeFile(join(directory, 'blobs', large.slice(0, 2), large.slice(2)), bytesOf(3, 100_000));
    inDatabase(directory, (database) =>
      database.prepare('UPDATE small_blobs SET bytes = ? WHERE id = ?').run(bytesOf(4, 100), small),
    );
    const { findings } = await checkStore(directory);
    assert.deepEqual(
      findings.map(({ kind, subject, place }) => [kind, subject, place]),
      [
        ['damaged', small, 'database'],
        ['damaged', large, 'file'],
      ],
    );
    const { remaining, repaired } = await repairStore(directory, now);
    assert.equal(repaired.length, 2);
    assert.deepEqual(
      remaining.map(({ kind, subject }) => `${kind} ${subject}`).sort(),
      [`missing ${small}`, `missing ${large}`].sort(),
    );
    assert.deepEqual((await readdir(join(directory, 'damaged'))).sort(), [small, large].sort());
    const store = await temporaryStore(t, { directory });
    await assert.rejects(readAll(store.blobs, [{ id: large, size: 100_000 }]), { kind: 'missing' });
    await putObject(store, 'a', [bytesOf(1, 100), bytesOf(2, 100_000)]);
    assert.deepEqual(await findingsOf(store), []);
  });

  it('tells the damaged copy of a blob from the whole one', async (t) => {
    const { directory, small } = await closedState(t);
    const store = await temporaryStore(t, { directory });
    const { path } = await store.blobs.materialise([{ id: small, size: 100 }]);
    await store.close();
    await writeFile(path, 'other bytes');
    assert.deepEqual((await repairStore(directory, now)).remaining, []);
    const again = await temporaryStore(t, { directory });
    assert.ok(bytesOf(1, 100).equals(await readAll(again.blobs, [{ id: small, size: 100 }])));
  });

  it('rebuilds an index that does not fit its table, after a copy', async (t) => {
    const { directory, small } = await closedState(t);
    // An index that says less than the table: the row is written while the index is not known.
    inDatabase(directory, (database) => {
      database.exec('CREATE TABLE facts (fact TEXT); CREATE INDEX facts_fact ON facts (fact)');
      const definition = database.prepare("SELECT * FROM sqlite_schema WHERE name = 'facts_fact'").get() as Record<
        string,
        never
      >;
      database.exec(
        "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'facts_fact'; PRAGMA writable_schema = RESET",
      );
      database.exec("INSERT INTO facts VALUES ('true')");
      database.exec('PRAGMA writable_schema = ON');
      const { type = null, name = null, tbl_name = null, rootpage = null, sql = null } = definition;
      database.prepare('INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)').run(type, name, tbl_name, rootpage, sql);
    });
    const { findings } = await checkStore(directory);
    assert.ok(findings.length > 0);
    assert.ok(
      findings.every(({ kind, repairable }) => kind === 'database' && repairable),
      JSON.stringify(findings),
    );
    const { remaining } = await repairStore(directory, now);
    assert.deepEqual(remaining, []);
    assert.deepEqual(await readdir(join(directory, 'copies')), ['damaged-2026-01-02T03-04-05-678Z.db']);
    const store = await temporaryStore(t, { directory });
    assert.equal((await readAll(store.blobs, [{ id: small, size: 100 }])).length, 100);
  });

  it('reports what is missing, which nothing can bring back', async (t) => {
    const { directory, large } = await closedState(t);
    await rm(join(directory, 'blobs', large.slice(0, 2), large.slice(2)));
    const { remaining, repaired } = await repairStore(directory, now);
    assert.deepEqual(
      remaining.map(({ kind, subject, repairable }) => [kind, subject, repairable]),
      [['missing', large, false]],
    );
    assert.deepEqual(repaired, []);
  });
});
