import type { TrainedHead } from '../head.ts';
import type { HeadData } from '../preparation.ts';
import { openHeadTrainer } from '../train-in-worker.ts';
import type { TrainingOptions } from '../training.ts';

/** `trainHead` in a worker thread of its own. @throws WHIPPET_HEAD_* */
export async function trainHeadInWorker(data: HeadData, options: TrainingOptions): Promise<TrainedHead> {
  const trainer = openHeadTrainer(data);
  return trainer.train(options).finally(trainer.close);
}
