import type { TrainingRecord } from '../../rules/records.ts';
import type { EpochRecord } from '../events.ts';
import type { CheckpointOptions } from './checkpoint-options.ts';
import type { HeadRecording } from './recording.ts';

/** What a training says while it works: plain data, so that it can come from another thread. */
export type TrainingProgress =
  | { readonly type: 'epoch'; readonly epoch: EpochRecord; readonly time: EpochTime }
  | { readonly type: 'records'; readonly records: readonly TrainingRecord[] }
  | { readonly type: 'checkpoint' | 'resumed'; readonly epoch: number; readonly path: string }
  | { readonly type: 'warning'; readonly code: string; readonly message: string };

/** When an epoch began, in seconds since 1970, and the seconds that it took, measurement on `valid` included. */
export interface EpochTime {
  readonly start: number;
  readonly seconds: number;
}

/** Who wants to hear of it. */
export interface TrainingListeners {
  readonly onEpoch?: ((record: EpochRecord, time: EpochTime) => void) | undefined;
  readonly record?: HeadRecording | undefined;
  readonly checkpoints?: CheckpointOptions | undefined;
  readonly onWarning?: ((warning: { readonly code: string; readonly message: string }) => void) | undefined;
}

export function tellListeners(progress: TrainingProgress, listeners: TrainingListeners): void {
  const { onEpoch, record, checkpoints, onWarning } = listeners;
  if (progress.type === 'epoch') onEpoch?.(progress.epoch, progress.time);
  else if (progress.type === 'records') for (const one of progress.records) record?.onRecord(one);
  else if (progress.type === 'warning') onWarning?.({ code: progress.code, message: progress.message });
  else {
    const { epoch, path } = progress;
    if (progress.type === 'checkpoint') checkpoints?.onCheckpoint?.({ epoch, path });
    else checkpoints?.onResume?.({ epoch, path });
  }
}
