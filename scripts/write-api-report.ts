/** `npm run api`: writes the reports of the public doors that a test compares, after a change that is meant. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiReport, publicDoors } from './api-report.ts';
import { root } from './node.js';

for (const door of publicDoors) {
  await writeFile(join(root, `test/architecture/${door}.api.txt`), apiReport(`src/${door}/index.ts`));
}
