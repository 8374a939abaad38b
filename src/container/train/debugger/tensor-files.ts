import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StepRecord, TensorRecord } from '../../../rules/index.ts';
import { encodeNpy } from './npy.ts';

export interface TensorFiles {
  /** STEP/NAME.npy, gradients as `gradient-NAME.npy`; and a line per step in steps.jsonl. */
  write(record: TensorRecord | StepRecord): void;
  /** Everything that was written is in its files. */
  close(): void;
}

/** Bytes of lines that are gathered before they go to the file. */
const lineBuffer = 1 << 16;

/**
 * The files of a job's Debugger hook. They are written while training goes on in its own thread, so synchronously; the first failure (a
 * full disk) is told once and ends the recording, not the job.
 */
export function openTensorFiles(folder: string, onFailure: (reason: string) => void): TensorFiles {
  let broken = false;
  let lines = '';
  const attempt = (work: () => void): void => {
    if (broken) return;
    try {
      work();
    } catch (error) {
      broken = true;
      onFailure((error as Error).message);
    }
  };
  const flush = (): void => {
    if (lines === '') return;
    mkdirSync(folder, { recursive: true });
    appendFileSync(join(folder, 'steps.jsonl'), lines);
    lines = '';
  };
  return {
    write: (record) =>
      attempt(() => {
        if (record.kind === 'step') {
          const { kind: _, ...step } = record;
          lines += `${JSON.stringify(step)}\n`;
          if (lines.length >= lineBuffer) flush();
          return;
        }
        const { step, collection, name, dims, data } = record;
        const of = join(folder, String(step));
        mkdirSync(of, { recursive: true });
        writeFileSync(join(of, `${collection === 'gradients' ? 'gradient-' : ''}${name}.npy`), encodeNpy(dims, data));
      }),
    close: () => attempt(flush),
  };
}
