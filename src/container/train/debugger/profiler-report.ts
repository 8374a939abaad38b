import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Profile,
  profilerReportJson,
  type ReportedJob,
  type RuleState,
  renderProfilerReport,
} from '../../../rules/index.ts';
import { fileName } from './rule-files.ts';

/** The report of each ProfilerReport rule, where AWS's own puts it: NAME/profiler-output/profiler-report.{html,json}. */
export function writeProfilerReports(
  folder: string,
  data: { readonly job: ReportedJob; readonly profile: Profile; readonly rules: readonly RuleState[] },
): void {
  for (const { rule, configuration } of data.rules) {
    if (rule !== 'ProfilerReport') continue;
    const output = join(folder, fileName(configuration), 'profiler-output');
    mkdirSync(output, { recursive: true });
    writeFileSync(join(output, 'profiler-report.html'), renderProfilerReport(data));
    writeFileSync(join(output, 'profiler-report.json'), profilerReportJson(data));
  }
}
