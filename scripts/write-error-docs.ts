/** `npm run docs`: writes docs/errors.md from the catalogue of user errors. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorDocs } from './error-docs.ts';
import { root } from './node.js';

await writeFile(join(root, 'docs/errors.md'), errorDocs());
