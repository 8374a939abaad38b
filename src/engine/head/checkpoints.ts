import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { packageVersion } from '../features/versions.ts';
import { decodeCheckpoint, encodeCheckpoint, type TrainingState } from './checkpoint-file.ts';
import type { CheckpointOptions } from './checkpoint-options.ts';
import { type HeadOptions, hyperparameters } from './hyperparameters.ts';
import type { PreparedTraining } from './preparation.ts';

export interface CheckpointSurroundings {
  /** From `trainingDigest`. */
  readonly belongsTo: string;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  onWarning(code: 'checkpoint-ignored' | 'checkpoint-failed', message: string): void;
}

export interface Checkpoints {
  /** The newest state of this very training. What is damaged or of another training is left where it is, with a warning. */
  latest(): { readonly state: TrainingState; readonly path: string } | undefined;
  /** The time for another one has come. */
  isDue(): boolean;
  /** Returns the path once the file is on the disk; undefined, with a warning, where it cannot be written: training goes on. */
  save(state: TrainingState): string | undefined;
}

/** The last is what training resumes from; the one before is there should the last be damaged. */
const kept = 2;
const nameDigits = 16;
const suffix = '.part';

/** What a checkpoint belongs to: all that the bits of the model follow from. SHA-256, hex. */
export function trainingDigest(
  prepared: PreparedTraining,
  options: HeadOptions & { readonly seed: number; readonly threads: number },
): string {
  const { train, valid, trainLabels, validLabels, classes, shape, classWeights } = prepared;
  const chosen = Object.keys(hyperparameters).map((name) => [name, options[name as keyof HeadOptions]]);
  const plain = {
    ...{ chosen, seed: options.seed, threads: options.threads, shape, classes },
    rows: [train.rows, valid.rows],
    versions: [packageVersion('onnxruntime-node'), process.arch],
  };
  const hash = createHash('sha256').update(JSON.stringify(plain));
  for (const { buffer, byteOffset, byteLength } of [train.data, valid.data, trainLabels, validLabels, classWeights]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}

/** Files are named `head-DIGEST-EPOCH.checkpoint`. Blocks its thread while it reads and writes. */
export function openCheckpoints(
  { directory, everySeconds }: Pick<CheckpointOptions, 'directory' | 'everySeconds'>,
  { belongsTo, now, onWarning }: CheckpointSurroundings,
): Checkpoints {
  const prefix = `head-${belongsTo.slice(0, nameDigits)}-`;
  const own = (): string[] => namesIn(directory).filter((name) => name.startsWith(prefix));
  let last = now();
  return {
    latest() {
      for (const name of own().reverse()) {
        const path = join(directory, name);
        const found = readCheckpoint(path);
        if ('damage' in found) onWarning('checkpoint-ignored', `The checkpoint ${path} is damaged: ${found.damage}.`);
        else if (found.belongsTo === belongsTo) return { state: found, path };
      }
      const others = namesIn(directory).filter((name) => !name.startsWith(prefix));
      if (others.length > 0) {
        const message = `The checkpoints in ${directory} (${others.at(-1)}) belong to other pictures, hyperparameters or versions: training starts anew.`;
        onWarning('checkpoint-ignored', message);
      }
      return undefined;
    },
    isDue: () => now() - last >= 1000 * everySeconds,
    save(state) {
      last = now();
      const epoch = String(state.snapshot.epoch).padStart(5, '0');
      const path = join(directory, `${prefix}${epoch}.checkpoint`);
      try {
        mkdirSync(directory, { recursive: true });
        writeSynced(path, encodeCheckpoint(state, belongsTo));
        // An unfinished file is of a process that was killed while it wrote.
        const unfinished = readdirSync(directory).filter((name) => name.startsWith(prefix) && name.endsWith(suffix));
        for (const name of [...unfinished, ...own().slice(0, -kept)]) rmSync(join(directory, name), { force: true });
        return path;
      } catch (error) {
        onWarning('checkpoint-failed', `No checkpoint could be written to ${directory}: ${(error as Error).message}.`);
        return undefined;
      }
    },
  };
}

function readCheckpoint(path: string): ReturnType<typeof decodeCheckpoint> {
  try {
    return decodeCheckpoint(readFileSync(path));
  } catch (error) {
    return { damage: (error as Error).message };
  }
}

/** Checkpoints of a folder, oldest epoch first within a training; none where there is no folder to read. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => /^head-[0-9a-f]{16}-\d{5,}\.checkpoint$/.test(name))
      .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  } catch {
    // Nothing to go on from. Where the folder cannot be written either, `save` says so.
    return [];
  }
}

/** The file appears whole under its name, and outlives a loss of power. */
function writeSynced(path: string, content: Uint8Array): void {
  const unfinished = `${path}${suffix}`;
  try {
    const file = openSync(unfinished, 'w');
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  syncFolder(join(path, '..'));
}

function syncFolder(directory: string): void {
  const folder = openSync(directory, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
