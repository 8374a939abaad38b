/** `npm run docs`: writes what is written from code: docs/errors.md and docs/services/. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorDocs } from './error-docs.ts';
import { root } from './node.js';
import { serviceDocs } from './service-docs.ts';

await writeFile(join(root, 'docs/errors.md'), errorDocs());
await mkdir(join(root, 'docs/services'), { recursive: true });
for (const [name, text] of await serviceDocs()) await writeFile(join(root, 'docs/services', name), text);
