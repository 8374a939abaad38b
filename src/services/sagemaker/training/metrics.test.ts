import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { metricReader, ownMetrics } from './metrics.ts';

const lines = (...texts: string[]) => texts.map((text, time) => ({ text, time }));
const never = (name: string): never => assert.fail(name);

test('the definitions of docs/container.md are those of its own metrics, and those of the test split', () => {
  const page = readFileSync(new URL('../../../../docs/container.md', import.meta.url), 'utf8');
  const [, shown = ''] = /```json\n(\[.*?\n\])\n```/s.exec(page) ?? [];
  const names = (JSON.parse(shown) as { Name: string }[]).map(({ Name }) => Name);
  assert.deepEqual(names, [...ownMetrics.map(({ Name }) => Name), 'test:accuracy']);
});

test("Whippet's own lines", () => {
  const read = metricReader(ownMetrics, never);
  const found = read(
    lines(
      'Data: 4 classes',
      'epoch=3 train:loss=1.234567 validation:loss=0.987654 validation:accuracy=0.736111 learning_rate=0.001900 seconds=0.041',
      'epoch=4 train:loss=nan validation:loss=inf validation:accuracy=0.5 learning_rate=1e-3 seconds=1',
      'final epoch=3 train:loss=1.234567 validation:loss=0.5 validation:accuracy=0.736111',
    ),
  );
  assert.deepEqual(
    found.map(({ name, value, time, epoch }) => [name, value, time, epoch]),
    [
      ['train:loss', 1.234567, 1, 3],
      ['train:loss', 1.234567, 3, null],
      ['validation:loss', 0.987654, 1, 3],
      ['validation:loss', 0.5, 3, null],
      ['validation:accuracy', 0.736111, 1, 3],
      ['validation:accuracy', 0.5, 2, 4],
      ['validation:accuracy', 0.736111, 3, null],
    ],
  );
});

test('an expression that comes to no end is given up, alone and once', () => {
  const givenUp: string[] = [];
  const definitions = [
    { Name: 'slow', Regex: '((?:a+)+)b' },
    { Name: 'loss', Regex: 'loss=(\\S+)' },
  ];
  const read = metricReader(definitions, (name) => givenUp.push(name));
  for (let at = 0; at < 2; at++) {
    assert.deepEqual(
      read(lines(`${'a'.repeat(100)} loss=-1.5e-3`)).map(({ name, value }) => [name, value]),
      [['loss', -0.0015]],
    );
  }
  assert.deepEqual(givenUp, ['slow']);
});

test('expressions see nothing of this process', () => {
  const read = metricReader([{ Name: 'm', Regex: '(1)|"+process.exit(3)+"' }], never);
  assert.deepEqual(
    read(lines('1')).map(({ value }) => value),
    [1],
  );
});

test('what captures no number is no value, and only the beginning of a line is looked at', () => {
  const read = metricReader([{ Name: 'm', Regex: 'm=(.*)' }], never);
  assert.deepEqual(read(lines('m=', 'm= ', 'm=much', `${' '.repeat(5000)}m=1`)), []);
});

test('expressions that always just end in time do not keep everybody waiting', () => {
  const givenUp: string[] = [];
  // Some milliseconds for each line, which grow with the cube of its length.
  const slow = Array.from({ length: 2 }, (_, at) => ({ Name: `slow-${at}`, Regex: `a*a*a*(b)${at}` }));
  const read = metricReader(
    [...slow, { Name: 'loss', Regex: 'loss=(\\S+) ' }],
    (name) => givenUp.push(name),
    () => 0,
  );
  for (let at = 0; at < 300 && givenUp.length < 2; at++) {
    const found = read(lines(`loss=1 ${'a'.repeat(300)}`));
    assert.deepEqual(
      found.map(({ name }) => name),
      ['loss'],
    );
  }
  assert.deepEqual(
    givenUp.sort(),
    slow.map(({ Name }) => Name),
  );
});
