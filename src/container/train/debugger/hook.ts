import type { TensorSchedule } from '../../../engine/index.ts';
import type { TensorCollection, TensorRecord } from '../../../rules/index.ts';
import { isObject, type JsonObject } from '../config-file.ts';

/** DebugHookConfig: which tensors are kept whole, and when. */
export interface Hook {
  readonly schedules: readonly TensorSchedule[];
  /** What of it has no effect here, in words. */
  readonly remarks: readonly string[];
}

const collections: readonly TensorCollection[] = ['weights', 'biases', 'gradients', 'losses'];

/** Parameters of a collection that are read, with and without `train.` before them. */
const understood = ['save_interval', 'start_step', 'end_step', 'save_steps'];

/** smdebug's: https://github.com/awslabs/sagemaker-debugger/blob/master/docs/api.md#saveconfig */
const defaultInterval = 500;

/**
 * Reads DebugHookConfig as smdebug does: parameters of a collection come before those of the hook, `train.save_interval` before
 * `save_interval`; losses are always kept. Nothing in it can fail a job.
 */
export function readHook(config: JsonObject): Hook {
  const remarks: string[] = [];
  const shared = isObject(config.HookParameters) ? config.HookParameters : {};
  const wanted = new Map<TensorCollection, JsonObject>([['losses', shared]]);
  const list: readonly unknown[] = Array.isArray(config.CollectionConfigurations)
    ? config.CollectionConfigurations
    : [];
  for (const entry of list) {
    if (!isObject(entry)) continue;
    const { CollectionName: name, CollectionParameters: own } = entry;
    const parameters = { ...shared, ...(isObject(own) ? own : {}) };
    const named = name === 'all' ? collections : name === 'default' ? [] : collections.filter((one) => one === name);
    if (named.length === 0 && name !== 'default') {
      remarks.push(`The collection ${String(name)} is not recorded here; there are ${collections.join(', ')} and all.`);
    }
    for (const collection of named) wanted.set(collection, parameters);
    remarks.push(...idleRemarks(isObject(own) ? own : {}, `collection ${String(name)}`));
  }
  remarks.push(...idleRemarks(shared, 'hook'));
  const schedules = [...wanted].map(([collection, parameters]) => scheduleOf(collection, { parameters, remarks }));
  return { schedules, remarks };
}

/** smdebug has more (reductions, regular expressions, modes without training); what says nothing here is named once. */
function idleRemarks(parameters: JsonObject, whose: string): string[] {
  const idle = Object.keys(parameters).filter((name) => !understood.includes(name.replace(/^train\./, '')));
  return idle.length === 0 ? [] : [`Without effect here, of the ${whose}: ${idle.join(', ')}.`];
}

function scheduleOf(
  collection: TensorCollection,
  { parameters, remarks }: { parameters: JsonObject; remarks: string[] },
): TensorSchedule {
  const value = (name: string): string | undefined => {
    const found = parameters[`train.${name}`] ?? parameters[name];
    return found === undefined ? undefined : String(found);
  };
  const step = (name: string, minimum: number): number | undefined => {
    const text = value(name);
    if (text === undefined) return undefined;
    const number = Number(text);
    if (text.trim() !== '' && Number.isInteger(number) && number >= minimum) return number;
    remarks.push(`${name} of the collection ${collection} is "${text}", no whole number from ${minimum} on: left out.`);
    return undefined;
  };
  const steps = value('save_steps')
    ?.replace(/^\[|\]$/g, '')
    .split(',')
    .map(Number)
    .filter((number) => Number.isInteger(number) && number >= 0);
  return {
    collections: [collection],
    // Steps that are named take the place of an interval, unless that is given too.
    every: step('save_interval', 1) ?? (steps ? 0 : defaultInterval),
    from: step('start_step', 0),
    to: step('end_step', 1),
    ...(steps && { steps }),
  };
}

/** Whether the hook keeps a collection at this step: rules may have asked for more. */
export function keeps({ schedules }: Hook, { collection, step }: Pick<TensorRecord, 'collection' | 'step'>): boolean {
  return schedules.some(({ collections: wanted, every, from = 0, to = Number.POSITIVE_INFINITY, steps = [] }) => {
    if (!wanted.includes(collection)) return false;
    return steps.includes(step) || (every > 0 && step % every === 0 && step >= from && step < to);
  });
}
