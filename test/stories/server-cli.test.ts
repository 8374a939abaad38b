/** A user of the local AWS: starts it, works with it, looks at it, kills it, stops it, all by the command line. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Finished, repository, type Whippet, whippetIn } from './whippet.ts';

interface Started {
  readonly url: string;
  readonly pid: number;
  readonly state: string;
}

/** What the AWS SDK for JavaScript does when nobody tells it anything: all comes from the environment. */
const client = `
  const { S3Client, CreateBucketCommand, PutObjectCommand, ListBucketsCommand } = require('@aws-sdk/client-s3');
  const s3 = new S3Client({});
  const [what, name] = process.argv.slice(1);
  if (what === 'make') s3.send(new CreateBucketCommand({ Bucket: name })).then(() =>
    s3.send(new PutObjectCommand({ Bucket: name, Key: 'greeting', Body: 'hello' })));
  if (what === 'list') s3.send(new ListBucketsCommand({})).then(({ Buckets = [] }) => console.log(Buckets.map(({ Name }) => Name).join()));
`;

const writer = `
  const { CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand } = require('@aws-sdk/client-cloudwatch-logs');
  const logs = new CloudWatchLogsClient({});
  const [logGroupName, logStreamName, ...messages] = process.argv.slice(1);
  const mayExist = (error) => { if (error.name !== 'ResourceAlreadyExistsException') throw error; };
  (async () => {
    await logs.send(new CreateLogGroupCommand({ logGroupName })).catch(mayExist);
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName })).catch(mayExist);
    const logEvents = messages.map((message, index) => ({ message, timestamp: Date.now() + index }));
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  })();
`;

const modules = { NODE_PATH: join(repository, 'node_modules') };
const boto3 = spawnSync('python3', ['-c', 'import boto3']).status === 0 ? false : 'python3 has no boto3';

