/**
 * What needs an AWS client in docs/: the commands of docs/server.md, of docs/training.md and of the README's part on the server, what
 * docs/container.md does on AWS after the push of its image, and the Python of docs/training.md and docs/rules.md. All runs as it stands.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { blocksOf, npx } from './pages.ts';
import { repository } from './whippet.ts';

const run = promisify(execFile);

/** An AWS CLI that takes AWS_ENDPOINT_URL: the one that `npm run interop` installed, or the system's. */
async function awsCommand(): Promise<string | undefined> {
  const installed = process.env.WHIPPET_TEST_AWS_NEW;
  const command = installed ? join(installed, 'aws') : 'aws';
  const version = await run(command, ['--version']).catch(() => undefined);
  const [, major = 0, minor = 0] = /aws-cli\/(\d+)\.(\d+)/.exec(version?.stdout ?? '')?.map(Number) ?? [];
  return (major === 1 && minor >= 29) || (major === 2 && minor >= 13) ? command : undefined;
}

const aws = await awsCommand();
const noCli = aws ? false : 'no AWS CLI of 2023 or later';
/** A minute and more of the AWS CLI's own starts; training.test.ts makes the same journey through the SDK. */
const onlyInterop = process.env.WHIPPET_TEST_AWS_NEW ? noCli : 'npm run interop makes it';
/** A Python that has boto3. */
const python = process.env.WHIPPET_TEST_AWS_NEW && join(process.env.WHIPPET_TEST_AWS_NEW, 'python');

describe('the pages about the server', { timeout: 600_000 }, () => {
  let home: string;
  let environment: NodeJS.ProcessEnv;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'whippet-server-docs-'));
    await mkdir(join(home, 'bin'));
    await mkdir(join(home, 'photos', 'Beagle'), { recursive: true });
    await cp(join(repository, 'docs/sample.jpg'), join(home, 'photos', 'Beagle', '1.jpg'));
    await writeFile(join(home, 'bin', 'npx'), npx, { mode: 0o755 });
    if (aws?.includes('/')) await symlink(aws, join(home, 'bin', 'aws'));
    environment = { ...process.env, HOME: home, PATH: `${join(home, 'bin')}${delimiter}${process.env.PATH}` };
  });
  after(() => rm(home, { recursive: true }));
  /** What a session prints. It begins without a state and leaves none, nor pictures, nor a server where it fails. */
  const shell = async (session: string): Promise<string> => {
    const argv = ['-e', '-o', 'pipefail', '-c', session];
    try {
      return (await run('bash', argv, { cwd: home, env: environment })).stdout;
    } catch (error) {
      await run('npx', ['whippet', 'down'], { cwd: home, env: environment }).catch(() => undefined);
      throw error;
    } finally {
      for (const folder of ['.whippet', 'drawn']) await rm(join(home, folder), { recursive: true, force: true });
    }
  };

  it('show a session that works: docs/training.md', { skip: onlyInterop }, async () => {
    const session = (await blocksOf('docs/training.md', 'bash')).join('');
    const stdout = await shell(session);
    assert.match(stdout, /^Completed\ts3:\/\/my-data\/output\/breeds-1\/output\/model\.tar\.gz$/m);
    assert.match(stdout, /^validation:accuracy\t0\.[6-9]\d*$/m);
    assert.match(stdout, /^Overtraining\t(No)?IssuesFound$/m);
    assert.match(stdout, /^Completed\t3$/m);
    assert.match(stdout, /^Completed\tbreeds-tune-00[1-4]-[0-9a-f]{8}$/m);
    assert.match(stdout, /^Completed\n.* answers\/.*\.out$/m);
  });

  for (const page of ['README.md', 'docs/server.md']) {
    it(`show commands that work: ${page}`, { skip: noCli }, async () => {
      const blocks = await blocksOf(page, 'bash');
      assert.ok(blocks.length > 0);
      for (const block of blocks) {
        assert.match(block, /^npx whippet up --detach\n[\s\S]*npx whippet down\n$/);
        const stdout = await shell(block);
        if (block.includes('s3 ls')) assert.match(stdout, /PRE Beagle/);
      }
    });
  }

  it('show a job of an image in ECR: docs/container.md', { skip: onlyInterop }, async () => {
    const commands = (await blocksOf('docs/container.md', 'sh')).join('');
    const job = commands.slice(commands.indexOf('aws sagemaker create-training-job'));
    const session = `
npx whippet up --detach
eval "$(npx whippet env)"
npx whippet data sample drawn
aws s3 mb s3://my-data
aws s3 cp --recursive --only-show-errors drawn s3://my-data/dogs
trust='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
aws iam create-role --role-name whippet-training --assume-role-policy-document "$trust"
aws iam attach-role-policy --role-name whippet-training --policy-arn arn:aws:iam::aws:policy/AmazonS3FullAccess
${commands.match(/^account=.*\nregistry=.*\n/m)?.[0]}${job}
while status=$(aws sagemaker describe-training-job --training-job-name dogs-1 --output text --query TrainingJobStatus); [ "$status" = InProgress ]; do sleep 1; done
echo "$status"
npx whippet down`;
    assert.match(await shell(session), /^Completed$/m);
  });

  it('show Python that runs: docs/training.md, docs/rules.md', {
    skip: python ? false : 'no Python with boto3',
  }, async () => {
    const [walk = '', ...more] = await blocksOf('docs/training.md', 'python');
    assert.deepEqual(more, []);
    const [rules = ''] = await blocksOf('docs/rules.md', 'python');
    const watched = `
watched = ended(sagemaker.describe_training_job, 'TrainingJobStatus', TrainingJobName='dogs-watched')
for kind in ('Debug', 'Profiler'):
    for rule in watched[kind + 'RuleEvaluationStatuses']:
        print(rule['RuleConfigurationName'], rule['RuleEvaluationStatus'])
`;
    await writeFile(join(home, 'walk.py'), walk + rules + watched);
    const session = `npx whippet up --detach\neval "$(npx whippet env)"\nnpx whippet data sample drawn\n${python} walk.py\nnpx whippet down\n`;
    const stdout = await shell(session);
    assert.match(stdout, /^\{.*'validation:accuracy': 0\.[6-9]/m);
    assert.match(stdout, /^answers\/\S+\.out \w+/m);
    assert.match(stdout, /^gradients (No)?IssuesFound$/m);
    assert.match(stdout, /^report (No)?IssuesFound$/m);
  });

  it('show TypeScript that runs', async () => {
    const examples = await blocksOf('docs/server.md', 'ts');
    assert.equal(examples.length, 2);
    await symlink(join(repository, 'node_modules'), join(home, 'node_modules'));
    const printed: string[] = [];
    for (const example of examples) {
      // In a checkout the package has no dist/: examples are run on the sources that dist/ is built from.
      const program = example.replace(
        /'whippet\/(\w+)'/,
        (_, door) => `'${new URL(`../../src/${door}/index.ts`, import.meta.url).href}'`,
      );
      await writeFile(join(home, 'example.mts'), program);
      printed.push((await run(process.execPath, ['example.mts'], { cwd: home })).stdout);
    }
    assert.deepEqual(printed, ['', 'true\n']);
  });
});
