import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checkLocalNames, isFolderMarker } from '../channels/local-names.ts';
import { filesIn } from '../output/inside.ts';
import { type UploadGround, uploadFile } from '../output/upload.ts';
import { below, parseS3Uri } from '../s3-uri.ts';
import type { RoleObjects } from '../state.ts';
import type { TrainingRequest } from './record.ts';

/** Keeps a folder of checkpoints and a prefix of S3 alike. AWS does so for every instance; here the one that trains has all of them. */
export interface CheckpointSync {
  /** Fetches what an earlier job left, unless an earlier attempt of this one left its own. @throws AwsFault as S3 does; JobFailure. */
  pull(objects: RoleObjects): Promise<void>;
  /** Puts what is new or has changed, after what was asked for before. @throws AwsFault as S3 does. */
  push(ground: UploadGround): Promise<void>;
}

const nothing: CheckpointSync = { pull: async () => {}, push: async () => {} };

/** @param folder `opt/ml/checkpoints` of the first instance. */
export function checkpointSync({ CheckpointConfig }: TrainingRequest, folder: string): CheckpointSync {
  if (CheckpointConfig === undefined) return nothing;
  const uri = CheckpointConfig.S3Uri ?? '';
  const target = parseS3Uri(uri, 'CheckpointConfig.S3Uri');
  /** What S3 has, by path: size and time of change here. */
  const known = new Map<string, string>();
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;

  const pushChanged = async (ground: UploadGround): Promise<void> => {
    for (const { path, size, modified } of await filesIn(folder)) {
      const state = `${size} ${modified}`;
      // What is still being written has a name of its own until it is whole.
      if (known.get(path) === state || /\.(tmp|part|partial)$|^\./.test(basename(path))) continue;
      if (await uploadFile({ folder, path }, below(target, ...path.split('/')), ground)) known.set(path, state);
    }
  };

  return {
    async pull(objects) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if ((await readdir(folder)).length > 0) return;
      const prefix = below(target, '').key;
      const files = [];
      for await (const entry of objects.list(target.bucket, prefix)) {
        if (!isFolderMarker(entry)) files.push({ ...entry, path: entry.key.slice(prefix.length) });
      }
      checkLocalNames(files, uri);
      for (const { key, path } of files) {
        const file = join(folder, path);
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        await objects.writeTo(target.bucket, key, { path: `${file}.part`, link: false });
        await rename(`${file}.part`, file);
      }
      for (const { path, size, modified } of await filesIn(folder)) known.set(path, `${size} ${modified}`);
    },
    push(ground) {
      // One that has not begun will find what is new for all who ask meanwhile, however often an instance does.
      waiting ??= last
        .catch(() => {})
        .then(() => {
          waiting = undefined;
          return pushChanged(ground);
        });
      last = waiting;
      return waiting;
    },
  };
}
