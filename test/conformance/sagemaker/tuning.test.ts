import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import {
  CreateHyperParameterTuningJobCommand,
  type CreateHyperParameterTuningJobRequest,
  DescribeHyperParameterTuningJobCommand,
  DescribeTrainingJobCommand,
  type HyperParameterTrainingJobDefinition,
  type HyperParameterTuningJobConfig,
  ListHyperParameterTuningJobsCommand,
  ListTagsCommand,
  ListTrainingJobsForHyperParameterTuningJobCommand,
  paginateListTrainingJobsForHyperParameterTuningJob,
  StopHyperParameterTuningJobCommand,
} from '@aws-sdk/client-sagemaker';
import { tuningJobEnded } from '../../training/driver.ts';
import { brief, endless, type Ground, openGround } from './ground.ts';

let ground: Ground;
before(async () => {
  ground = await openGround();
});
after(() => ground.close());

interface More {
  readonly config?: Partial<HyperParameterTuningJobConfig>;
  readonly definition?: Partial<HyperParameterTrainingJobDefinition>;
  readonly request?: Partial<CreateHyperParameterTuningJobRequest>;
}

const batches = { CategoricalParameterRanges: [{ Name: 'batch_size', Values: ['16', '32'] }] };

function request(name: string, { config, definition, request: more }: More = {}): CreateHyperParameterTuningJobRequest {
  const { TrainingJobName: _, HyperParameters, AlgorithmSpecification, ...job } = ground.job('x');
  return {
    HyperParameterTuningJobName: name,
    HyperParameterTuningJobConfig: {
      Strategy: 'Bayesian',
      HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:loss' },
      ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 2 },
      ParameterRanges: batches,
      ...config,
    },
    TrainingJobDefinition: {
      ...(job as HyperParameterTrainingJobDefinition),
      AlgorithmSpecification: { TrainingImage: 'whippet', TrainingInputMode: 'File' },
      StaticHyperParameters: brief,
      ...definition,
    },
    ...more,
  };
}

const create = (name: string, more?: More) =>
  ground.aws.sagemaker.send(new CreateHyperParameterTuningJobCommand(request(name, more)));

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail('it was not refused'),
    (reason: Error) => reason,
  );
  return `${error.name}: ${error.message}`;
}

const refused = (more: More): Promise<string> => refusal(create('refused', more));