describe('the local AWS from the command line', () => {
  let whippet: Whippet;
  const pids: number[] = [];
  const up = async (...flags: string[]): Promise<Started> => {
    const { code, out, err } = await whippet.run(['up', '--detach', '--port', '0', '--json', ...flags]);
    assert.equal(code, 0, err);
    const started = JSON.parse(out) as Started;
    pids.push(started.pid);
    return started;
  };
  const exec = async (...command: string[]): Promise<Finished> => whippet.run(['exec', '--', ...command]);
  const script = (source: string, ...args: string[]): string[] => [
    'env',
    `NODE_PATH=${modules.NODE_PATH}`,
    process.execPath,
    '-e',
    source,
    ...args,
  ];
  const good = ({ code, out, err }: Finished): string => {
    assert.equal(code, 0, err);
    return out;
  };
  /** A shell in which `whippet` is a command. */
  const shell = (text: string, cwd = whippet.home) =>
    spawnSync('sh', ['-c', `whippet() { '${process.execPath}' '${repository}bin/whippet' "$@"; }\n${text}`], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, ...modules, WHIPPET_STATE: '', AWS_PROFILE: 'prod', AWS_SESSION_TOKEN: 'token' },
    });

  /** Without the AWS clients that may be here: they take a second to say their versions. */
  const doctor = (flags = '') => shell(`PATH=/nowhere; whippet doctor ${flags}`);

  before(async () => {
    whippet = await whippetIn('server');
  });
  after(async () => {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // As it should be: it was stopped.
      }
    }
    await rm(whippet.home, { recursive: true, force: true });
  });

  let first: Started;
  it('starts in the background, and says where it is', async () => {
    first = await up();
    assert.match(first.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(first.state, join(whippet.home, '.whippet'));
    assert.equal(await readFile(join(first.state, '.gitignore'), 'utf8'), '*\n');
    const status = await whippet.run(['status']);
    assert.ok(good(status).includes(`at ${first.url}`), status.out);
    assert.match(status.out, /Serves {2}S3, STS, IAM, CloudWatch, CloudWatch Logs, SageMaker\n/);
    // From a folder below, too; and a name for people is known for each service.
    await mkdir(join(whippet.home, 'project/src'), { recursive: true });
    const below = shell('whippet status --json', join(whippet.home, 'project/src'));
    assert.equal((JSON.parse(below.stdout) as Started).pid, first.pid);
  });

  it('gives a command an AWS, and nothing else', async () => {
    good(await exec(...script(client, 'make', 'from-exec')));
    assert.equal(good(await exec(...script(client, 'list'))), 'from-exec\n');
    const names = good(await exec('env'));
    assert.match(names, /^AWS_CONFIG_FILE=\/dev\/null$/m);
    assert.doesNotMatch(names, /^AWS_PROFILE|^AWS_CA_BUNDLE/m);
  });

  it('gives boto3 an AWS', { skip: boto3 }, async () => {
    const list = "import boto3; print([b['Name'] for b in boto3.client('s3').list_buckets()['Buckets']])";
    assert.equal(good(await exec('python3', '-c', list)), "['from-exec']\n");
  });

  it('ends as the command does', async () => {
    const [seven, absent, spelled, piped] = await Promise.all([
      exec('sh', '-c', 'exit 7'),
      exec('no-such-command'),
      exec('echo', '--learning_rate', '--json', '--help'),
      whippet.run(['exec', 'cat', '-'], { input: Buffer.from('through') }),
    ]);
    assert.equal(seven.code, 7);
    assert.equal(absent.code, 127);
    assert.match(absent.err, /no-such-command cannot be run: there is no such command/);
    assert.equal(spelled.out, '--learning_rate --json --help\n');
    assert.equal(piped.out, 'through');
    const killed = shell("whippet exec -- sh -c 'kill -TERM $$'; echo $?");
    assert.equal(killed.stdout, '143\n');
  });

  it('passes signals on to the command', async () => {
    const child = spawn(
      process.execPath,
      [
        join(repository, 'bin/whippet'),
        'exec',
        '--',
        'sh',
        '-c',
        "trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.05; done",
      ],
      { cwd: whippet.home, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = once(child, 'exit');
    let out = '';
    for await (const chunk of child.stdout) {
      out += chunk;
      if (out === 'ready\n') child.kill('SIGTERM');
    }
    assert.equal(out, 'ready\ncaught\n');
    assert.deepEqual(await ended, [5, null]);
  });

  it('points a shell at itself, and says what it changed', () => {
    const { stdout, stderr } = shell(
      `eval "$(whippet env)"; echo "[$AWS_PROFILE$AWS_SESSION_TOKEN]"; '${process.execPath}' -e "$CLIENT" list`.replace(
        '$CLIENT',
        client.replace(/(["$`\\])/g, '\\$1'),
      ),
    );
    assert.equal(stdout, '[]\nfrom-exec\n', stderr);
    assert.match(stderr, /Set .*AWS_ENDPOINT_URL.*AWS_DEFAULT_REGION/);
    assert.match(stderr, /Unset .*AWS_PROFILE \(it was prod\), AWS_SESSION_TOKEN/);
    assert.doesNotMatch(stderr, /token|secret/);
  });

  it('does not let a script go on to AWS when there is no server', () => {
    const { stdout, stderr } = shell('eval "$(whippet env --state nowhere)" && echo went on');
    assert.equal(stdout, '');
    assert.match(stderr, /No server runs on the state .*nowhere/);
  });

  it('writes a profile on request, and not without a yes', async () => {
    const home = join(whippet.home, 'user');
    const ask = shell(`export HOME='${home}'; whippet env --profile < /dev/null`);
    assert.equal(ask.status, 2);
    assert.match(ask.stderr, /Give it with --yes/);
    const yes = shell(`export HOME='${home}'; whippet env --profile local --yes`);
    assert.equal(yes.stdout, 'aws --profile local s3 ls\n', yes.stderr);
    assert.match(await readFile(join(home, '.aws/config'), 'utf8'), /^\[profile local\]$/m);
    assert.equal((await stat(join(home, '.aws/credentials'))).mode & 0o777, 0o600);
  });

  it('shows logs, and follows them', async () => {
    assert.match((await whippet.run(['logs'])).err, /There are no log groups/);
    good(await exec(...script(writer, '/jobs', 'job-1/algo', 'epoch 1 loss=0.5', 'epoch 2 loss=0.4')));
    const [groups, all, some, nothing, absent] = await Promise.all([
      whippet.run(['logs']),
      whippet.run(['logs', '/jobs']),
      whippet.run(['logs', '/jobs', '--filter', '"epoch 2"', '--stream', 'job-1', '--since', '10m', '--json']),
      whippet.run(['logs', '/jobs', '--stream', 'other']),
      whippet.run(['logs', '/nowhere']),
    ]);
    assert.match(groups.out, /^\/jobs /m);
    assert.match(good(all), /^20\d\d-.*Z {2}job-1\/algo {2}epoch 1 loss=0\.5\n20.*epoch 2 loss=0\.4\n$/);
    assert.equal((JSON.parse(good(some)) as { message: string }).message, 'epoch 2 loss=0.4');
    assert.equal(good(nothing), '');
    assert.equal(absent.code, 1);
    assert.match(absent.err, /The server refused FilterLogEvents: The specified log group does not exist/);

    const following = await whippet.start(['logs', '-f', '/jobs'], /epoch 2/);
    good(await exec(...script(writer, '/jobs', 'job-1/algo', 'epoch 3')));
    // It ends when the new event was seen; SIGTERM then gives what was printed.
    await following.shows(/epoch 3/);
    const { code, out, err } = await following.stop();
    assert.equal(code, 130, err);
    assert.equal(out.match(/epoch 2/g)?.length, 1);
    assert.equal(out.match(/epoch 3/g)?.length, 1);
  });

  it('keeps to one server for a state, and names who has it, or the port', async () => {
    const second = await whippet.run(['up', '--port', '0']);
    assert.equal(second.code, 1);
    assert.ok(second.err.includes(`in use by the server ${first.url} (pid ${first.pid})`), second.err);
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const port = String((occupant.address() as AddressInfo).port);
    for (const flags of [[], ['--detach']]) {
      const taken = await whippet.run(['up', '--port', port, '--state', 'other', ...flags]);
      assert.equal(taken.code, 1);
      assert.match(
        taken.err,
        new RegExp(`Port ${port} is taken${process.platform === 'linux' ? ` by .*\\(pid ${process.pid}\\)` : ''}`),
      );
      assert.match(taken.err, /--port 0/);
    }
    occupant.close();
  });

  it('lives beside another on a state of its own', async () => {
    const second = await up('--state', 'second');
    assert.notEqual(second.url, first.url);
    const list = await whippet.run(['exec', '--state', 'second', '--', ...script(client, 'list')]);
    assert.equal(good(list), '\n');
    good(await whippet.run(['down', '--state', 'second']));
    assert.equal((await whippet.run(['status', '--state', 'second'])).code, 1);
    assert.equal((await whippet.run(['status'])).code, 0);
  });

  it('is known to be gone after kill -9, and comes back with what was stored', async () => {
    process.kill(first.pid, 'SIGKILL');
    const gone = await whippet.run(['status']);
    assert.equal(gone.code, 1);
    assert.match(gone.err, /No server runs on the state .*`whippet up --detach`/s);
    assert.match((await whippet.run(['down'])).err, /No server runs/);
    assert.match(doctor().stdout, /· The last server was killed/);
    const again = await up();
    assert.notEqual(again.pid, first.pid);
    assert.equal(good(await exec(...script(client, 'list'))), 'from-exec\n');
    assert.equal((JSON.parse(doctor('--json').stdout) as { healthy: boolean }).healthy, true);
  });

  it('is emptied only with a yes, and not under a server’s feet', async () => {
    const running = await whippet.run(['reset', '--yes']);
    assert.equal(running.code, 1);
    assert.match(running.err, /in use by the server/);
    const { err } = await whippet.run(['down']);
    assert.match(err, /Stopped http.*Its state stays in \.whippet/);
    const key = await readFile(join(first.state, 'credentials.json'), 'utf8');
    assert.equal((await whippet.run(['reset'])).code, 2);
    assert.ok((await readdir(first.state)).includes('state.db'));
    assert.match((await whippet.run(['reset', '--yes'])).err, /\.whippet is empty/);
    assert.equal(await readFile(join(first.state, 'credentials.json'), 'utf8'), key);
    await up();
    assert.equal(good(await exec(...script(client, 'list'))), '\n');
    good(await whippet.run(['reset', '--yes', '--force', '--all']));
    await assert.rejects(readdir(first.state), { code: 'ENOENT' });
  });

  it('runs in the foreground until it is told to stop', async () => {
    const { match, stop } = await whippet.start(['up', '--port', '0'], /local AWS at (http:\S+)/);
    good(await exec(...script(client, 'make', 'seen')));
    const { code, err } = await stop();
    assert.equal(code, 0);
    const lines = err.split('\n').filter((line) => line.startsWith('{'));
    const requests = lines.map((line) => JSON.parse(line) as { operation?: string; principal?: string });
    assert.ok(
      requests.some(({ operation, principal }) => operation === 'CreateBucket' && principal?.endsWith(':root')),
    );
    assert.match(err, /Stopped\.\n$/);
    await assert.rejects(fetch(`${match[1]}/`));
  });

  it('finds what is wrong with a state, and repairs what can be', async () => {
    await writeFile(join(whippet.home, '.whippet/credentials.json'), '{}', { mode: 0o600 });
    const shard = join(whippet.home, '.whippet/blobs/ab');
    await mkdir(shard, { recursive: true });
    await writeFile(join(shard, 'c'.repeat(62)), 'nobody’s');
    assert.match(doctor().stdout, /! Stored bytes belong to no object: .*\n.*--repair/);
    assert.match(doctor('--repair').stdout, /✓ Repaired: Stored bytes belong to no object/);
    const foreign = doctor('--state .');
    assert.equal(foreign.status, 1);
    assert.match(foreign.stdout, /✗ .* holds other things than a state/);
  });
});
