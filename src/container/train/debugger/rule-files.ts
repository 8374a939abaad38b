import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EarlierState, Finding, RuleState } from '../../../rules/index.ts';
import { isObject } from '../config-file.ts';

/**
 * NAME.json for each rule: the names of DescribeTrainingJob's RuleEvaluationStatuses, with the findings beside.
 * @param job name of the training job, where it is known
 * @throws as the disk does
 */
export function writeRuleFiles(folder: string, states: readonly RuleState[], job: string | undefined): void {
  if (states.length > 0) mkdirSync(folder, { recursive: true });
  for (const { configuration, rule, status, details, findings, firstStep } of states) {
    const content = {
      ...(job !== undefined && { TrainingJobName: job }),
      RuleConfigurationName: configuration,
      Rule: rule,
      RuleEvaluationStatus: status,
      ...(details !== undefined && { StatusDetails: details }),
      ...(firstStep !== undefined && { FirstStep: firstStep }),
      Findings: findings,
    };
    const path = join(folder, `${fileName(configuration)}.json`);
    writeFileSync(`${path}.part`, `${JSON.stringify(content, null, 2)}\n`);
    renameSync(`${path}.part`, path);
  }
}

/** What an earlier attempt at this job has written there: nothing where there is no such folder, file or form. */
export function readRuleFiles(folder: string, job: string | undefined): EarlierState[] {
  return namesIn(folder).flatMap((name) => {
    const content = readJson(join(folder, name));
    if (!isObject(content) || content.TrainingJobName !== job) return [];
    const { RuleConfigurationName: configuration, Rule: rule, Findings: findings, FirstStep: step } = content;
    if (typeof configuration !== 'string' || typeof rule !== 'string' || !Array.isArray(findings)) return [];
    const firstStep = Number.isSafeInteger(step) ? (step as number) : undefined;
    return [{ configuration, rule, findings: findings.filter(isFinding), firstStep }];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isFinding(value: unknown): value is Finding {
  if (!isObject(value)) return false;
  const { rule, message, advice, value: measured, threshold } = value;
  return (
    [rule, message, advice].every((text) => typeof text === 'string') && [measured, threshold].every(Number.isFinite)
  );
}

/** RuleConfigurationName may be any text of 256 characters. */
export function fileName(configuration: string): string {
  return configuration.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_');
}