describe('validation', () => {
  test('what is not served is refused by name', async () => {
    const { TrainingJobDefinition: definition } = request('x');
    const parents = [{ HyperParameterTuningJobName: 'parent' }];
    const cases: [More, string][] = [
      [
        { config: { Strategy: 'Hyperband' } },
        'HyperParameterTuningJobConfig.Strategy of CreateHyperParameterTuningJob is not supported by Whippet (received "Hyperband")',
      ],
      [
        {
          request: { WarmStartConfig: { ParentHyperParameterTuningJobs: parents, WarmStartType: 'TransferLearning' } },
        },
        'WarmStartConfig of',
      ],
      [{ request: { TrainingJobDefinitions: [definition as never] } }, 'TrainingJobDefinitions of'],
      [{ request: { Autotune: { Mode: 'Enabled' } } }, 'Autotune of'],
      [
        { config: { ParameterRanges: { ...batches, AutoParameters: [{ Name: 'a', ValueHint: '1' }] } } },
        'HyperParameterTuningJobConfig.ParameterRanges.AutoParameters of',
      ],
      [
        { config: { TuningJobCompletionCriteria: { ConvergenceDetected: { CompleteOnConvergence: 'Enabled' } } } },
        'HyperParameterTuningJobConfig.TuningJobCompletionCriteria.ConvergenceDetected.CompleteOnConvergence of',
      ],
      [{ definition: { EnableManagedSpotTraining: true } }, 'TrainingJobDefinition.EnableManagedSpotTraining of'],
      [
        { definition: { TuningObjective: { Type: 'Maximize', MetricName: 'm' } } },
        'TrainingJobDefinition.TuningObjective of',
      ],
      [
        { definition: { OutputDataConfig: { S3OutputPath: 's3://photos/out', KmsKeyId: 'k' } } },
        'TrainingJobDefinition.OutputDataConfig.KmsKeyId of',
      ],
    ];
    for (const [more, name] of cases) {
      const said = await refused(more);
      assert.ok(said.startsWith(`NotImplemented: ${name}`) && said.includes('not supported by Whippet'), said);
    }
  });

  test('an objective is one of the metrics, and never one of the test split', async () => {
    const objective = (MetricName: string, definition = {}) =>
      refused({ config: { HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName } }, definition });
    const missing =
      'ValidationException: A metric is required for this hyperparameter tuning job objective. Provide a metric in the metric definitions. ';
    assert.equal(
      await objective('accuracy'),
      `${missing}"accuracy" is none of those that there are without definitions: train:loss, validation:loss, validation:accuracy.`,
    );
    assert.match(
      await objective('test:accuracy'),
      /^ValidationException: The objective metric "test:accuracy" is one of the test split/,
    );
    const hidden = {
      AlgorithmSpecification: {
        ...{ TrainingImage: 'whippet', TrainingInputMode: 'File' },
        MetricDefinitions: [{ Name: 'score', Regex: 'test:accuracy=([0-9.]+)' }],
      },
    };
    assert.match(await objective('score', hidden), /is one of the test split/);
    assert.equal(
      await objective('validation:loss', hidden),
      `${missing}"validation:loss" is none of those that are defined: score.`,
    );
  });

  test('ranges and limits that make no sense are refused with what is wrong', async () => {
    const continuous = (MinValue: string, MaxValue: string, ScalingType?: 'Logarithmic') => ({
      config: {
        ParameterRanges: { ContinuousParameterRanges: [{ Name: 'learning_rate', MinValue, MaxValue, ScalingType }] },
      },
    });
    assert.match(
      await refused(continuous('0.1', '0.001')),
      /^ValidationException: The minimum of "learning_rate" is above its maximum/,
    );
    assert.match(
      await refused(continuous('fast', '1')),
      /^ValidationException: MinValue of the hyperparameter "learning_rate" must be a number, but is "fast"/,
    );
    assert.match(
      await refused(continuous('0', '1', 'Logarithmic')),
      /^ValidationException: .*logarithmic scaling is for values above 0/,
    );
    assert.match(
      await refused({ config: { ParameterRanges: {} } }),
      /^ValidationException: There is no parameter to tune/,
    );
    const both = { ...brief, batch_size: '8' };
    assert.match(
      await refused({ definition: { StaticHyperParameters: both } }),
      /either static or tuned; given as both: batch_size/,
    );
    const limits = (MaxNumberOfTrainingJobs: number, MaxParallelTrainingJobs: number) =>
      refused({ config: { ResourceLimits: { MaxNumberOfTrainingJobs, MaxParallelTrainingJobs } } });
    assert.match(
      await limits(20, 11),
      /^ResourceLimitExceeded: .*'Maximum number of parallel training jobs per hyperparameter tuning job' is 10, .* request delta of 11/,
    );
    assert.match(await limits(751, 1), /^ResourceLimitExceeded: .* is 750, /);
    assert.match(await limits(2, 3), /^ValidationException: ResourceLimits\.MaxParallelTrainingJobs, 3, is more than/);
    const grid = {
      Strategy: 'Grid',
      ResourceLimits: { MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 1 },
    } as const;
    assert.match(await refused({ config: grid }), /^ValidationException: .* is 3, and the grid has 2 combinations/);
    assert.equal(
      await refused({ config: { ...grid, Strategy: 'Random' } }),
      "ValidationException: You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter combinations for the provided ranges [2.0] must be equal or greater than the value of MaxNumberOfJobs, [3]. Provide additional ranges.",
    );
    const unlimited = { ResourceLimits: { MaxParallelTrainingJobs: 1 } };
    assert.match(
      await refused({ config: unlimited }),
      /^ValidationException: ResourceLimits\.MaxNumberOfTrainingJobs is required/,
    );
  });

  test('trials are checked as training jobs are, before there is one', async () => {
    const { AlgorithmSpecification } = request('x').TrainingJobDefinition ?? {};
    const image = { ...AlgorithmSpecification, TrainingInputMode: 'File', TrainingImage: 'tensorflow' } as const;
    assert.match(
      await refused({ definition: { AlgorithmSpecification: image } }),
      /^ValidationException: AlgorithmSpecification\.TrainingImage "tensorflow" cannot be run/,
    );
    const pipe = { TrainingImage: 'whippet', TrainingInputMode: 'Pipe' } as const;
    assert.match(
      await refused({ definition: { AlgorithmSpecification: pipe } }),
      /^NotImplemented: TrainingJobDefinition\.AlgorithmSpecification\.TrainingInputMode of/,
    );
    assert.match(
      await refused({ definition: { Environment: { WHIPPET_RULES: 'Overfitting' } } }),
      /^ValidationException: .*"Overfitting" is none of its rules/,
    );
    assert.match(
      await refused({ request: { TrainingJobDefinition: undefined } }),
      /^ValidationException: TrainingJobDefinition is required/,
    );
    assert.match(
      await refused({ definition: { RoleArn: 'arn:aws:iam::000000000000:role/absent' } }),
      /^ValidationException: Could not assume role/,
    );
  });

  test('absent jobs are told of in AWS’s words', async () => {
    const message = "ResourceNotFound: Amazon SageMaker can't find a tuning job called absent. Type another name.";
    for (const Command of [
      ...[DescribeHyperParameterTuningJobCommand, StopHyperParameterTuningJobCommand],
      ListTrainingJobsForHyperParameterTuningJobCommand,
    ]) {
      const command = new Command({ HyperParameterTuningJobName: 'absent' }) as DescribeHyperParameterTuningJobCommand;
      assert.equal(await refusal(ground.aws.sagemaker.send(command)), message);
    }
  });
});

