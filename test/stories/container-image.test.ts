import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { repository } from './whippet.ts';

/** The image itself is built where Docker is; here, that it could be. */
describe('the Dockerfile', async () => {
  const read = (name: string): Promise<string> => readFile(join(repository, name), 'utf8');
  // Instructions may go on over several lines.
  const instructions = (await read('Dockerfile'))
    .replace(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const copied = instructions
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(/\s+/).slice(1, -1));

  it('copies what there is, and .dockerignore lets it through', async () => {
    const allowed = (await read('.dockerignore')).split('\n').filter((line) => line.startsWith('!'));
    assert.ok(copied.length >= 10);
    for (const name of copied) {
      assert.ok(existsSync(join(repository, name)), `${name} exists`);
      assert.ok(allowed.includes(`!${name.replace(/\/$/, '')}`), `${name} is in the build context`);
    }
  });

  it('copies all that the package is made of', async () => {
    const pack = await read('scripts/pack.ts');
    const [, list = ''] = /for \(const name of \[(.*?)\]\)/.exec(pack) ?? [];
    const packed = [...list.matchAll(/'([^']+)'/g)].map(([, name]) => name as string);
    assert.ok(packed.length >= 5);
    for (const name of packed.filter((one) => one !== 'dist')) {
      assert.ok(
        copied.some((one) => one.replace(/\/$/, '') === name),
        `${name} is copied`,
      );
    }
  });

  it('starts a command that there is, by its exec form, as no root', async () => {
    const entry = instructions.find((line) => line.startsWith('ENTRYPOINT '))?.slice('ENTRYPOINT '.length) ?? '';
    const [program, command] = JSON.parse(entry) as string[];
    const { bin } = JSON.parse(await read('package.json')) as { bin: Record<string, string> };
    assert.ok(program && bin[program] && existsSync(join(repository, bin[program])));
    assert.equal(command, 'container');
    assert.match(await read('src/cli/program.ts'), /name: 'container'/);
    assert.ok(instructions.includes('ARG RUN_AS=node'));
    assert.ok(instructions.some((line) => /^USER \$\{RUN_AS\}$/.test(line)));
  });
});
