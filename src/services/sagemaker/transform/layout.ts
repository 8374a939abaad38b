import { join } from 'node:path';
import { socketFolder } from '../socket-folder.ts';
import type { SageMakerState } from '../state.ts';
import type { TransformJobRow } from './record.ts';

/** Where a transform job has its files. */
export interface TransformLayout {
  /** All that the job has on the disk. */
  readonly directory: string;
  readonly archive: string;
  /** The unpacked model, which all instances read. */
  readonly model: string;
  /** A folder for each instance, which alone sees it, with the socket on which it answers. */
  readonly sockets: string;
  readonly hosts: readonly TransformHost[];
}

export interface TransformHost {
  /** `algo-1`. */
  readonly name: string;
  /** The instance's own tree, and its working directory. */
  readonly directory: string;
  /** `opt/ml` in it. */
  readonly root: string;
  readonly socketFolder: string;
  readonly socket: string;
}

/** @param temporary Folder for sockets where the job's own lies too deep. */
export function transformLayout(
  { id, name }: Pick<TransformJobRow, 'id' | 'name'>,
  { instances, state, temporary }: { instances: number; state: Pick<SageMakerState, 'directory'>; temporary: string },
): TransformLayout {
  const directory = join(transformFolder(state), `${name}-${id}`);
  const near = join(transformFolder(state), `${id}.sockets`);
  const sockets = socketFolder(near, { state: state.directory, temporary, job: `t${id}` });
  return {
    ...{ directory, sockets, archive: join(directory, 'model.tar.gz'), model: join(directory, 'model') },
    hosts: Array.from({ length: instances }, (_, at) => {
      const host = `algo-${at + 1}`;
      const own = join(directory, host);
      const socketFolder = join(sockets, `${at + 1}`);
      const places = { directory: own, root: join(own, 'opt/ml'), socketFolder, socket: join(socketFolder, 'http') };
      return { name: host, ...places };
    }),
  };
}

/** Paths as a container on AWS would tell them: where its files lie here is nobody's concern. */
export function asOnAws(text: string, { model, sockets }: TransformLayout, { root }: TransformHost): string {
  return text.replaceAll(model, '/opt/ml/model').replaceAll(root, '/opt/ml').replaceAll(sockets, '/run');
}

/** Of all transform jobs. */
export function transformFolder({ directory }: Pick<SageMakerState, 'directory'>): string {
  return join(directory, 'transforms');
}
