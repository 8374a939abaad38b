/** `npm run doors`: fails when a room imports what the rooms table does not allow. */
import { checkDoors } from './doors.ts';
import { root } from './node.js';

const { modules, imports, findings } = await checkDoors(root);
for (const { from, to, rule } of findings) process.stderr.write(`${from} imports ${to}: ${rule}.\n`);
process.stdout.write(`Doors: ${modules} modules, ${imports} imports, ${findings.length} forbidden.\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
