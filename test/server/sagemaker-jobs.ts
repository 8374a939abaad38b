/** A server with a state of its own, pictures and a role, that can be stopped and started again. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateModelCommand, CreateTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import { drawSample } from '../../src/engine/index.ts';
import { startServer, type WhippetServer } from '../../src/server/index.ts';
import {
  type Aws,
  connectTo,
  makeBucket,
  makeRole,
  trainingJob,
  trainingJobEnded,
  uploadFolder,
} from '../training/driver.ts';
import { type Scope, temporaryFolder } from './running.ts';

export interface JobServer {
  aws: Aws;
  readonly role: string;
  readonly places: { readonly role: string; readonly data: string; readonly output: string };
  /** Ends the server and starts another one on the same state. */
  restart(): Promise<void>;
  /** Trains on the pictures and makes a model of that name. */
  makeModel(name: string): Promise<void>;
}

export async function openJobServer(scope: Scope): Promise<JobServer> {
  const folder = await temporaryFolder(scope);
  const pictures = join(folder, 'pictures');
  await drawSample(pictures, { picturesPerClass: { train: 3, valid: 1, test: 1 }, size: 64 });
  const start = () => startServer({ port: 0, state: join(folder, 'state') });
  let server: WhippetServer = await start();
  let aws = connectTo(server);
  scope.after(async () => {
    aws.close();
    await server.stop();
  });
  const role = await makeRole(aws, 'jobs');
  await makeBucket(aws, 'photos');
  await uploadFolder(aws, pictures, { bucket: 'photos', prefix: 'breeds/' });
  const places = { role, data: 's3://photos/breeds/', output: 's3://photos/out' };
  const jobs: JobServer = {
    ...{ aws, role, places },
    async restart() {
      aws.close();
      await server.stop();
      server = await start();
      aws = connectTo(server);
      jobs.aws = aws;
    },
    async makeModel(name) {
      const HyperParameters = { backbone: 'scatter', epochs: '3', audit: 'false' };
      await aws.sagemaker.send(new CreateTrainingJobCommand(trainingJob(name, { ...places, HyperParameters })));
      const { ModelArtifacts, FailureReason } = await trainingJobEnded(aws, name);
      if (!ModelArtifacts?.S3ModelArtifacts) throw new Error(FailureReason);
      const PrimaryContainer = { Image: 'whippet', ModelDataUrl: ModelArtifacts.S3ModelArtifacts };
      await aws.sagemaker.send(new CreateModelCommand({ ModelName: name, PrimaryContainer, ExecutionRoleArn: role }));
    },
  };
  return jobs;
}

/** Processes whose command line holds these words: of this test's own server, whose state folder is one of them. */
export function processesWith(...words: readonly string[]): number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.map(Number).filter((id) => {
    try {
      const command = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0');
      return words.every((word) => command.some((part) => part.includes(word)));
    } catch {
      return false;
    }
  });
}
