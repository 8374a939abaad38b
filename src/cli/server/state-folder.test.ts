import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isState, stateFolder } from './state-folder.ts';

describe('the state folder that is meant', () => {
  let home: string;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'whippet-folder-'));
    await mkdir(join(home, 'project/.whippet'), { recursive: true });
    await writeFile(join(home, 'project/.whippet/credentials.json'), '{}');
    // Something else of that name is on the way, and no state.
    await mkdir(join(home, 'project/src/deep/.whippet'), { recursive: true });
  });
  after(() => rm(home, { recursive: true }));

  it('is the one named, by flag before variable', () => {
    assert.equal(stateFolder({ flag: 'x', variable: '/y', cwd: home }), join(home, 'x'));
    assert.equal(stateFolder({ variable: '/y', cwd: home }), '/y');
  });

  it('is else the nearest upwards', () => {
    assert.equal(stateFolder({ cwd: join(home, 'project/src/deep') }), join(home, 'project/.whippet'));
    assert.equal(stateFolder({ cwd: join(home, 'project') }), join(home, 'project/.whippet'));
  });

  it('is else a new one here', () => assert.equal(stateFolder({ cwd: home }), join(home, '.whippet')));

  it('is known by what a server leaves in it', () => {
    assert.equal(isState(join(home, 'project/.whippet')), true);
    assert.equal(isState(home), false);
    assert.equal(isState(join(home, 'nowhere')), false);
  });
});
