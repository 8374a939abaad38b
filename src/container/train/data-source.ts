import { type Dataset, readDataset, type TrainOptions } from '../../engine/index.ts';
import { userError } from '../../errors/index.ts';
import {
  followExtraction,
  leadExtraction,
  leaderOf,
  type PeerHosts,
  type ProfileExchange,
  type SharedWork,
} from '../peers/index.ts';
import { untilAborted } from '../peers/until-aborted.ts';
import type { ContainerTraining } from './container-training.ts';
import type { TrainingRequest } from './request.ts';

/** A data set that is ready to be trained on, and the hosts that it came from. */
export interface DataSource {
  readonly dataset: Dataset;
  readonly forTrain: Pick<TrainOptions, 'pictureBytes' | 'knownRefusals'>;
  /** Aborted with the reason when another host is lost. */
  readonly lost: AbortSignal;
  /** Lets the other hosts go; to be called in any case. `reason` of a failure. */
  release(reason?: string): Promise<void>;
}

export interface DataSourceOptions {
  readonly request: TrainingRequest;
  readonly training: ContainerTraining;
  readonly profile: ProfileExchange | undefined;
}

/**
 * Reads the data set of a job: alone from `path`, or with the other hosts, when every feature is in the cache afterwards.
 * @returns undefined on a host that follows, once the leader has let it go
 * @throws WHIPPET_CONTAINER_NO_SECRET, WHIPPET_PEERS_*, WHIPPET_DATASET_* and what extraction throws
 */
export async function openDataSource(
  path: string,
  work: SharedWork,
  { request, training, profile }: DataSourceOptions,
): Promise<DataSource | undefined> {
  const { hosts, host } = request;
  if (hosts.length === 1) {
    const { dataset: choice, onEvent, signal } = work;
    const dataset = await readDataset(path, { ...choice, onEvent, signal });
    return aloneWith(dataset);
  }
  const peers = peersOf(request, training);
  if (leaderOf(hosts) !== host) {
    training.log(`Working for ${leaderOf(hosts)}, which leads ${hosts.length} hosts`);
    await followExtraction(path, { ...work, peers, profile });
    return undefined;
  }
  training.log(`Leading ${hosts.length} hosts: ${hosts.join(', ')}`);
  const { dataset, forTrain, lost, release } = await leadExtraction(path, { ...work, peers, profile });
  const { knownRefusals } = forTrain;
  return {
    ...{ dataset, lost },
    forTrain: {
      knownRefusals,
      // A host that is lost answers nothing, and each picture of a report would wait for it.
      async pictureBytes(sample) {
        lost.throwIfAborted();
        return untilAborted(forTrain.pictureBytes(sample), lost);
      },
    },
    release: (reason) => release(reason === undefined ? { ok: true } : { ok: false, reason }),
  };
}

/** Of a host without others. */
export function aloneWith(dataset: Dataset): DataSource {
  return { dataset, forTrain: {}, lost: new AbortController().signal, release: async () => {} };
}

function peersOf({ hosts, host }: TrainingRequest, { environment }: ContainerTraining): PeerHosts {
  const { secret, hosts: addresses } = environment;
  if (secret === undefined) throw userError('WHIPPET_CONTAINER_NO_SECRET', { hosts: hosts.length });
  return { hosts, current: host, secret, addresses };
}
