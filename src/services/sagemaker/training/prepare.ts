import { mkdir } from 'node:fs/promises';
import { shardsOf } from '../channels/listing.ts';
import type { ChannelStore, HeldChannel } from '../channels/store.ts';
import type { RoleSession } from '../state.ts';
import { configFiles, writeInput } from './instance/config-files.ts';
import type { JobLayout } from './instance/layout.ts';
import type { TrainingJobRow, TrainingRequest } from './record.ts';

/** Folders of the channels by their names, for each host in turn. */
export type ChannelFolders = readonly ReadonlyMap<string, string>[];

export interface DownloadGround {
  readonly session: RoleSession;
  readonly channels: ChannelStore;
  readonly signal: AbortSignal;
  /** Whatever is held comes in here, for the caller to release, also where something is thrown. */
  readonly held: HeldChannel[];
}

/** @throws AwsFault as S3 does; JobFailure where there is nothing or no file can be made of it. */
export async function download(
  job: TrainingJobRow,
  { request, hosts }: { readonly request: TrainingRequest; readonly hosts: number },
  { session, channels, signal, held }: DownloadGround,
): Promise<ChannelFolders> {
  const folders = Array.from({ length: hosts }, () => new Map<string, string>());
  const ground = { objects: session.objects, signal };
  for (const channel of request.InputDataConfig ?? []) {
    const files = await channels.list(channel, { ...ground, roleArn: request.RoleArn, region: job.region });
    const distribution = channel.DataSource?.S3DataSource?.S3DataDistributionType;
    const shards = shardsOf(files, { hosts, distribution });
    let last: HeldChannel | undefined;
    for (const [at, shard] of shards.entries()) {
      if (last === undefined || shard !== shards[at - 1]) {
        last = await channels.hold(shard, ground);
        held.push(last);
      }
      folders[at]?.set(channel.ChannelName ?? '', last.path);
    }
  }
  return folders;
}

export async function writeInputs(
  request: TrainingRequest,
  layout: JobLayout,
  channels: ChannelFolders,
): Promise<void> {
  const hosts = layout.hosts.map(({ name }) => name);
  for (const [at, host] of layout.hosts.entries()) {
    const files = configFiles(request, { current: host.name, hosts });
    await writeInput(host, files, channels[at] ?? new Map());
  }
  await mkdir(layout.spool, { recursive: true, mode: 0o700 });
}
