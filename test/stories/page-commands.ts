import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from './whippet.ts';

/** Lines of a page's code blocks that start with `npx whippet`: their arguments, without comments. */
export async function commandsOf(page: string): Promise<string[][]> {
  const text = await readFile(join(repository, page), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map((match) => match[1] ?? '');
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line.startsWith('npx whippet '))
    .map((line) => line.split(/\s+/).slice(2));
}
