import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openLaboratory, place } from '../tuning/laboratory.fixture.ts';
import { insertTrainingJob } from './record.ts';
import { createRuleFeed, restartRules } from './rule-status.ts';

const rule = (RuleConfigurationName: string) => ({ RuleConfigurationName, RuleEvaluatorImage: 'whippet' });

/** A job with the rules Overfit and Overtraining, and what is written down of them. */
async function openJob(context: TestContext) {
  const { store } = await openLaboratory(context);
  const { database } = store;
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
    database
      .all<{ status: string; details: string | null; modified: number }>(
        'SELECT status, details, modified FROM training_rules ORDER BY position',
      )
      .map((row) => ({ ...row }));
  const clock = { now: () => new Date(1_000) };
  const feed = createRuleFeed(job.id, { database, clock }, (error) => assert.fail(String(error)));
  return { job, database, written, feed };
}

test('statuses of rules are written down together: the last of each, and none of a rule that the job has not', async (t) => {
  const { written, feed } = await openJob(t);
  const before = written();
  for (let at = 0; at < 10_000; at++) {
    feed.tell({ type: 'rule', configuration: 'Overfit', status: 'IssuesFound', details: `step ${at}` });
    feed.tell({ type: 'rule', configuration: `Unknown-${at}`, status: 'IssuesFound', details: undefined });
  }
  feed.tell({ type: 'rule', configuration: 'Overfit', status: 'Stopped', details: undefined });
  assert.deepEqual(written(), before, 'nothing is written for each event');
  feed.flush();
  assert.deepEqual(written(), [
    { status: 'Stopped', details: 'step 9999', modified: 1_000 },
    { status: 'InProgress', details: null, modified: 0 },
  ]);
});

test('what a rule found before a restart is not taken back', async (t) => {
  const { job, database, written, feed } = await openJob(t);
  feed.tell({ type: 'rule', configuration: 'Overfit', status: 'IssuesFound', details: 'step 5' });
  feed.tell({ type: 'rule', configuration: 'Overtraining', status: 'Stopped', details: undefined });
  feed.flush();
  restartRules(job.id, { database, now: new Date(2_000) });
  const found = { status: 'IssuesFound', details: 'step 5', modified: 1_000 };
  assert.deepEqual(written(), [found, { status: 'InProgress', details: null, modified: 2_000 }]);
  for (const status of ['InProgress', 'NoIssuesFound', 'Stopped'] as const) {
    feed.tell({ type: 'rule', configuration: 'Overfit', status, details: 'anew' });
    feed.flush();
    assert.deepEqual(written()[0], found);
  }
  feed.tell({ type: 'rule', configuration: 'Overfit', status: 'IssuesFound', details: 'step 9' });
  feed.flush();
  assert.equal(written()[0]?.details, 'step 9');
});
