/** `npm run api`: writes the reports of the public doors that a test compares, after a change that is meant. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiReport } from './api-report.ts';
import { root } from './node.js';

await writeFile(join(root, 'test/architecture/engine.api.txt'), apiReport('src/engine/index.ts'));
