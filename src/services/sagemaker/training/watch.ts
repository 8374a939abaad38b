import { readInside } from '../output/inside.ts';
import { asOnAws } from './instance/layout.ts';
import type { RunningHost } from './instance/start.ts';
import { completed, endedBy, failed, type Outcome, stopped } from './outcome.ts';
import type { StopControl } from './stop-control.ts';

/** As AWS: after SIGTERM, a container has so long to leave a model. */
const stopGrace = 120;
/** The others of a job that has failed have nothing more to say. */
const failureGrace = 5;
/** A server that ends cannot wait; the next one goes on from the last checkpoint. */
const closingGrace = 2;

interface Ended {
  readonly running: RunningHost;
  readonly code: number | null;
  readonly signal: string | null;
}

/**
 * Waits for the instances of a job: all end well, one does not, or the job is to stop. All have ended when it returns.
 * @returns 'closing' where the server ends and the job goes on with the next.
 */
export async function watchInstances(hosts: readonly RunningHost[], stop: StopControl): Promise<Outcome | 'closing'> {
  const stopping = whenAborted(stop.signal);
  const waiting = new Map(hosts.map((running) => [running, endOf(running)]));
  const endAll = (grace: number) => Promise.all(hosts.map(({ instance }) => instance.stop(grace)));
  try {
    while (waiting.size > 0) {
      const next = await Promise.race([...waiting.values(), stopping.promise]);
      if (next === 'stop') {
        const { reason = 'closing' } = stop;
        const [leader] = await endAll(reason === 'closing' ? closingGrace : stopGrace);
        return reason === 'closing' ? 'closing' : stopped(reason, leader?.code === 0);
      }
      waiting.delete(next.running);
      if (next.code === 0) continue;
      await endAll(failureGrace);
      return await failureOf(next, hosts.length);
    }
    return completed;
  } finally {
    stopping.forget();
    for (const { log } of hosts) log.flush();
  }
}

async function endOf(running: RunningHost): Promise<Ended> {
  return { running, ...(await running.instance.exited) };
}

function whenAborted(signal: AbortSignal): { promise: Promise<'stop'>; forget: () => void } {
  let tell = (): void => {};
  const promise = new Promise<'stop'>((resolve) => {
    tell = () => resolve('stop');
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
  });
  return { promise, forget: () => signal.removeEventListener('abort', tell) };
}

const longestFailure = 4096;

/** AWS's form: what the container wrote to /opt/ml/output/failure, and the exit code. */
async function failureOf({ running, code, signal }: Ended, instances: number): Promise<Outcome> {
  const { host, lastComplaint } = running;
  if (signal !== null) {
    return failed(
      'AlgorithmError',
      `the process of ${host.name} ${endedBy(signal)}. ${startAgain}, exit code: ${exitCodeOf(signal)}`,
    );
  }
  const written = (await readInside(host.root, 'output/failure', longestFailure))?.trim();
  const reason = written || lastComplaint() || 'the container ended without a reason';
  const where = instances > 1 ? `${host.name}: ` : '';
  const ending = `, exit code: ${code}`;
  return failed(
    'AlgorithmError',
    `${where}${asOnAws(reason, host).slice(0, 1000 - where.length - ending.length)}${ending}`,
  );
}

const startAgain =
  'A new job with the same CheckpointConfig goes on from its last checkpoint; without one, it begins again';

/** As shells count. */
function exitCodeOf(signal: string): number {
  const numbers: Readonly<Record<string, number>> = { SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15, SIGABRT: 6, SIGBUS: 7 };
  return 128 + (numbers[signal] ?? 0);
}
