import { adviceOn } from './advice.ts';
import { type ProfilerReportData, profilerReportFormat } from './report-data.ts';

/** The same report for machines: profiler-report.json. Numbers that are not finite become null. */
export function profilerReportJson(data: ProfilerReportData): string {
  const { job, profile, rules } = data;
  return `${JSON.stringify({ format: profilerReportFormat, job, advice: adviceOn(data), rules, profile }, null, 1)}\n`;
}
