import { copyFile, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TrainResult } from '../../engine/index.ts';
import { isWhippetError, userError, type WhippetError } from '../../errors/index.ts';
import { inHyperparameters } from './hyperparameters.ts';
import type { TrainingRequest } from './request.ts';

/** SageMaker cuts FailureReason here. */
const failureLength = 1024;

/** What a file system says where the one who runs the job can do something about it. */
const storageReasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'it is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
};

/** Full disks and missing rights as user errors; everything else as it is. */
export function asUserError(error: unknown): unknown {
  const { code = '', path, dest } = (error ?? {}) as NodeJS.ErrnoException & { readonly dest?: string };
  const reason = storageReasons[code];
  if (isWhippetError(error) || reason === undefined) return error;
  return userError('WHIPPET_CONTAINER_STORAGE', { path: dest ?? path ?? 'a file', reason }, error);
}

/** All that a job fetches from outside are weights. */
const withoutNetwork = ' Or give the weights in a channel "weights": then the job needs no network.';

/** The first lines that people read of a failed job, with remedies of a job. Defects are named as such. */
export function failureText(error: unknown): string {
  const text = isWhippetError(error)
    ? `${error.code}: ${inHyperparameters(`${error.message} ${error.remedy}`)}${fetchFailed(error) ? withoutNetwork : ''}`
    : `Whippet failed by a defect of its own: ${(error as Error)?.message ?? String(error)}`;
  return text.length <= failureLength ? text : `${text.slice(0, failureLength - 1)}…`;
}

function fetchFailed({ code }: WhippetError): boolean {
  return code.startsWith('WHIPPET_NET_') && !code.startsWith('WHIPPET_NET_DISK');
}

/** Where the file cannot be written, the log has to do. */
export async function writeFailure(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch {
    // Said on standard error by the caller as well.
  }
}

/** Puts a file where it belongs, across file systems too; it appears whole. */
export async function moveFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const unfinished = join(dirname(to), `.${process.pid}.part`);
    await copyFile(from, unfinished);
    const file = await open(unfinished, 'r+');
    await file.sync();
    await file.close();
    await rename(unfinished, to);
    await rm(from);
  }
}

/**
 * Puts the files that belong into model.tar.gz into model/, which SageMaker packs, and what is for people into output/data/. A trial has
 * no report.
 */
export async function handOver(
  { artifact, report }: TrainResult,
  { request: { tree, wish }, tested }: { readonly request: TrainingRequest; readonly tested: boolean },
): Promise<void> {
  const move = (name: string, folder: string): Promise<void> =>
    moveFile(join(artifact.folder, name), join(folder, name));
  for (const name of Object.keys(artifact.manifest.files)) await move(name, tree.model);
  // Last: a folder with a manifest is a whole model.
  await move('whippet.json', tree.model);
  if (wish.objective === undefined) {
    await moveFile(report, join(tree.outputData, 'report.html'));
    // What differs between two equal runs stays out of the model, so that their archives are equal too.
    await move('timings.json', tree.outputData);
  }
  if (tested) await move('test-metrics.json', tree.outputData);
}
