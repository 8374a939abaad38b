import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLaboratory, place } from '../tuning/laboratory.fixture.ts';
import { insertTrainingJob } from './record.ts';
import { createRuleFeed } from './rule-status.ts';

test('statuses of rules are written down together: the last of each, and none of a rule that the job has not', async (t) => {
  const { store } = await openLaboratory(t);
  const { database } = store;
  const rule = (RuleConfigurationName: string) => ({ RuleConfigurationName, RuleEvaluatorImage: 'whippet' });
  const job = insertTrainingJob(
    {
      ...{
        TrainingJobName: 'dogs',
        RoleArn: 'arn:aws:iam::000000000000:role/r',
        OutputDataConfig: { S3OutputPath: 's3://b' },
      },
      DebugRuleConfigurations: [rule('Overfit'), rule('Overtraining')],
    },
    { place, now: new Date(0) },
    database,
  );
  const written = () =>
    database.all<{ status: string; details: string | null; modified: number }>(
      'SELECT status, details, modified FROM training_rules ORDER BY position',
    );
  const clock = { now: () => new Date(1_000) };
  const feed = createRuleFeed(job.id, { database, clock }, (error) => assert.fail(String(error)));
  const before = written();
  for (let at = 0; at < 10_000; at++) {
    feed.tell({ type: 'rule', configuration: 'Overfit', status: 'IssuesFound', details: `step ${at}` });
    feed.tell({ type: 'rule', configuration: `Unknown-${at}`, status: 'IssuesFound', details: undefined });
  }
  feed.tell({ type: 'rule', configuration: 'Overfit', status: 'Stopped', details: undefined });
  assert.deepEqual(written(), before, 'nothing is written for each event');
  feed.flush();
  assert.deepEqual(
    written().map((row) => ({ ...row })),
    [
      { status: 'Stopped', details: 'step 9999', modified: 1_000 },
      { status: 'InProgress', details: null, modified: 0 },
    ],
  );
});
