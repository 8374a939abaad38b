import { encodeModel } from '../onnx/model.ts';
import { openSession, type Session } from '../onnx/session.ts';
import { type EpochOptions, epochModel, type StepDetail } from './epoch-graph.ts';
import type { HeadShape } from './parameters.ts';

/** The graphs of training: the one for nearly all steps, and one that also puts out tensors, opened when it is first needed. */
export function openGraphs(shape: HeadShape, options: EpochOptions & { readonly threads: number }) {
  const open = (detail: StepDetail): Promise<Session> =>
    openSession(encodeModel(epochModel(shape, { ...options, detail })), {
      threads: options.threads,
      source: 'the training graph',
    });
  const opened = new Map<StepDetail, Promise<Session>>();
  return {
    async of(whole: boolean): Promise<{ session: Session; detail: StepDetail }> {
      const detail = whole ? 'tensors' : options.detail;
      const session = opened.get(detail) ?? open(detail);
      opened.set(detail, session);
      return { session: await session, detail };
    },
    async release(): Promise<void> {
      for (const session of opened.values()) await (await session).release();
    },
  };
}
