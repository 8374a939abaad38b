/** What a server has acknowledged, and what it has said of it: the next one must say the same. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DescribeHyperParameterTuningJobCommand,
  DescribeModelCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
  DescribeTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import { openArtifact } from '../../../src/engine/index.ts';
import { type Aws, fetchObject } from '../driver.ts';
import type { InstanceProcess } from './processes.ts';

export type Kind = 'training' | 'tuning' | 'transform' | 'model';

interface Entry {
  readonly kind: Kind;
  readonly name: string;
  /** How it ended. */
  status?: string;
  /** Of a completed training job. */
  artifact?: { readonly uri: string; readonly digest: string };
}

export interface Ledger {
  acknowledge(kind: Kind, name: string): void;
  /** An instance was killed: its job may fail of it. */
  excuse(instance: InstanceProcess): void;
  /** A job may fail for an instance that it names, and for nothing else. */
  checkFailure(job: string, reason: string | undefined): void;
  /** A training job has ended well: its model is whole. @returns the digest of model.onnx. */
  keepModel(job: DescribeTrainingJobResponse, aws: Aws): Promise<string>;
  /** What was acknowledged is there, and what has ended is as it ended. @param again Whether to look at what has ended. */
  verify(aws: Aws, again?: () => boolean): Promise<void>;
  /** Every artifact has the bytes that it had. @returns how many there are. */
  verifyArtifacts(aws: Aws): Promise<number>;
  count(kind: Kind, status?: RegExp): number;
}

/** @param directory For archives that are looked into. */
export function openLedger(directory: string): Ledger {
  const entries = new Map<string, Entry>();
  const killed = new Map<string, Set<string>>();
  const ledger: Ledger = {
    acknowledge: (kind, name) => void entries.set(`${kind} ${name}`, { kind, name }),
    excuse({ job, host }) {
      const hosts = killed.get(job) ?? new Set();
      killed.set(job, hosts.add(host));
    },
    checkFailure(job, reason) {
      const hosts = [...(killed.get(job) ?? [])];
      assert.ok(hosts.length > 0, `${job} failed, of which no instance was killed: ${reason}`);
      assert.ok(
        hosts.some((host) => reason?.includes(host)),
        `${job} lost ${hosts}, and says: ${reason}`,
      );
      assert.match(reason ?? '', /again/, `${job} does not say what to do`);
      assert.doesNotMatch(reason ?? '', /internal error/i);
    },
    async keepModel({ TrainingJobName: name = '', ModelArtifacts }, aws) {
      const uri = ModelArtifacts?.S3ModelArtifacts ?? '';
      const bytes = await fetchObject(aws, uri);
      const entry: Entry = entries.get(`training ${name}`) ?? { kind: 'training', name };
      entries.set(`training ${name}`, { ...entry, artifact: { uri, digest: digestOf(bytes) } });
      const archive = join(directory, `${name}.tar.gz`);
      await writeFile(archive, bytes);
      const artifact = await openArtifact(archive);
      try {
        return digestOf(await readFile(artifact.file('model.onnx') ?? ''));
      } finally {
        await artifact.close();
        await rm(archive);
      }
    },
    async verify(aws, again = () => true) {
      for (const entry of entries.values()) {
        const { kind, name, artifact } = entry;
        if (entry.status !== undefined && !again()) continue;
        const { status, uri } = await describe[kind](aws, name);
        if (entry.status !== undefined) assert.equal(status, entry.status, `${kind} ${name} is another`);
        if (artifact) assert.equal(uri, artifact.uri, `${name} has its model elsewhere`);
        if (/^(Completed|Failed|Stopped)$/.test(status ?? '')) entry.status = status ?? '';
      }
    },
    async verifyArtifacts(aws) {
      const artifacts = [...entries.values()].flatMap(({ artifact }) => artifact ?? []);
      for (const { uri, digest } of artifacts) {
        assert.equal(digestOf(await fetchObject(aws, uri)), digest, `${uri} is not what it was`);
      }
      return artifacts.length;
    },
    count: (kind, status = /./) =>
      [...entries.values()].filter((entry) => entry.kind === kind && status.test(entry.status ?? 'open')).length,
  };
  return ledger;
}

interface Described {
  readonly status?: string | undefined;
  readonly uri?: string | undefined;
}

const describe: Readonly<Record<Kind, (aws: Aws, name: string) => Promise<Described>>> = {
  async training({ sagemaker }, TrainingJobName) {
    const job = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
    return { status: job.TrainingJobStatus, uri: job.ModelArtifacts?.S3ModelArtifacts };
  },
  async tuning({ sagemaker }, HyperParameterTuningJobName) {
    const job = await sagemaker.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName }));
    return { status: job.HyperParameterTuningJobStatus };
  },
  async transform({ sagemaker }, TransformJobName) {
    const job = await sagemaker.send(new DescribeTransformJobCommand({ TransformJobName }));
    return { status: job.TransformJobStatus };
  },
  async model({ sagemaker }, ModelName) {
    await sagemaker.send(new DescribeModelCommand({ ModelName }));
    return {};
  },
};

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
