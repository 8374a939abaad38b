import type { EngineEvent } from '../../engine/index.ts';
import type { PhaseRecord } from '../../rules/index.ts';
import type { InstanceEvent, InstancePhase } from '../events.ts';

export interface PhasesOptions {
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly tell: (event: InstanceEvent) => void;
  readonly onPhase: (record: PhaseRecord) => void;
}

export interface Phases {
  enter(phase: InstancePhase): void;
  /** Events of the engine show that pictures go through the backbone. */
  see(event: EngineEvent): void;
  /** The phase at work is over. */
  end(): void;
}

/** Which part of its way a job is on; each phase is told when it begins, and recorded when it is over. */
export function trackPhases({ host, now, tell, onPhase }: PhasesOptions): Phases {
  let current: { readonly name: InstancePhase; readonly start: number } | undefined;
  const end = (): void => {
    if (current) onPhase({ kind: 'phase', host, name: current.name, start: current.start, end: now() / 1000 });
    current = undefined;
  };
  const enter = (name: InstancePhase): void => {
    if (current?.name === name) return;
    end();
    current = { name, start: now() / 1000 };
    tell({ type: 'phase', phase: name });
  };
  return {
    enter,
    end,
    see(event) {
      if (event.type === 'progress' && event.stage === 'features' && current?.name === 'reading') enter('extracting');
    },
  };
}
