import { join } from 'node:path';
import { type ArchivedFile, uncompressed, writeArchive } from '../output/archive.ts';
import { type FoundFile, filesIn } from '../output/inside.ts';
import { withOwnCopy } from '../output/own-copy.ts';
import { type UploadGround, uploadFile, uploadFiles } from '../output/upload.ts';
import { below, formatS3Uri, parseS3Uri, type S3Location } from '../s3-uri.ts';
import type { RoleObjects } from '../state.ts';
import type { JobLayout } from './instance/layout.ts';
import type { TrainingRequest } from './record.ts';

/** That the model can be uploaded once it is there: a day of training is not to end with a misspelt bucket. @throws AwsFault as S3 does. */
export function requireOutput(request: TrainingRequest, objects: RoleObjects): Promise<void> {
  const output = below(outputOf(request), request.TrainingJobName, 'output');
  const { bucket, key } = below(output, ...(isCompressed(request) ? ['model.tar.gz'] : ['model', 'model.onnx']));
  return objects.requireWritable(bucket, key);
}

function isCompressed({ OutputDataConfig }: TrainingRequest): boolean {
  return OutputDataConfig.CompressionType !== 'NONE';
}

/**
 * Uploads what a job leaves. Every name follows from the job, so that a server that was killed meanwhile does it again with the same result.
 * @returns the S3 URI of the model; undefined where the instances left none.
 * @throws AwsFault as S3 does.
 */
export async function deliverModel(
  {
    request,
    layout,
    isTrial,
  }: { readonly request: TrainingRequest; readonly layout: JobLayout; readonly isTrial: boolean },
  ground: UploadGround,
): Promise<string | undefined> {
  const folder = join(layout.hosts[0]?.root ?? '', 'model');
  const files = await filesIn(folder);
  if (files.length === 0) return undefined;
  const target = below(outputOf(request), request.TrainingJobName, 'output');
  if (!isCompressed(request)) {
    await uploadFiles(folder, files, { ...ground, target: below(target, 'model') });
    return `${formatS3Uri(below(target, 'model'))}/`;
  }
  const archive = below(target, 'model.tar.gz');
  const found = files.map((file) => ({ ...file, folder }));
  // Of the models of a search one is used, and packing each would take as long as some epochs.
  await uploadArchive(found, { ...ground, target: archive }, isTrial ? uncompressed : undefined);
  return formatS3Uri(archive);
}

async function uploadArchive(
  files: readonly ArchivedFile[],
  { objects, spool, signal, target: { bucket, key } }: UploadGround & { readonly target: S3Location },
  level?: number,
): Promise<void> {
  await withOwnCopy(join(spool, 'archive.tar.gz'), {
    make: (path) => writeArchive(files, path, { level, signal }),
    use: (path) => objects.put(bucket, key, { path }, { contentType: 'application/gzip' }),
  });
}

/** Output data, tensors, and what rules and the profiler found. @throws AwsFault as S3 does. */
export async function deliverOutput(request: TrainingRequest, layout: JobLayout, ground: UploadGround): Promise<void> {
  await deliverData(request, layout, ground);
  const output = join(layout.hosts[0]?.root ?? '', 'output');
  const hook = request.DebugHookConfig?.S3OutputPath;
  if (hook !== undefined) {
    const target = below(parseS3Uri(hook, 'DebugHookConfig.S3OutputPath'), request.TrainingJobName, 'debug-output');
    await uploadFiles(join(output, 'tensors'), await filesIn(join(output, 'tensors')), { ...ground, target });
  }
  const rules = join(output, 'rules');
  for (const [name, files] of byRule(await filesIn(rules))) {
    const target = ruleTarget(request, name);
    for (const { file, as } of files) {
      await uploadFile({ folder: rules, path: file.path }, below(target, ...as.split('/')), ground);
    }
  }
}

/** output.tar.gz holds output/data of the instance; of several, each in a folder of its name. */
async function deliverData(request: TrainingRequest, { hosts }: JobLayout, ground: UploadGround): Promise<void> {
  const found = [];
  for (const { name, root } of hosts) {
    const folder = join(root, 'output/data');
    for (const file of await filesIn(folder)) {
      found.push({ ...file, folder, ...(hosts.length > 1 && { as: `${name}/${file.path}` }) });
    }
  }
  if (found.length === 0) return;
  const target = below(outputOf(request), request.TrainingJobName, 'output');
  if (!isCompressed(request)) {
    for (const { folder, as, ...file } of found) {
      const place = as === undefined ? below(target, 'output') : below(target, 'output', as.slice(0, as.indexOf('/')));
      await uploadFiles(folder, [file], { ...ground, target: place });
    }
    return;
  }
  await uploadArchive(found, { ...ground, target: below(target, 'output.tar.gz') });
}

function outputOf({ OutputDataConfig }: TrainingRequest): S3Location {
  return parseS3Uri(OutputDataConfig.S3OutputPath ?? '', 'OutputDataConfig.S3OutputPath');
}

/** What a rule leaves goes where its configuration says, or below the job's output. */
function ruleTarget(request: TrainingRequest, name: string): S3Location {
  const rules = [...(request.DebugRuleConfigurations ?? []), ...(request.ProfilerRuleConfigurations ?? [])];
  const own = rules.find(({ RuleConfigurationName }) => RuleConfigurationName === name)?.S3OutputPath;
  if (own !== undefined) return parseS3Uri(own, `S3OutputPath of rule "${name}"`);
  return below(outputOf(request), request.TrainingJobName, 'rule-output', name);
}

/** Files by the rule that they belong to: those of a folder `Overfit/` without it, and `Overfit.json` beside it. */
export function byRule(files: readonly FoundFile[]): Map<string, { readonly file: FoundFile; readonly as: string }[]> {
  const groups = new Map<string, { file: FoundFile; as: string }[]>();
  for (const file of files) {
    const slash = file.path.indexOf('/');
    const name = slash < 0 ? file.path.replace(/\.json$/, '') : file.path.slice(0, slash);
    const group = groups.get(name) ?? [];
    group.push({ file, as: file.path.slice(slash + 1) });
    groups.set(name, group);
  }
  return groups;
}
