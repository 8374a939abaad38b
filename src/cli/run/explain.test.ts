import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import type { Context } from '../context.ts';
import { runExplain } from './explain.ts';

test('a folder in place of a picture is named as one', async () => {
  const request = { model: 'nowhere', picture: tmpdir(), flags: { out: 'explanation.html', neighbours: 0 } };
  await assert.rejects(runExplain(request, {} as Context), {
    code: 'WHIPPET_IMAGE_FOLDER',
    message: `${tmpdir()} is a folder, and explain takes one picture.`,
    remedy: /predict/,
  });
});
