import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { checkDoors } from '../../scripts/doors.ts';

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** A project of its own: the given files and a package.json that declares sharp and tar. */
async function project(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-doors-'));
  folders.push(folder);
  const manifest = { dependencies: { sharp: '1', tar: '1' }, devDependencies: { 'fast-check': '1' } };
  for (const [path, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

async function findings(files: Record<string, string>): Promise<string[]> {
  const report = await checkDoors(await project(files));
  return report.findings.map(({ from, to, rule }) => `${from} → ${to}: ${rule}`);
}

const engine = {
  'src/engine/index.ts': 'export const a = 1;',
  'src/engine/inner.ts': 'export type T = 1; export const b = 2;',
};

/** Whether this project respects them is what `npm run doors` says. */
describe('the doors between rooms', () => {
  it('let through what the table allows, and types from anywhere', async () => {
    const files = {
      ...engine,
      'src/cli/main.ts':
        "import { a } from '../engine/index.ts'; import type { T } from '../engine/inner.ts'; import 'node:fs';",
      'src/errors/index.ts': "import { type T } from '../engine/inner.ts'; export const e = 1;",
    };
    assert.deepEqual(await findings(files), []);
  });

  it('stop an import that the table does not allow', async () => {
    const files = { ...engine, 'src/errors/index.ts': "import { a } from '../engine/index.ts'; export const e = a;" };
    assert.deepEqual(await findings(files), ['src/errors/index.ts → ../engine/index.ts: errors may not import engine']);
  });

  it('let tests use the leaves', async () => {
    const files = {
      'src/net/a.test.ts': "import { r } from '../random/index.ts'; r();",
      'src/random/index.ts': 'export const r = 1;',
    };
    assert.deepEqual(await findings(files), []);
  });

  it('stop an import past the door', async () => {
    const files = { ...engine, 'src/cli/main.ts': "import { b } from '../engine/inner.ts'; export const c = b;" };
    assert.deepEqual(await findings(files), [
      'src/cli/main.ts → ../engine/inner.ts: engine is entered by its door, src/engine/index.ts',
    ]);
  });

  it('keep services apart, each behind a door of its own', async () => {
    const services = {
      'src/services/operation.ts': 'export const o = 1;',
      'src/services/s3/index.ts':
        "import { o } from '../operation.ts'; import { e } from './errors.ts'; export const s = o + e;",
      'src/services/s3/errors.ts': 'export const e = 1;',
      'src/services/iam/index.ts': "import type { T } from '../s3/state.ts'; export const i = 1;",
      'src/services/s3/state.ts': 'export type T = 1;',
      'src/server/index.ts':
        "import { s } from '../services/s3/index.ts'; import { o } from '../services/operation.ts'; s + o;",
    };
    assert.deepEqual(await findings(services), []);
    const sibling = {
      ...services,
      'src/services/iam/role.ts': "import { s } from '../s3/index.ts'; export const r = s;",
    };
    assert.deepEqual(await findings(sibling), [
      'src/services/iam/role.ts → ../s3/index.ts: a service may not import its sibling',
    ]);
    const past = {
      ...services,
      'src/server/past.ts': "import { e } from '../services/s3/errors.ts'; export const p = e;",
    };
    assert.deepEqual(await findings(past), [
      'src/server/past.ts → ../services/s3/errors.ts: services is entered by its door, src/services/s3/index.ts',
    ]);
  });

  it('stop a room that the table does not know', async () => {
    const files = { ...engine, 'src/utils/index.ts': "export { a } from '../engine/index.ts';" };
    assert.deepEqual(await findings(files), ['src/utils/index.ts → ../engine/index.ts: utils may not import engine']);
  });

  it('stop dynamic imports and re-exports too', async () => {
    const files = { ...engine, 'src/random/index.ts': "export const load = () => import('../engine/index.ts');" };
    assert.equal((await findings(files)).length, 1);
  });

  it('stop cycles', async () => {
    const files = {
      'src/engine/a.ts': "import { b } from './b.ts'; export const a = () => b;",
      'src/engine/b.ts': "import { c } from './c.ts'; export const b = () => c;",
      'src/engine/c.ts': "import { a } from './a.ts'; export const c = () => a;",
      'src/engine/d.ts': "import type { E } from './e.ts'; export type D = E;",
      'src/engine/e.ts': "import type { D } from './d.ts'; export type E = D | 1;",
    };
    const found = await findings(files);
    assert.equal(found.length, 1);
    assert.match(found[0]!, /cycle: src\/engine\/a\.ts → src\/engine\/b\.ts → src\/engine\/c\.ts → src\/engine\/a\.ts/);
  });

  it('keep a library in its file, and only one file of a library that belongs to one', async () => {
    const files = {
      'src/engine/image/codec.ts': "import sharp from 'sharp'; export const s = sharp;",
      'src/engine/image/other.ts': "import sharp from 'sharp'; export const s = sharp;",
      'src/engine/archive.ts': "import { list } from 'tar'; export const l = list;",
      'src/engine/download.ts': "import { list } from 'tar'; export const l = list;",
    };
    const found = await findings(files);
    assert.equal(found.filter((line) => line.startsWith('src/engine/image/other.ts → sharp')).length, 2);
    assert.ok(found.includes('src/engine/download.ts → tar: src/engine/archive.ts imports it already, one file may'));
    assert.equal(found.length, 3);
  });

  it('stop packages that package.json does not declare, and development packages outside tests', async () => {
    const files = {
      'src/engine/index.ts': "import x from 'left-pad'; import fc from 'fast-check'; export const y = [x, fc];",
      'src/engine/a.test.ts': "import fc from 'fast-check'; export const y = fc;",
      'src/engine/b.ts': "import { z } from './missing.ts'; export const y = z;",
    };
    assert.deepEqual(await findings(files), [
      'src/engine/b.ts → ./missing.ts: it is no file below src/',
      'src/engine/index.ts → fast-check: package.json does not declare it',
      'src/engine/index.ts → left-pad: package.json does not declare it',
    ]);
  });

  it('do not pass for want of modules', async () => {
    await assert.rejects(async () => checkDoors(await project({ 'src/readme.md': '' })), /Only 0 modules were read/);
  });
});
