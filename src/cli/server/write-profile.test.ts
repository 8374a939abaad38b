import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { localServer } from './testing/local-server.ts';
import { type ProfileFiles, writeProfile } from './write-profile.ts';

const server = localServer({ url: 'http://127.0.0.1:4566' });

describe('an AWS profile for the server', () => {
  let home: string;
  let files: ProfileFiles;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'whippet-profile-'));
    files = { config: join(home, '.aws/config'), credentials: join(home, '.aws/credentials') };
  });
  afterEach(() => rm(home, { recursive: true }));

  const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

  it('is written where there are no files, for the user alone', async () => {
    assert.deepEqual((await writeProfile(server, 'whippet', files)).changed, [files.config, files.credentials]);
    assert.match(
      await readFile(files.config, 'utf8'),
      /^\[profile whippet\]\nregion = eu-west-1\nendpoint_url = http:/,
    );
    assert.match(
      await readFile(files.credentials, 'utf8'),
      /^\[whippet\]\naws_access_key_id = AKIAEXAMPLE\naws_secret/,
    );
    assert.deepEqual([await modeOf(files.config), await modeOf(files.credentials)], ['600', '600']);
    assert.deepEqual((await readdir(join(home, '.aws'))).sort(), ['config', 'credentials']);
  });

  it('changes nothing when it is there already, and only itself when the server has moved', async () => {
    await mkdir(join(home, '.aws'));
    await writeFile(files.config, '[default]\nregion = us-west-2\n', { mode: 0o644 });
    await writeProfile(server, 'whippet', files);
    assert.deepEqual((await writeProfile(server, 'whippet', files)).changed, []);
    const moved = localServer({ url: 'http://127.0.0.1:5000' });
    assert.deepEqual((await writeProfile(moved, 'whippet', files)).changed, [files.config]);
    const text = await readFile(files.config, 'utf8');
    assert.ok(text.startsWith('[default]\nregion = us-west-2\n'));
    assert.match(text, /endpoint_url = http:\/\/127\.0\.0\.1:5000\n$/);
    // Others may have been meant to read it: it holds no key.
    assert.equal(await modeOf(files.config), '644');
  });

  it('follows a link to where the file really is', async () => {
    await mkdir(join(home, '.aws'));
    await writeFile(join(home, 'dotfiles-config'), '');
    await symlink(join(home, 'dotfiles-config'), files.config);
    await writeProfile(server, 'whippet', files);
    assert.match(await readFile(join(home, 'dotfiles-config'), 'utf8'), /whippet/);
  });

  for (const [what, config, credentials] of [
    ['a profile that goes to AWS', '[profile work]\nregion = us-east-1\n', ''],
    ['one that takes a role', '[profile work]\nendpoint_url = http://127.0.0.1:1\nrole_arn = arn:x\n', ''],
    ['one that goes to another machine', '[profile work]\nendpoint_url = https://s3.example.com\n', ''],
    ['keys without an address', '', '[work]\naws_access_key_id = AKIAREAL\n'],
  ] as const) {
    it(`leaves ${what} alone`, async () => {
      await mkdir(join(home, '.aws'));
      await writeFile(files.config, config);
      await writeFile(files.credentials, credentials);
      await assert.rejects(writeProfile(server, 'work', files), { code: 'WHIPPET_CLI_PROFILE' });
      assert.equal(await readFile(files.config, 'utf8'), config);
      assert.equal(await readFile(files.credentials, 'utf8'), credentials);
    });
  }

  it('says which file cannot be written', async () => {
    await writeFile(join(home, '.aws'), '');
    await assert.rejects(writeProfile(server, 'whippet', files), {
      code: 'WHIPPET_CLI_PROFILE_FILE',
      message: /not a folder/,
    });
  });
});
