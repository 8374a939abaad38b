import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CreateModelCommand,
  type CreateModelInput,
  DeleteModelCommand,
  DescribeModelCommand,
  ListModelsCommand,
  ListTagsCommand,
  paginateListModels,
} from '@aws-sdk/client-sagemaker';
import { assumeNewRole, type Caller, codeOf, statement } from '../../server/client.ts';
import { fileScope, type Running, running } from '../../server/running.ts';
import { type Aws, connectTo } from '../../training/driver.ts';

let server: Running;
let aws: Aws;
const scope = fileScope(after);

before(async () => {
  server = await running(scope);
  aws = connectTo(server.server);
  scope.after(async () => aws.close());
});

const role = 'arn:aws:iam::000000000000:role/models';
const arnOf = (name: string): string => `arn:aws:sagemaker:us-east-1:000000000000:model/${name}`;
const container = { Image: 'whippet', ModelDataUrl: 's3://models/dogs/model.tar.gz' };

function create(ModelName: string, more: Partial<CreateModelInput> = {}) {
  const request = { ModelName, PrimaryContainer: container, ExecutionRoleArn: role, ...more };
  return aws.sagemaker.send(new CreateModelCommand(request));
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail('it was not refused'),
    (reason: Error) => reason,
  );
  return `${error.name}: ${error.message}`;
}

describe('serialization', () => {
  test('JSON 1.1 with seconds as numbers', async () => {
    await create('raw', { PrimaryContainer: { ...container, Environment: { A: '1' } } });
    const answer = await server.root.json('sagemaker', 'SageMaker.DescribeModel', { ModelName: 'raw' });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'application/x-amz-json-1.1');
    const { CreationTime, ...rest } = JSON.parse(answer.text) as Record<string, unknown>;
    assert.ok(Math.abs(Number(CreationTime) - Date.now() / 1000) < 60);
    assert.deepEqual(rest, {
      ModelName: 'raw',
      PrimaryContainer: { Mode: 'SingleModel', Environment: { A: '1' }, ...container },
      ExecutionRoleArn: role,
      EnableNetworkIsolation: false,
      ModelArn: arnOf('raw'),
    });
  });

  test('an operation without an output answers with nothing', async () => {
    await create('gone');
    const answer = await server.root.json('sagemaker', 'SageMaker.DeleteModel', { ModelName: 'gone' });
    assert.deepEqual([answer.status, answer.text], [200, '']);
  });
});

describe('validation', () => {
  test('names have AWS’s pattern', async () => {
    for (const name of ['', 'a_b', '-a', 'a-', 'ä', 'x'.repeat(64)]) {
      assert.match(
        await refusal(create(name)),
        /^ValidationException: 1 validation error detected: Value '.*' at 'modelName'/,
      );
    }
    await create('x'.repeat(63));
  });

  test('containers that are not Whippet’s are refused with what would be needed', async () => {
    const image = (Image: string) => refusal(create('other', { PrimaryContainer: { ...container, Image } }));
    assert.match(
      await image('tensorflow/serving'),
      /^ValidationException: PrimaryContainer\.Image "tensorflow\/serving" cannot be run: .*Use "whippet"/,
    );
    assert.match(await image('123456789012.dkr.ecr.us-east-1.amazonaws.com/whippets:1'), /cannot be run/);
    await create('ecr', {
      PrimaryContainer: { ...container, Image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/whippet:1.0' },
    });
  });

  test('a model without what it needs is refused', async () => {
    const refused = (more: Partial<CreateModelInput>) => refusal(create('bare', more));
    assert.match(
      await refused({ PrimaryContainer: undefined }),
      /^ValidationException: One of PrimaryContainer and Containers/,
    );
    assert.match(
      await refused({ Containers: [container] }),
      /^ValidationException: Only one of PrimaryContainer and Containers/,
    );
    assert.match(
      await refused({ PrimaryContainer: { ModelDataUrl: container.ModelDataUrl } }),
      /Image must be specified/,
    );
    assert.match(await refused({ PrimaryContainer: { Image: 'whippet' } }), /ModelDataUrl must be specified/);
    assert.match(
      await refused({ ExecutionRoleArn: undefined }),
      /^ValidationException: ExecutionRoleArn must be specified/,
    );
    const folder = { ...container, ModelDataUrl: 's3://models/dogs/' };
    assert.match(await refused({ PrimaryContainer: folder }), /must be the S3 URI of one object/);
    const web = { ...container, ModelDataUrl: 'https://example.com/model.tar.gz' };
    assert.match(await refused({ PrimaryContainer: web }), /must be an S3 URI/);
    const large = {
      ...container,
      Environment: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`K${i}`, 'x'.repeat(1000)])),
    };
    assert.match(await refused({ PrimaryContainer: large }), /Environment has \d+ bytes; at most 32768/);
  });

  test('what is not served is refused by name', async () => {
    const refused = (more: Partial<CreateModelInput>) => refusal(create('more', more));
    const source = {
      S3DataSource: { S3Uri: 's3://models/dogs/', S3DataType: 'S3Prefix', CompressionType: 'None' },
    } as const;
    const cases: [Partial<CreateModelInput>, string][] = [
      [{ PrimaryContainer: { ...container, ModelDataSource: source } }, 'PrimaryContainer.ModelDataSource'],
      [{ PrimaryContainer: { ...container, ModelPackageName: 'p' } }, 'PrimaryContainer.ModelPackageName'],
      [{ PrimaryContainer: { ...container, Mode: 'MultiModel' } }, 'PrimaryContainer.Mode "MultiModel"'],
      [{ PrimaryContainer: undefined, Containers: [container, container] }, 'Containers with 2 containers'],
      [{ InferenceExecutionConfig: { Mode: 'Direct' } }, 'InferenceExecutionConfig'],
    ];
    for (const [more, name] of cases) {
      const said = await refused(more);
      assert.ok(said.startsWith(`NotImplemented: ${name}`) && said.includes('not supported by Whippet'), said);
    }
  });
});

