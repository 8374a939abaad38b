import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingRequest } from '../record.ts';
import type { HostLayout } from './layout.ts';

/**
 * The files from which a container learns what to do, as SageMaker writes them.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 */
export function configFiles(
  request: TrainingRequest,
  { current, hosts }: { readonly current: string; readonly hosts: readonly string[] },
): Readonly<Record<string, unknown>> {
  const type = request.ResourceConfig?.InstanceType;
  const group = 'homogeneousCluster';
  return {
    'hyperparameters.json': request.HyperParameters ?? {},
    'inputdataconfig.json': Object.fromEntries((request.InputDataConfig ?? []).map(channelConfig(request))),
    'resourceconfig.json': {
      current_host: current,
      current_instance_type: type,
      current_group_name: group,
      hosts,
      instance_groups: [{ instance_group_name: group, instance_type: type, hosts }],
      network_interface_name: 'eth0',
    },
    // Whippet's own: on AWS, Debugger's rules run beside the job; here, in it.
    'rulesconfig.json': {
      debugHook: request.DebugHookConfig ?? null,
      debugRules: request.DebugRuleConfigurations ?? [],
      profilerRules: request.ProfilerRuleConfigurations ?? [],
      profiler: request.ProfilerConfig ?? null,
    },
  };
}

type ChannelOf = NonNullable<TrainingRequest['InputDataConfig']>[number];

function channelConfig({ AlgorithmSpecification }: TrainingRequest) {
  return (channel: ChannelOf): [string, object] => [
    channel.ChannelName ?? '',
    {
      ...(channel.ContentType !== undefined && { ContentType: channel.ContentType }),
      TrainingInputMode: channel.InputMode ?? AlgorithmSpecification?.TrainingInputMode,
      S3DistributionType: channel.DataSource?.S3DataSource?.S3DataDistributionType ?? 'FullyReplicated',
      RecordWrapperType: channel.RecordWrapperType ?? 'None',
    },
  ];
}

/**
 * Makes an instance's tree anew. Checkpoints, the cache and what rules found in an earlier attempt stay; what it had for results goes.
 */
export async function clearTree({ root, directory, cache }: HostLayout): Promise<void> {
  const output = join(root, 'output');
  await mkdir(output, { recursive: true, mode: 0o700 });
  const results = (await readdir(output)).filter((name) => name !== 'rules').map((name) => join(output, name));
  for (const path of [join(root, 'model'), ...results]) await rm(path, { recursive: true, force: true });
  const folders = ['model', 'output/data', 'checkpoints'].map((name) => join(root, name));
  for (const folder of [...folders, cache, join(directory, 'tmp')])
    await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** @param channels Folder of each channel by its name. */
export async function writeInput(
  { input }: HostLayout,
  files: Readonly<Record<string, unknown>>,
  channels: ReadonlyMap<string, string>,
): Promise<void> {
  await rm(input, { recursive: true, force: true });
  for (const name of ['config', 'data']) await mkdir(join(input, name), { recursive: true, mode: 0o700 });
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(input, 'config', name), JSON.stringify(content));
  }
  for (const [name, path] of channels) await symlink(path, join(input, 'data', name));
}
