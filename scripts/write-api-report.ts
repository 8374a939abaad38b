/** `npm run api`: writes the reports of the public doors that `npm run doors` compares, after a change that is meant. */
import { writeFile } from 'node:fs/promises';
import { apiReports, reportOf } from './api-report.ts';

for (const [door, report] of apiReports()) await writeFile(reportOf(door), report);
