import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openState } from './testing/s3.fixture.ts';

describe('groupCommit', () => {
  it('lets each piece of work succeed or fail alone', async () => {
    await using open = await openState();
    const { state } = open;
    const { database } = state.store;
    const insert = (name: string) => () => {
      database.run('INSERT INTO buckets (name, account, region, created) VALUES (?, ?, ?, 0)', name, 'a', 'r');
      if (name === 'refused') throw new Error('no');
      return name;
    };
    const results = await Promise.allSettled(['one', 'refused', 'two'].map((name) => state.commit(insert(name))));
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason))),
      ['one', 'Error: no', 'two'],
    );
    const rows = database.all<{ name: string }>('SELECT name FROM buckets ORDER BY name');
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['one', 'two'],
    );
  });

  it('commits what was asked for at the same time together, and tells nobody before', async () => {
    await using open = await openState();
    const { state } = open;
    const seen: string[] = [];
    const works = ['one', 'two', 'three'].map((name) =>
      state.commit(() => void seen.push(name)).then(() => seen.push(`${name} told`)),
    );
    assert.deepEqual(seen, []);
    await Promise.all(works);
    assert.deepEqual(seen, ['one', 'two', 'three', 'one told', 'two told', 'three told']);
  });

  it('fails all of a group whose commit fails', async () => {
    await using open = await openState();
    const { state } = open;
    const { database } = state.store;
    // Deferred, so that it is the commit which finds the violation.
    database.run('CREATE TABLE parent (id INTEGER PRIMARY KEY)');
    database.run('CREATE TABLE child (parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)');
    const results = await Promise.allSettled([
      state.commit(() => database.run('INSERT INTO parent VALUES (1)')),
      state.commit(() => database.run('INSERT INTO child VALUES (2)')),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(database.get<{ count: number }>('SELECT count(*) AS count FROM parent')?.count, 0);
    await state.commit(() => database.run('INSERT INTO parent VALUES (3)'));
    assert.equal(database.get<{ count: number }>('SELECT count(*) AS count FROM parent')?.count, 1);
  });
});
