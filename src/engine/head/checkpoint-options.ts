/** Where and how often the state of training is kept, so that a training that was ended goes on where it was. */
export interface CheckpointOptions {
  /** Created when missing. Several trainings may share it: files are named after what they belong to. */
  readonly directory: string;
  /** A checkpoint is written after the first epoch that ends this long after the last one; 0 after every epoch. */
  readonly everySeconds: number;
  /** A checkpoint is on the disk. */
  onCheckpoint?(written: { readonly epoch: number; readonly path: string }): void;
  /** Training goes on after this epoch; its records and those before are not told again. */
  onResume?(from: { readonly epoch: number; readonly path: string }): void;
}
