import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { catalogue, isWhippetError, reviveError, userError } from './index.ts';

const folder = new URL('./catalogue/', import.meta.url);

describe('the catalogue of user errors', () => {
  it('holds every definition of every file, once, under a code that names its room', async () => {
    const files = await readdir(folder);
    const source = new URL('../', import.meta.url);
    const folders = [...(await readdir(source)), ...(await readdir(new URL('engine/', source)))];
    const rooms = [...folders, ...files].map((name) => name.replace('.ts', '').toUpperCase()).join('|');
    const codes: string[] = [];
    for (const file of files) {
      const [definitions] = Object.values<object>(await import(new URL(file, folder).href));
      codes.push(...Object.keys(definitions ?? {}));
    }
    for (const code of codes) assert.match(code, new RegExp(`^WHIPPET_(${rooms})_[A-Z0-9]+(_[A-Z0-9]+)*$`));
    // A code of two files would be there once in the catalogue and twice here.
    assert.deepEqual(codes.sort(), Object.keys(catalogue).sort());
  });
});

describe('a user error', () => {
  const error = userError('WHIPPET_ONNX_MALFORMED', { source: 'a.onnx', reason: 'it holds no graph' });

  it('says what happened with the values received, and what to do', () => {
    assert.equal(error.message, 'a.onnx is not a readable ONNX model: it holds no graph.');
    assert.match(error.remedy, /^Check that the file was copied completely/);
    assert.equal(error.exitCode, 1);
    assert.ok(isWhippetError(error));
    assert.ok(!isWhippetError(new Error('other')));
  });

  it('computes its remedy from the values where it depends on them, and keeps its cause', () => {
    const cause = new Error('why');
    const usage = userError(
      'WHIPPET_CLI_USAGE',
      { problem: 'Unknown option --bacth.', help: 'Did you mean --batch?' },
      cause,
    );
    assert.equal(usage.remedy, 'Did you mean --batch?');
    assert.equal(usage.exitCode, 2);
    assert.equal(usage.cause, cause);
  });

  it('crosses a process boundary as JSON', () => {
    const revived = reviveError(JSON.parse(JSON.stringify(error)));
    assert.ok(isWhippetError(revived));
    assert.deepEqual(revived.toJSON(), error.toJSON());
    assert.equal(revived.exitCode, 1);
  });

  it('is not made of codes that the catalogue does not know', () => {
    for (const code of ['ENOENT', 'toString', '__proto__']) {
      const revived = reviveError({ code, message: 'no such file', remedy: '' });
      assert.ok(!isWhippetError(revived));
      assert.equal(revived.message, `${code}: no such file`);
    }
  });
});