describe('behaviour', () => {
  test('a name is given once, whatever its case', async () => {
    await create('Once');
    const taken = 'ValidationException: Cannot create already existing model';
    assert.equal(await refusal(create('Once')), `${taken} "${arnOf('once')}".`);
    assert.equal(await refusal(create('ONCE')), `${taken} "${arnOf('once')}".`);
    const found = await aws.sagemaker.send(new DescribeModelCommand({ ModelName: 'once' }));
    assert.equal(found.ModelName, 'Once');
  });

  test('absent models are told of in AWS’s words', async () => {
    const message = `ValidationException: Could not find model "${arnOf('absent')}".`;
    assert.equal(await refusal(aws.sagemaker.send(new DescribeModelCommand({ ModelName: 'absent' }))), message);
    assert.equal(await refusal(aws.sagemaker.send(new DeleteModelCommand({ ModelName: 'absent' }))), message);
  });

  test('the only container of a list comes back as a list', async () => {
    await create('list', { PrimaryContainer: undefined, Containers: [container] });
    const { PrimaryContainer, Containers } = await aws.sagemaker.send(new DescribeModelCommand({ ModelName: 'list' }));
    assert.equal(PrimaryContainer, undefined);
    assert.deepEqual(Containers, [{ Mode: 'SingleModel', Environment: {}, ...container }]);
  });

  test('a deleted name is free again, without its tags', async () => {
    const { ModelArn = '' } = await create('again', { Tags: [{ Key: 'stage', Value: 'old' }] });
    const tags = async () => (await aws.sagemaker.send(new ListTagsCommand({ ResourceArn: ModelArn }))).Tags;
    assert.deepEqual(await tags(), [{ Key: 'stage', Value: 'old' }]);
    await aws.sagemaker.send(new DeleteModelCommand({ ModelName: 'again' }));
    await create('again');
    assert.deepEqual(await tags(), []);
  });

  test('lists are sorted, filtered and paged', async () => {
    for (const name of ['page-b', 'page-a', 'page-c']) {
      server.pass(1);
      await create(name);
    }
    const names = async (input: object) => {
      const { Models = [] } = await aws.sagemaker.send(new ListModelsCommand({ NameContains: 'PAGE', ...input }));
      return Models.map(({ ModelName }) => ModelName?.slice(-1)).join('');
    };
    assert.equal(await names({}), 'cab');
    assert.equal(await names({ SortOrder: 'Ascending' }), 'bac');
    assert.equal(await names({ SortBy: 'Name', SortOrder: 'Ascending' }), 'abc');
    const { CreationTime: time } = await aws.sagemaker.send(new DescribeModelCommand({ ModelName: 'page-a' }));
    // Of models, not of jobs: greater than or equal.
    assert.equal(await names({ CreationTimeAfter: time }), 'ca');
    assert.equal(await names({ CreationTimeBefore: time }), 'b');
    const pages = paginateListModels({ client: aws.sagemaker, pageSize: 1 }, { NameContains: 'page-' });
    const seen = [];
    for await (const { Models = [] } of pages) seen.push(Models.map(({ ModelName }) => ModelName));
    assert.deepEqual(seen, [['page-c'], ['page-a'], ['page-b']]);
    const token = new ListModelsCommand({ NextToken: 'bm8gdG9rZW4' });
    assert.match(await refusal(aws.sagemaker.send(token)), /^ValidationException: /);
  });

  test('making a model needs the right to make it and to pass its role on', async () => {
    const call = async (caller: Caller, action: string, body: object) =>
      codeOf(await caller.json('sagemaker', `SageMaker.${action}`, body));
    const model = { ModelName: 'mine', PrimaryContainer: container, ExecutionRoleArn: role };
    const policy = (...actions: string[]) => statement({ Action: actions, Resource: '*' });
    const { caller: maker } = await assumeNewRole(server.root, 'maker', {
      policy: policy('sagemaker:CreateModel'),
      url: server.url,
    });
    assert.equal(await call(maker, 'CreateModel', model), 'AccessDeniedException');
    const both = policy('sagemaker:CreateModel', 'iam:PassRole');
    const { caller: passer } = await assumeNewRole(server.root, 'passer', { policy: both, url: server.url });
    assert.equal(await call(passer, 'CreateModel', model), '200');
    assert.equal(await call(passer, 'DescribeModel', { ModelName: 'mine' }), 'AccessDeniedException');
    assert.equal(await call(passer, 'ListModels', {}), 'AccessDeniedException');
    assert.equal(await call(passer, 'DeleteModel', { ModelName: 'mine' }), 'AccessDeniedException');
  });
});
