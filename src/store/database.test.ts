import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Database, SqlValue } from './database.ts';
import { isStoreFault } from './fault.ts';
import { bytesOf, chunksOf, readAll, temporaryStore } from './store.fixture.ts';

const schemas = [{ name: 'values', versions: ['CREATE TABLE held (value ANY) STRICT'] }];

function held(database: Database): SqlValue[] {
  return database.all<{ value: SqlValue }>('SELECT value FROM held ORDER BY rowid').map(({ value }) => value);
}

describe('values', () => {
  it('come back as they were given, integers as integers', async (t) => {
    const { database } = await temporaryStore(t, { schemas });
    const values = [
      null,
      0,
      -1,
      1.5,
      2 ** 40,
      Number.MAX_SAFE_INTEGER,
      Infinity,
      '',
      'é\u0000x',
      new Uint8Array([1, 2]),
    ];
    for (const value of values) database.run('INSERT INTO held VALUES (?)', value);
    assert.deepEqual(held(database), values);
    const types = database.all<{ type: string }>('SELECT DISTINCT typeof(value) AS type FROM held ORDER BY type');
    assert.deepEqual(
      types.map(({ type }) => type),
      ['blob', 'integer', 'null', 'real', 'text'],
    );
    assert.equal(database.get<{ type: string }>('SELECT typeof(?) AS type', 5)?.type, 'integer');
    assert.equal(database.get<{ type: string }>('SELECT typeof(?) AS type', 5n)?.type, 'integer');
  });

  it('that SQLite cannot hold are refused, not stored as something else', async (t) => {
    const { database } = await temporaryStore(t, { schemas });
    for (const value of [true, new Date(), undefined, Number.NaN, {}, [1]]) {
      assert.throws(() => database.run('INSERT INTO held VALUES (?)', value as never), TypeError);
      assert.throws(() => database.get('SELECT ?', value as never), TypeError);
    }
    assert.deepEqual(held(database), []);
  });

  it('that JavaScript cannot hold are an error when they are read', async (t) => {
    const { database } = await temporaryStore(t, { schemas });
    database.run('INSERT INTO held VALUES (?)', 2n ** 60n);
    assert.throws(() => held(database), RangeError);
  });
});

describe('statements', () => {
  it('say what they changed', async (t) => {
    const { database } = await temporaryStore(t, { schemas });
    assert.deepEqual(database.run('INSERT INTO held VALUES (1), (2)'), { changes: 2, lastInsertRowid: 2 });
    assert.deepEqual(database.run('UPDATE held SET value = 3 WHERE value = 9').changes, 0);
    assert.equal(database.get('SELECT value FROM held WHERE value = 9'), undefined);
    assert.equal(database.get<{ value: number }>('INSERT INTO held VALUES (7) RETURNING value')?.value, 7);
  });

  it('iterate while the same statement is used', async (t) => {
    const { database } = await temporaryStore(t, { schemas });
    for (const value of [1, 2, 3]) database.run('INSERT INTO held VALUES (?)', value);
    const sql = 'SELECT value FROM held ORDER BY value';
    const seen = [];
    for (const { value } of database.iterate<{ value: number }>(sql)) {
      database.get(sql);
      seen.push(value);
    }
    assert.deepEqual(seen, [1, 2, 3]);
  });

  it('of any number are taken, the kept ones staying few', async (t) => {
    const { database } = await temporaryStore(t, { schemas });
    for (let i = 0; i < 1000; i++) assert.equal(database.get<{ n: number }>(`SELECT ${i} AS n`)?.n, i);
    assert.equal(database.get<{ n: number }>('SELECT 0 AS n')?.n, 0);
  });
});

