/** What the pages of the documentation show: their code blocks, for tests that run them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from './whippet.ts';

/** The code blocks of a page that are marked as of this language, in order. */
export async function blocksOf(page: string, language: string): Promise<string[]> {
  const text = await readFile(join(repository, page), 'utf8');
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return blocks.filter(([, marked]) => marked === language).map(([, , block]) => block ?? '');
}

/** `npx whippet` as in a project that has installed it; any free port, as those of the pages may be in use here. */
export const npx = `#!/bin/sh
shift
case "$1 $2" in
  'up '*|'container serve') exec ${join(repository, 'bin/whippet')} "$@" --port 0;;
esac
exec ${join(repository, 'bin/whippet')} "$@"
`;
