/**
 * One host of a job in a process of its own: `run-host SETTINGS`, the JSON of `HostSettings`. The leader trains. Tells its events as JSON
 * lines on standard output, and as the last one how it ended.
 */
import { writeSync } from 'node:fs';
import { type EngineEvent, train } from '../../../engine/index.ts';
import { isWhippetError } from '../../../errors/index.ts';
import { followExtraction, leadExtraction, leaderOf, type PeerHosts } from '../index.ts';

export interface HostSettings {
  readonly photos: string;
  readonly out: string;
  readonly cacheDirectory: string;
  readonly peers: PeerHosts;
  /** Default scatter. */
  readonly backbone?: string;
  readonly views?: string;
  /** Worker processes. Default 1. */
  readonly workers?: number;
  /** The leader ends here, without training. */
  readonly extractOnly?: boolean;
}

export type HostWord =
  | { readonly type: 'event'; readonly event: EngineEvent }
  | { readonly type: 'shared' }
  | { readonly type: 'ended'; readonly error?: { readonly code: string; readonly message: string } };

// Written at once: whoever reads it may kill this process on what it reads.
const tell = (word: HostWord): void => void writeSync(1, `${JSON.stringify(word)}\n`);

const settings = JSON.parse(process.argv[2] ?? '{}') as HostSettings;
const { photos, out, cacheDirectory, peers, backbone = 'scatter', views, workers = 1 } = settings;
const work = {
  ...{ peers, cacheDirectory, seed: 1, workers, backbone: { spec: backbone }, ...(views && { views }) },
  onEvent: (event: EngineEvent) => tell({ type: 'event', event }),
};

async function leadAndTrain(): Promise<void> {
  const led = await leadExtraction(photos, work);
  tell({ type: 'shared' });
  try {
    if (!settings.extractOnly) {
      await train(photos, { ...work, ...led.forTrain, out, hyperparameters: { epochs: '3' } });
    }
    await led.release({ ok: true });
  } catch (error) {
    await led.release({ ok: false, reason: (error as Error).message });
    throw error;
  }
}

try {
  await (peers.current === leaderOf(peers.hosts) ? leadAndTrain() : followExtraction(photos, work));
  tell({ type: 'ended' });
} catch (error) {
  const code = isWhippetError(error) ? error.code : 'DEFECT';
  tell({ type: 'ended', error: { code, message: (error as Error).stack ?? String(error) } });
}