describe('behaviour', () => {
  test('a search trains its trials, names the best, and lists them by their objectives', async () => {
    const tags = [{ Key: 'stage', Value: 'test' }];
    const Environment = { WHIPPET_RULES: 'VanishingGradient,ClassImbalance' };
    const { HyperParameterTuningJobArn } = await create('search', {
      config: { Strategy: 'Grid', ResourceLimits: { MaxParallelTrainingJobs: 2 } },
      definition: { DefinitionName: 'small', Environment },
      request: { Tags: tags },
    });
    assert.equal(
      HyperParameterTuningJobArn,
      'arn:aws:sagemaker:us-east-1:000000000000:hyper-parameter-tuning-job/search',
    );
    const job = await tuningJobEnded(ground.aws, 'search');
    assert.match(`${job.HyperParameterTuningJobStatus} ${job.FailureReason}`, /^(Completed|Failed None of the 2)/);
    assert.deepEqual(job.ObjectiveStatusCounters, { Succeeded: 2, Pending: 0, Failed: 0 });
    assert.equal(job.TrainingJobDefinition?.StaticHyperParameters?._tuning_objective_metric, 'validation:loss');
    const list = (more: object) =>
      ground.aws.sagemaker.send(
        new ListTrainingJobsForHyperParameterTuningJobCommand({ HyperParameterTuningJobName: 'search', ...more }),
      );
    const { TrainingJobSummaries: sorted = [] } = await list({ SortBy: 'FinalObjectiveMetricValue' });
    const values = sorted.map((trial) => trial.FinalHyperParameterTuningJobObjectiveMetric?.Value ?? Number.NaN);
    assert.equal(values.length, 2);
    assert.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
    );
    if (job.BestTrainingJob) assert.deepEqual(job.BestTrainingJob, sorted[0]);
    const [best] = sorted;
    assert.match(best?.TrainingJobName ?? '', /^search-00[12]-[0-9a-f]{8}$/);
    assert.equal(best?.TrainingJobDefinitionName, 'small');
    assert.equal((await list({ StatusEquals: 'Failed' })).TrainingJobSummaries?.length, 0);
    const pages = paginateListTrainingJobsForHyperParameterTuningJob(
      { client: ground.aws.sagemaker, pageSize: 1 },
      { HyperParameterTuningJobName: 'search', SortOrder: 'Descending' },
    );
    const names: string[] = [];
    for await (const { TrainingJobSummaries = [] } of pages) {
      names.push(...TrainingJobSummaries.map(({ TrainingJobName = '' }) => TrainingJobName.slice(0, 10)));
    }
    assert.deepEqual(names, ['search-002', 'search-001']);

    const trial = await ground.aws.sagemaker.send(
      new DescribeTrainingJobCommand({ TrainingJobName: best?.TrainingJobName }),
    );
    assert.equal(trial.TuningJobArn, HyperParameterTuningJobArn);
    const told = trial.FinalMetricDataList?.find(({ MetricName }) => MetricName === 'validation:loss')?.Value;
    assert.equal(told, values[0]);
    const pValue = trial.FinalMetricDataList?.find(
      ({ MetricName }) => MetricName === 'validation:chance_p_value',
    )?.Value;
    assert.ok(pValue !== undefined && pValue >= 0 && pValue <= 1, String(pValue));
    assert.deepEqual(
      trial.DebugRuleEvaluationStatuses?.map(({ RuleConfigurationName }) => RuleConfigurationName),
      ['VanishingGradient', 'ClassImbalance'],
    );
    assert.equal(trial.Environment?.WHIPPET_RULES, undefined);
    for (const ResourceArn of [HyperParameterTuningJobArn, trial.TrainingJobArn]) {
      assert.deepEqual((await ground.aws.sagemaker.send(new ListTagsCommand({ ResourceArn }))).Tags, tags);
    }
  });

  test('a hyperparameter that makes no sense fails its trials, and they say why', async () => {
    const ParameterRanges = { CategoricalParameterRanges: [{ Name: 'optimizer', Values: ['"sdg"', '"adamm"'] }] };
    await create('nonsense', { config: { ParameterRanges } });
    const job = await tuningJobEnded(ground.aws, 'nonsense');
    assert.equal(job.HyperParameterTuningJobStatus, 'Failed');
    assert.match(
      job.FailureReason ?? '',
      /^No training job succeeded after 2 attempts\. .* nonsense-001-\w+ failed: .*optimizer/,
    );
    assert.deepEqual(job.TrainingJobStatusCounters?.NonRetryableError, 2);
    const command = new ListTrainingJobsForHyperParameterTuningJobCommand({ HyperParameterTuningJobName: 'nonsense' });
    const { TrainingJobSummaries = [] } = await ground.aws.sagemaker.send(command);
    for (const { FailureReason, ObjectiveStatus } of TrainingJobSummaries) {
      assert.equal(ObjectiveStatus, 'Failed');
      assert.match(FailureReason ?? '', /optimizer.*(sdg|adamm)/);
    }
  });

  test('a job that is stopped ends with its trials; its name stays taken', async () => {
    const { batch_size: _, ...endlessly } = endless;
    await create('stop', { definition: { StaticHyperParameters: endlessly } });
    await ground.aws.sagemaker.send(new StopHyperParameterTuningJobCommand({ HyperParameterTuningJobName: 'stop' }));
    const job = await tuningJobEnded(ground.aws, 'stop');
    assert.equal(job.HyperParameterTuningJobStatus, 'Stopped');
    // The second begins when the first has its features.
    const { Stopped = 0, Completed, InProgress } = job.TrainingJobStatusCounters ?? {};
    assert.ok(Stopped === 1 || Stopped === 2, `${Stopped} were stopped`);
    assert.deepEqual([Completed, InProgress], [0, 0]);
    const again = new StopHyperParameterTuningJobCommand({ HyperParameterTuningJobName: 'stop' });
    assert.match(await refusal(ground.aws.sagemaker.send(again)), /^ValidationException: .* is in status Stopped\.$/);
    assert.equal(
      await refusal(create('stop')),
      'ResourceInUse: A hyperparameter tuning job with the name, stop, already exists. Choose a different name.',
    );
  });

  test('lists are filtered and sorted', async () => {
    const list = async (input: object) => {
      const command = new ListHyperParameterTuningJobsCommand(input);
      const { HyperParameterTuningJobSummaries: jobs = [] } = await ground.aws.sagemaker.send(command);
      return jobs.map(({ HyperParameterTuningJobName }) => HyperParameterTuningJobName);
    };
    assert.deepEqual(await list({}), ['nonsense', 'search', 'stop']);
    assert.deepEqual(await list({ SortBy: 'CreationTime', SortOrder: 'Descending' }), ['stop', 'nonsense', 'search']);
    assert.deepEqual(await list({ NameContains: 'S', StatusEquals: 'Stopped' }), ['stop']);
  });

  test('the role is asked for as its trials will ask, with their ARNs', async () => {
    const trial = (name: string) => `arn:aws:sagemaker:us-east-1:000000000000:training-job/${name}`;
    const role = async (RoleName: string, sourceArn: string): Promise<string | undefined> => {
      const trusts = { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' };
      const only = { ...trusts, Condition: { ArnLike: { 'aws:SourceArn': sourceArn } } };
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [only] });
      const { Role } = await ground.aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
      return Role?.Arn;
    };
    const trials = await role('of-trials', trial('sourced-???-????????'));
    const { HyperParameterTuningJobArn } = await create('sourced', { definition: { RoleArn: trials } });
    assert.match(HyperParameterTuningJobArn ?? '', /sourced$/);
    const other = await role('of-no-job', trial('x'));
    assert.match(await refused({ definition: { RoleArn: other } }), /^ValidationException: Could not assume role/);
  });
});
