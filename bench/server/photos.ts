/** `aws s3 cp --recursive` of a folder of photos to the server and to Moto's, by the same command line, in turn. */
import { execFile } from 'node:child_process';
import { globSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeBucket } from './caller.ts';
import { median, type Options, processorTime, type Table } from './measure.ts';
import { repository } from './package.ts';
import { type Running, startMoto, startWhippet } from './servers.ts';
import { withoutMoto } from './small.ts';

const run = promisify(execFile);
const data = join(repository, '../shared/data/dogs');

interface Copied {
  readonly seconds: number;
  /** Of the server's processor. */
  readonly processor: number;
}

export async function measure({ quick, packageFolder, moto, aws }: Options, folder: string): Promise<Table> {
  const title = 'photos: aws s3 cp --recursive';
  const photos = globSync('**/*.jpg', { cwd: data }).sort();
  const version = await run(aws, ['--version']).then(
    ({ stdout }) => stdout.split(' ')[0],
    () => undefined,
  );
  const reason =
    photos.length === 0 ? `no photos in ${data}` : version === undefined ? `${aws} cannot be run` : undefined;
  if (reason !== undefined) return { title, columns: [], rows: [], notes: [`skipped: ${reason}.`] };
  const source = join(folder, 'photos');
  mkdirSync(source);
  const taken = quick ? photos.slice(0, 20) : photos;
  for (const [index, photo] of taken.entries()) symlinkSync(join(data, photo), join(source, `${index}.jpg`));

  const servers = [await startWhippet(packageFolder, join(folder, 'state'))];
  if (moto !== undefined) servers.push(await startMoto(moto));
  const copied = servers.map((): Copied[] => []);
  try {
    for (const server of servers) await makeBucket(server);
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      for (const [index, server] of servers.entries()) copied[index]!.push(await copy(aws, source, server));
    }
  } finally {
    for (const server of servers) await server.stop();
  }
  return {
    title: `${title}, ${taken.length} photos, ${version}; medians of rounds in turn`,
    columns: ['', 'time', 'rate', "server's CPU", '÷ whippet'],
    rows: servers.map(({ name }, index) => {
      const seconds = median(copied[index]!.map((one) => one.seconds));
      const processor = median(copied[index]!.map((one) => one.processor));
      const ratio = median(copied[index]!.map((one, round) => one.seconds / copied[0]![round]!.seconds));
      const figures = [
        `${(taken.length / seconds).toFixed(0)}/s`,
        `${(processor / 1000).toFixed(1)} s`,
        ratio.toFixed(2),
      ];
      return [name, `${seconds.toFixed(1)} s`, ...figures];
    }),
    notes: [moto === undefined ? withoutMoto : 'Moto keeps objects in memory and waits for no disk.'],
  };
}

async function copy(aws: string, source: string, server: Running): Promise<Copied> {
  const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = server.keys;
  const own = {
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/dev/null',
  };
  const argv = ['--endpoint-url', server.url, 's3', 'cp', '--recursive', '--only-show-errors', source, 's3://bench/'];
  const before = processorTime(server.pid);
  const began = performance.now();
  await run(aws, argv, { env: { ...process.env, ...own, AWS_SHARED_CREDENTIALS_FILE: '/dev/null' } });
  return { seconds: (performance.now() - began) / 1000, processor: processorTime(server.pid) - before };
}
