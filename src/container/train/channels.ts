import { mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { userError } from '../../errors/index.ts';
import type { TrainingTree } from './tree.ts';

/** Folder of each channel by its name. */
export type Channels = ReadonlyMap<string, string>;

/** The data set as one folder. */
export interface DataFolder {
  readonly path: string;
  /** The channels that it is made of. */
  readonly channels: readonly string[];
  /** Removes what was made for it. */
  close(): Promise<void>;
}

const trainNames = ['training', 'train'];
const splitOf: Readonly<Record<string, 'valid' | 'test'>> = {
  ...{ validation: 'valid', valid: 'valid', val: 'valid' },
  ...{ test: 'test', testing: 'test' },
};
export const weightsChannel = 'weights';

/**
 * The channels that lie below `input/data`: those that inputdataconfig.json names, or all folders where there is no such file.
 * SM_CHANNEL_NAME comes first.
 */
export async function findChannels(
  tree: TrainingTree,
  named: readonly string[] | undefined,
  toolkit: Readonly<Record<string, string>>,
): Promise<Channels> {
  const channels = new Map<string, string>();
  for (const name of named ?? (await foldersIn(tree.data))) channels.set(name, join(tree.data, name));
  for (const [variable, path] of Object.entries(toolkit)) {
    const name = /^CHANNEL_(.+)$/.exec(variable)?.[1];
    if (name === undefined) continue;
    const same = [...channels.keys()].find((known) => known.toUpperCase() === name.toUpperCase());
    channels.set(same ?? name.toLowerCase(), path);
  }
  return channels;
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  // A channel may be a link to a folder that jobs share.
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .sort();
}

/**
 * The data set: a channel `training` (or `train`) as it is, or the channels of splits under one roof.
 * @throws WHIPPET_CONTAINER_NO_CHANNEL, WHIPPET_CONTAINER_EMPTY_CHANNEL, WHIPPET_CONTAINER_CHANNELS
 */
export async function openDataFolder(
  channels: Channels,
  { tree, alone }: { readonly tree: TrainingTree; readonly alone: boolean },
): Promise<DataFolder> {
  const train = trainNames.filter((name) => channels.has(name));
  const [name] = train;
  if (name === undefined) {
    throw userError('WHIPPET_CONTAINER_NO_CHANNEL', { path: tree.data, found: [...channels.keys()].sort() });
  }
  if (train.length > 1) {
    throw userError('WHIPPET_CONTAINER_CHANNELS', { problem: 'There is a channel "training" and a channel "train".' });
  }
  const held = [...channels.keys()].filter((channel) => Object.hasOwn(splitOf, channel)).sort();
  for (const channel of [name, ...held]) await requireContent(channel, { channels, alone });
  const path = channels.get(name) as string;
  if (held.length === 0) return { path, channels: [name], close: async () => {} };
  return underOneRoof({ train: name, held }, channels);
}

/** With several hosts, one whose shard of the objects is empty still has hands: its folder is made where it is missing. */
async function requireContent(
  channel: string,
  { channels, alone }: { readonly channels: Channels; readonly alone: boolean },
): Promise<void> {
  const path = channels.get(channel) as string;
  if (!alone) return void (await mkdir(path, { recursive: true }).catch(() => undefined));
  const found = await stat(path).catch(() => undefined);
  const names = found?.isDirectory() ? await readdir(path) : [];
  if (names.length === 0) throw userError('WHIPPET_CONTAINER_EMPTY_CHANNEL', { channel, path });
}

/** A temporary folder with a link per split, as the engine reads `train/ valid/ test/`. */
async function underOneRoof(
  { train, held }: { train: string; held: readonly string[] },
  channels: Channels,
): Promise<DataFolder> {
  const trainPath = channels.get(train) as string;
  const inner = (await foldersIn(trainPath)).filter((name) => name === 'train' || Object.hasOwn(splitOf, name));
  if (inner.length > 0) {
    const problem = `The channel "${train}" has folders of splits itself (${inner.join(', ')}), and there is a channel "${held[0]}".`;
    throw userError('WHIPPET_CONTAINER_CHANNELS', { problem });
  }
  const path = await mkdtemp(join(tmpdir(), 'whippet-channels-'));
  const close = (): Promise<void> => rm(path, { recursive: true, force: true });
  try {
    await symlink(trainPath, join(path, 'train'));
    for (const channel of held) {
      const split = splitOf[channel] as string;
      await symlink(channels.get(channel) as string, join(path, split)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
        const problem = `Two channels hold the ${split} split: ${held.filter((name) => splitOf[name] === split).join(' and ')}.`;
        throw userError('WHIPPET_CONTAINER_CHANNELS', { problem });
      });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { path, channels: [train, ...held], close };
}
