import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { metricReader, ownMetrics } from './metrics.ts';

const lines = (...texts: string[]) => texts.map((text, time) => ({ text, time }));
const never = (text: string): never => assert.fail(text);
const tooLong = (name: string) =>
  `The regular expression of the metric "${name}" takes too long; it is not looked for any more.`;

test('the definitions of docs/container.md are those of its own metrics, and those of the test split', () => {
  const page = readFileSync(new URL('../../../../docs/container.md', import.meta.url), 'utf8');
  const [, shown = ''] = /```json\n(\[.*?\n\])\n```/s.exec(page) ?? [];
  const testAccuracy = { Name: 'test:accuracy', Regex: 'test:accuracy=([-+0-9.eE]+)' };
  assert.deepEqual(JSON.parse(shown), [...ownMetrics, testAccuracy]);
});

test("Whippet's own lines", () => {
  const read = metricReader(ownMetrics);
  const found = read(
    lines(
      'Data: 4 classes',
      'epoch=3 train:loss=1.234567 validation:loss=0.987654 validation:accuracy=0.736111 validation:calibrated_loss=0.876543 learning_rate=0.001900 seconds=0.041',
      'epoch=4 train:loss=nan validation:loss=inf validation:accuracy=0.5 learning_rate=1e-3 seconds=1',
      'final epoch=3 train:loss=1.234567 validation:loss=0.5 validation:accuracy=0.736111',
    ),
    never,
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
  const told: string[] = [];
  const definitions = [
    { Name: 'slow', Regex: '((?:a+)+)b' },
    { Name: 'loss', Regex: 'loss=(\\S+)' },
  ];
  const read = metricReader(definitions);
  for (let at = 0; at < 2; at++) {
    assert.deepEqual(
      read(lines(`${'a'.repeat(100)} loss=-1.5e-3`), (text) => told.push(text)).map(({ name, value }) => [name, value]),
      [['loss', -0.0015]],
    );
  }
  assert.deepEqual(told, [tooLong('slow')]);
});

test("Whippet's own expressions are never given up, whatever else the machine has to do", () => {
  const told: string[] = [];
  const read = metricReader(ownMetrics, () => 0);
  const many = lines(...new Array<string>(40_000).fill('train:los validation:los '.repeat(160)));
  for (let turn = 0; turn < 2; turn++) read(many, (text) => told.push(text));
  assert.equal(told.length, 0);
  assert.deepEqual(
    read(lines('final epoch=3 validation:loss=0.5'), (text) => told.push(text)).map(({ value }) => value),
    [0.5],
  );
});

test('expressions see nothing of this process', () => {
  const read = metricReader([{ Name: 'm', Regex: '(1)|"+process.exit(3)+"' }]);
  assert.deepEqual(
    read(lines('1'), never).map(({ value }) => value),
    [1],
  );
});

test('what captures no number is no value, and only the beginning of a line is looked at', () => {
  const read = metricReader([{ Name: 'm', Regex: 'm=(.*)' }]);
  assert.deepEqual(read(lines('m=', 'm= ', 'm=much', `${' '.repeat(5000)}m=1`), never), []);
});

test('expressions that always just end in time do not keep everybody waiting', () => {
  const told: string[] = [];
  // Some milliseconds for each line, which grow with the cube of its length.
  const slow = Array.from({ length: 2 }, (_, at) => ({ Name: `slow-${at}`, Regex: `a*a*a*(b)${at}` }));
  const read = metricReader([...slow, { Name: 'loss', Regex: 'loss=(\\S+) ' }], () => 0);
  for (let at = 0; at < 300 && told.length < 2; at++) {
    const found = read(lines(`loss=1 ${'a'.repeat(300)}`), (text) => told.push(text));
    assert.deepEqual(
      found.map(({ name }) => name),
      ['loss'],
    );
  }
  assert.deepEqual(
    told.sort(),
    slow.map(({ Name }) => tooLong(Name)),
  );
});

test('many expressions that come to no end have no more than their budget in one turn, and leave some to the others', () => {
  const told: string[] = [];
  const slow = Array.from({ length: 24 }, (_, at) => ({ Name: `slow-${at}`, Regex: `((a|aa)+)$${at}b` }));
  const read = metricReader([...slow, { Name: 'loss', Regex: 'loss=(\\S+) ' }], () => 0);
  const before = process.cpuUsage();
  const found = read(lines(`loss=1 ${'a'.repeat(4000)}!`), (text) => told.push(text));
  const { user, system } = process.cpuUsage(before);
  assert.deepEqual(
    found.map(({ value }) => value),
    [1],
  );
  assert.equal(told.length, slow.length);
  // The budget is half a second; each with its own patience would take 2.4.
  assert.ok((user + system) / 1e6 < 1.4, `${(user + system) / 1e6} s of processor`);
});

test('of more values than the budget the last are kept, of each metric at least one; it is said once', () => {
  let time = 0;
  const told: string[] = [];
  const names = ['rare', 'a', 'b'];
  const read = metricReader(
    names.map((name) => ({ Name: name, Regex: `${name}=(\\d+)` })),
    () => time,
  );
  const flood = lines('rare=7', ...Array.from({ length: 8000 }, (_, at) => `a=${at} b=${at}`));
  const counts = () => {
    const found = read(flood, (text) => told.push(text));
    for (const name of names)
      assert.equal(found.findLast((each) => each.name === name)?.value, name === 'rare' ? 7 : 7999);
    return found.length;
  };
  assert.ok(counts() > 9000, 'what one metric leaves is for the others');
  assert.equal(counts(), 3);
  time += 1000;
  const later = counts();
  assert.ok(later > 600 && later <= 1000, `${later}`);
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /faster than they are kept.*10000 at once and 1000 a second/);
});
