/** A server with a role, a bucket and few drawn pictures: enough for training jobs that take a second or two. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTrainingJobCommand, type CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { drawSample } from '../../../src/engine/index.ts';
import {
  type Aws,
  connectTo,
  makeBucket,
  makeRole,
  trainingJob,
  trainingJobEnded,
  uploadFolder,
} from '../../training/driver.ts';
import { type Account, openAccount } from '../iam/account.ts';

export interface Ground {
  readonly account: Account;
  readonly aws: Aws;
  /** ARN of a role that may do everything in S3. */
  readonly role: string;
  /** A request for a job over the drawn pictures; what is given replaces members. */
  job(name: string, more?: Partial<CreateTrainingJobRequest>): CreateTrainingJobRequest;
  /** Asks for it and waits for its end. */
  run(name: string, more?: Partial<CreateTrainingJobRequest>): ReturnType<typeof trainingJobEnded>;
  close(): Promise<void>;
}

/** Runs until it is stopped: nobody waits for so many steps. */
export const endless = { backbone: 'scatter', epochs: '10000', batch_size: '1', patience: '0', audit: 'false' };
export const brief = { backbone: 'scatter', epochs: '3', audit: 'false' };

export async function openGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-jobs-'));
  const pictures = join(folder, 'pictures');
  await drawSample(pictures, { picturesPerClass: { train: 3, valid: 1, test: 1 }, size: 64 });
  const account = await openAccount();
  const aws = connectTo(account.server);
  const role = await makeRole(aws, 'training');
  await makeBucket(aws, 'photos');
  await uploadFolder(aws, pictures, { bucket: 'photos', prefix: 'breeds/' });
  const places = { role, data: 's3://photos/breeds/', output: 's3://photos/out' };
  const job: Ground['job'] = (name, more) =>
    trainingJob(name, { ...places, HyperParameters: brief, ...more } as Parameters<typeof trainingJob>[1]);
  return {
    ...{ account, aws, role, job },
    async run(name, more) {
      await aws.sagemaker.send(new CreateTrainingJobCommand(job(name, more)));
      return trainingJobEnded(aws, name);
    },
    async close() {
      aws.close();
      await account.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
