import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { TableSchema } from './schema.ts';
import { bytesOf, objects, putObject, readAll, temporaryFolder, temporaryStore } from './store.fixture.ts';
import { openStore } from './store.ts';

const first: TableSchema = { name: 'notes', versions: ['CREATE TABLE notes (text TEXT) STRICT'] };
const second: TableSchema = {
  ...first,
  versions: [...first.versions, "ALTER TABLE notes ADD COLUMN tone TEXT DEFAULT 'plain'"],
};
const now = () => new Date('2026-01-02T03:04:05.678Z');

describe('a state folder', () => {
  it('is made for its owner only, as are its files', async (t) => {
    const directory = join(await temporaryFolder(t), 'deep', 'state');
    const store = await temporaryStore(t, { directory, durability: 'full' });
    store.database.run("INSERT INTO objects VALUES ('a', '[]')");
    assert.equal((await stat(directory)).mode & 0o777, 0o700);
    for (const name of await readdir(directory)) {
      const entry = await stat(join(directory, name));
      assert.equal(entry.mode & 0o777, entry.isDirectory() ? 0o700 : 0o600, name);
    }
  });

  it('keeps what was written, in the journal mode that survives a crash', async (t) => {
    const store = await temporaryStore(t, { durability: 'full' });
    store.database.run("INSERT INTO objects VALUES ('a', '[]')");
    assert.equal(store.database.get<{ synchronous: number }>('PRAGMA synchronous')?.synchronous, 2);
    assert.equal(store.database.get<{ journal_mode: string }>('PRAGMA journal_mode')?.journal_mode, 'wal');
    await store.close();
    await store.close();
    const again = await temporaryStore(t, { directory: store.directory });
    assert.equal(again.database.get<{ key: string }>('SELECT key FROM objects')?.key, 'a');
    assert.equal(again.database.get<{ synchronous: number }>('PRAGMA synchronous')?.synchronous, 0);
  });

  it('has one user at a time, whom the second one is told', async (t) => {
    const { directory, close } = await temporaryStore(t);
    const open = () => openStore({ directory, schemas: [objects] });
    await assert.rejects(open(), {
      code: 'WHIPPET_STORE_LOCKED',
      message: `The state ${directory} is in use by the process ${process.pid}.`,
    });
    const discovery = join(directory, 'server.json');
    await writeFile(discovery, JSON.stringify({ pid: process.pid, url: 'http://127.0.0.1:4566' }));
    await assert.rejects(open(), {
      message: new RegExp(`by the server http://127.0.0.1:4566 \\(pid ${process.pid}\\)\\.$`),
    });
    await writeFile(discovery, JSON.stringify({ pid: process.pid + 1, url: 'http://127.0.0.1:1' }));
    await assert.rejects(open(), { message: new RegExp(`by the process ${process.pid}\\.$`) });
    await close();
    // What a killed server left behind is no lock.
    await temporaryStore(t, { directory });
  });

  it('that cannot be one is refused with the reason', async (t) => {
    const folder = await temporaryFolder(t);
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const directory of [file, join(file, 'state')]) {
      await assert.rejects(openStore({ directory, schemas: [] }), { code: 'WHIPPET_STORE_DIRECTORY' });
    }
    const directory = join(folder, 'state');
    await mkdir(directory);
    await symlink(file, join(directory, 'state.db'));
    await assert.rejects(openStore({ directory, schemas: [] }), {
      code: 'WHIPPET_STORE_DIRECTORY',
      message: /not a regular file/,
    });
    assert.equal((await stat(file)).size, 0);
  });

  it('that this user may not write to is refused', async (t) => {
    if (process.getuid?.() === 0) return t.skip('root may write everywhere');
    const directory = await temporaryFolder(t);
    await chmod(directory, 0o500);
    await assert.rejects(openStore({ directory, schemas: [] }), {
      code: 'WHIPPET_STORE_DIRECTORY',
      message: /permission denied/,
    });
  });
});

