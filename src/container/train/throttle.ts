import type { EngineEvent } from '../../engine/index.ts';

/** Four a second are more than anybody reads. */
const quietMs = 250;

/** Passes on all events but those of progress that follow another of their stage within a quarter of a second; the last always. */
export function throttleProgress(
  listener: (event: EngineEvent) => void,
  elapsed: () => number,
): (event: EngineEvent) => void {
  const lastAt = new Map<string, number>();
  return (event) => {
    if (event.type === 'progress' && event.done < event.total) {
      const now = elapsed();
      if (now - (lastAt.get(event.stage) ?? Number.NEGATIVE_INFINITY) < quietMs) return;
      lastAt.set(event.stage, now);
    }
    listener(event);
  };
}