describe('a transaction', () => {
  it('is done as a whole or not at all, and returns what its work does', async (t) => {
    const { database } = await temporaryStore(t, { schemas });
    const add = (value: number) => database.run('INSERT INTO held VALUES (?)', value);
    const done = database.transaction(() => {
      add(1);
      add(2);
      return 'done';
    });
    assert.equal(done, 'done');
    const failure = new Error('no');
    const asynchronous = async (): Promise<void> => {
      add(3);
      assert.deepEqual(held(database), [1, 2, 3]);
      throw failure;
    };
    assert.throws(() => database.transaction(asynchronous), /synchronous/);
    assert.throws(
      () =>
        database.transaction(() => {
          add(4);
          throw failure;
        }),
      failure,
    );
    assert.deepEqual(held(database), [1, 2]);
  });

  it('within another is undone by itself, or with the other', async (t) => {
    const { database } = await temporaryStore(t, { schemas });
    const add = (value: number) => database.run('INSERT INTO held VALUES (?)', value);
    database.transaction(() => {
      add(1);
      assert.throws(
        () =>
          database.transaction(() => {
            add(2);
            database.transaction(() => add(3));
            throw new Error('inner');
          }),
        /inner/,
      );
      database.transaction(() => add(4));
    });
    assert.deepEqual(held(database), [1, 4]);
    assert.throws(
      () =>
        database.transaction(() => {
          database.transaction(() => add(5));
          throw new Error('outer');
        }),
      /outer/,
    );
    assert.deepEqual(held(database), [1, 4]);
  });

  it('that was undone leaves small blobs for the next one', async (t) => {
    const { database, blobs, directory, close } = await temporaryStore(t, { schemas });
    const blob = await blobs.write(chunksOf(bytesOf(1, 50)));
    assert.throws(
      () =>
        database.transaction(() => {
          database.run('INSERT INTO held VALUES (1)');
          throw new Error('no');
        }),
      /no/,
    );
    database.get('INSERT INTO held VALUES (?) RETURNING value', blob.id);
    await close();
    const again = await temporaryStore(t, { directory, schemas });
    assert.ok(bytesOf(1, 50).equals(await readAll(again.blobs, [blob])));
  });

  it('that finds no room is undone, and says so in a way that services can tell', async (t) => {
    const { database, blobs } = await temporaryStore(t, { schemas });
    database.run('INSERT INTO held VALUES (1)');
    const pages = database.get<{ page_count: number }>('PRAGMA page_count')!.page_count;
    database.get(`PRAGMA max_page_count = ${pages + 2}`);
    const isFull = (error: unknown): boolean => isStoreFault(error) && error.kind === 'full';
    assert.throws(() => database.run('INSERT INTO held VALUES (zeroblob(100000))'), isFull);
    // A work that goes on after the fault does not get half of itself committed.
    assert.throws(() =>
      database.transaction(() => {
        database.run('INSERT INTO held VALUES (2)');
        assert.throws(() => database.run('INSERT INTO held VALUES (zeroblob(100000))'), isFull);
        database.run('INSERT INTO held VALUES (3)');
        throw new Error('given up');
      }),
    );
    assert.throws(() =>
      database.transaction(() => {
        assert.throws(() => database.run('INSERT INTO held VALUES (zeroblob(100000))'), isFull);
        database.transaction(() => database.run('INSERT INTO held VALUES (6)'));
      }),
    );
    const blob = await blobs.write(chunksOf(bytesOf(1, 30_000)));
    assert.throws(() => database.run('INSERT INTO held VALUES (4)'), isFull);
    assert.deepEqual(held(database), [1]);
    database.get('PRAGMA max_page_count = 1000000');
    database.run('INSERT INTO held VALUES (5)');
    assert.deepEqual(held(database), [1, 5]);
    assert.equal((await readAll(blobs, [blob])).length, 30_000);
  });
});

describe('commits asked for at a time', () => {
  it('are done in order, each undone by itself when it fails, small blobs on board', async (t) => {
    const { database, blobs, directory, close } = await temporaryStore(t, { schemas });
    const blob = await blobs.write(chunksOf(bytesOf(1, 50)));
    const failure = new Error('no');
    const add = (value: SqlValue, error?: Error): Promise<number> =>
      database.commit(() => {
        const { changes } = database.run('INSERT INTO held VALUES (?)', value);
        if (error) throw error;
        return changes;
      });
    const outcomes = [add(1), add(2, failure), add(blob.id)];
    assert.deepEqual(held(database), []);
    assert.deepEqual(await Promise.allSettled(outcomes), [
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: failure },
      { status: 'fulfilled', value: 1 },
    ]);
    assert.equal(await add(3), 1);
    await close();
    const again = await temporaryStore(t, { directory, schemas });
    assert.deepEqual(held(again.database), [1, blob.id, 3]);
    assert.ok(bytesOf(1, 50).equals(await readAll(again.blobs, [blob])));
  });

  it('all fail where the disk has no room for them, and none of them is there', async (t) => {
    const { database } = await temporaryStore(t, { schemas });
    const pages = database.get<{ page_count: number }>('PRAGMA page_count')!.page_count;
    database.get(`PRAGMA max_page_count = ${pages + 2}`);
    const outcomes = [10, 100_000, 10].map((size) =>
      database.commit(() => database.run('INSERT INTO held VALUES (zeroblob(?))', size)),
    );
    for (const outcome of await Promise.allSettled(outcomes)) {
      assert.ok(outcome.status === 'rejected' && outcome.reason.kind === 'full', JSON.stringify(outcome));
    }
    assert.deepEqual(held(database), []);
  });
});
