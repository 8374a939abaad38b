import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Dataset } from './dataset.ts';
import { readDataset } from './read.ts';
import { dataFolder } from './testing/folder.ts';

const files = { 'x/1.jpg': 'one', 'x/2.jpg': 'two', 'x/3, big.jpg': 'three', 'über/4.jpg': 'four' };

function withTable(t: TestContext, table: string, groupBy?: string): Promise<Dataset> {
  const root = dataFolder(t, files);
  const labelsFile = join(root, 'labels.csv');
  writeFileSync(labelsFile, table);
  return readDataset(root, { labelsFile, groupBy });
}

const listed = ({ samples, classes }: Dataset): string[] =>
  samples.map(({ split, label, name, group }) => [split, classes[label], name, group].filter(Boolean).join(' ')).sort();

test('path and label suffice; quotes, a byte order mark and CRLF are understood', async (t) => {
  const table = '\uFEFF"path",label\r\nx/1.jpg,cat\r\n"x/3, big.jpg","the ""dog"""\r\n\r\nüber/4.jpg, cat \r\n';
  const dataset = await withTable(t, table);
  assert.equal(dataset.layout, 'csv');
  assert.deepEqual(dataset.classes, ['cat', 'the "dog"']);
  assert.deepEqual(dataset.samples.map(({ name }) => name).sort(), ['x/1.jpg', 'x/3, big.jpg', 'über/4.jpg']);
});

test('split and group columns in any order, semicolons, backslashes', async (t) => {
  const table = 'Group;Split;Label;Path\ng1;train;cat;x\\1.jpg\ng1;TRAIN;dog;x/2.jpg\n;val;dog;über/4.jpg\n';
  const dataset = await withTable(t, table);
  assert.deepEqual(listed(dataset), ['train cat x/1.jpg g1', 'train dog x/2.jpg g1', 'valid dog über/4.jpg']);
});

test('another column may be the group', async (t) => {
  const dataset = await withTable(t, 'path,label,patient\nx/1.jpg,a,p7\nx/2.jpg,b,p7\n', 'patient');
  assert.deepEqual(
    dataset.samples.map(({ group }) => group),
    ['p7', 'p7'],
  );
  assert.equal(new Set(dataset.samples.map(({ split }) => split)).size, 1);
  await assert.rejects(withTable(t, 'path,label\nx/1.jpg,a\n', 'patient'), { code: 'WHIPPET_DATASET_LABELS_COLUMN' });
});

const mistakes: readonly (readonly [what: string, table: string, code: string, message: RegExp])[] = [
  ['a missing column', 'file,label\nx/1.jpg,a\n', 'COLUMN', /no column "path"; its first line says: file, label/],
  ['an empty table', '', 'COLUMN', /no column "path"/],
  [
    'an unknown file',
    'path,label\nx/1.jpg,a\nx/9.jpg,b\nx/8.jpg,b\n',
    'MISSING_FILES',
    /2 file.*x\/9\.jpg \(line 3\), x\/8\.jpg \(line 4\)/,
  ],
  ['a folder', 'path,label\nx,a\n', 'MISSING_FILES', /x \(line 2\)/],
  ['an empty label', 'path,label\n\nx/1.jpg,\n', 'LINE', /line 3: the label is empty/],
  ['an empty path', 'path,label\n,a\n', 'LINE', /line 2: the path is empty/],
  ['an unknown split', 'path,label,split\nx/1.jpg,a,trian\n', 'LINE', /line 2: the split is "trian"/],
  ['a contradiction', 'path,label\nx/1.jpg,a\nx/2.jpg,a\n./x/1.jpg,b\n', 'LINE', /line 4: x\/1\.jpg is said.*line 2/],
  ['an open quote', 'path,label\nx/1.jpg,"a\nx/2.jpg,b\n', 'LINE', /line \d+: .*[Qq]uote/],
];

for (const [what, table, code, message] of mistakes) {
  test(`${what} is an error that says where`, async (t) => {
    await assert.rejects(withTable(t, table), { code: `WHIPPET_DATASET_LABELS_${code}`, message });
  });
}

test('a repeated row is only a warning; a table that is not there is an error', async (t) => {
  const dataset = await withTable(t, 'path,label\nx/1.jpg,a\nx/1.jpg,a\nx/2.jpg,b\n');
  assert.equal(dataset.samples.length, 2);
  const labelsFile = join(dataset.root, 'nowhere.csv');
  await assert.rejects(readDataset(dataset.root, { labelsFile }), { code: 'WHIPPET_DATASET_LABELS_UNREADABLE' });
});
