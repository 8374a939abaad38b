/**
 * `npm run doors`: fails when a room imports what the rooms table does not allow, or when a public door exports something else than its
 * report says.
 */
import { readFile } from 'node:fs/promises';
import { apiReports, type PublicDoor, reportOf } from './api-report.ts';
import { checkDoors } from './doors.ts';
import { root } from './node.js';

const { modules, imports, findings } = await checkDoors(root);
for (const { from, to, rule } of findings) process.stderr.write(`${from} imports ${to}: ${rule}.\n`);

const changed: PublicDoor[] = [];
for (const [door, report] of apiReports()) {
  if ((await readFile(reportOf(door), 'utf8')) !== report) changed.push(door);
}
for (const door of changed) {
  process.stderr.write(
    `whippet/${door} exports something else than ${reportOf(door)} says: npm run api, if that is meant.\n`,
  );
}

process.stdout.write(
  `Doors: ${modules} modules, ${imports} imports, ${findings.length} forbidden; ${changed.length} public doors changed.\n`,
);
process.exitCode = findings.length + changed.length === 0 ? 0 : 1;