describe('a damaged or strange database', () => {
  it('that is none is refused, and left as it is', async (t) => {
    const directory = await temporaryFolder(t);
    const garbage = 'This is not a database. '.repeat(400);
    await writeFile(join(directory, 'state.db'), garbage);
    await assert.rejects(openStore({ directory, schemas: [objects] }), {
      code: 'WHIPPET_STORE_CORRUPT',
      remedy: /whippet doctor/,
    });
    assert.equal(await readFile(join(directory, 'state.db'), 'utf8'), garbage);
  });

  it('whose first page is overwritten is refused', async (t) => {
    const { directory, close } = await temporaryStore(t);
    await close();
    const bytes = await readFile(join(directory, 'state.db'));
    await writeFile(join(directory, 'state.db'), bytes.fill(0xff, 100, 4096));
    await assert.rejects(openStore({ directory, schemas: [objects] }), { code: 'WHIPPET_STORE_CORRUPT' });
  });

  it('of another program is refused', async (t) => {
    const directory = await temporaryFolder(t);
    const other = new DatabaseSync(join(directory, 'state.db'));
    other.exec('CREATE TABLE theirs (a)');
    other.close();
    await assert.rejects(openStore({ directory, schemas: [objects] }), {
      code: 'WHIPPET_STORE_CORRUPT',
      message: /another program/,
    });
    const unchanged = new DatabaseSync(join(directory, 'state.db'), { readOnly: true });
    assert.deepEqual({ ...unchanged.prepare('PRAGMA journal_mode').get() }, { journal_mode: 'delete' });
    unchanged.close();
  });

  it('of a newer format or with newer tables is refused, and can be opened by the newer code', async (t) => {
    const { directory, close, database } = await temporaryStore(t, { schemas: [second] });
    database.run("INSERT INTO notes (text) VALUES ('kept')");
    await close();
    await assert.rejects(openStore({ directory, schemas: [first] }), {
      code: 'WHIPPET_STORE_NEWER',
      message: /"notes" has version 2, known here is 1/,
    });
    const again = await temporaryStore(t, { directory, schemas: [second] });
    again.database.get('PRAGMA user_version = 99');
    await again.close();
    await assert.rejects(openStore({ directory, schemas: [second] }), {
      code: 'WHIPPET_STORE_NEWER',
      message: /its format has version 99/,
    });
  });
});

describe('migration', () => {
  it('brings tables forward after a copy was made, and only then', async (t) => {
    const store = await temporaryStore(t, { schemas: [first], now });
    store.database.run("INSERT INTO notes VALUES ('kept')");
    await store.close();
    const { directory } = store;
    const copies = () => readdir(join(directory, 'copies'));
    // A service that is new here changes nothing that is there.
    await (await openStore({ directory, schemas: [first, objects], now })).close();
    assert.deepEqual(await copies(), []);
    const migrated = await temporaryStore(t, { directory, schemas: [second], now });
    assert.deepEqual({ ...migrated.database.get<object>('SELECT * FROM notes') }, { text: 'kept', tone: 'plain' });
    assert.deepEqual(await copies(), ['state-2026-01-02T03-04-05-678Z.db']);
    const copy = join(directory, 'copies', 'state-2026-01-02T03-04-05-678Z.db');
    assert.equal((await stat(copy)).mode & 0o777, 0o600);
    const old = new DatabaseSync(copy, { readOnly: true });
    assert.deepEqual({ ...old.prepare('SELECT * FROM notes').get() }, { text: 'kept' });
    old.close();
  });

  it('that fails changes nothing', async (t) => {
    const store = await temporaryStore(t, { schemas: [first] });
    await store.close();
    const broken: TableSchema = {
      ...second,
      versions: [...second.versions, 'CREATE TABLE more (a)', 'ALTER TABLE nowhere ADD COLUMN b'],
    };
    await assert.rejects(
      openStore({ directory: store.directory, schemas: [broken, objects] }),
      /no such table: nowhere/,
    );
    const again = await temporaryStore(t, { directory: store.directory, schemas: [first] });
    const tables = again.database.all<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
    );
    assert.deepEqual(
      tables.map(({ name }) => name),
      ['joined_blobs', 'notes', 'schema_versions', 'small_blobs'],
    );
  });

  it('keeps the blobs of services that are not known here', async (t) => {
    const store = await temporaryStore(t, { schemas: [objects] });
    const parts = await putObject(store, 'a', [bytesOf(1, 100), bytesOf(2, 50_000)]);
    await store.close();
    const other = await temporaryStore(t, { directory: store.directory, schemas: [first] });
    assert.equal((await other.blobs.collect()).removed, 0);
    assert.equal((await readAll(other.blobs, parts)).length, 50_100);
  });

  it('refuses two schemas of one name', async (t) => {
    const directory = await temporaryFolder(t);
    await assert.rejects(openStore({ directory, schemas: [first, first] }), TypeError);
  });
});
