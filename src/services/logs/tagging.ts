import type { Demand } from '../operation.ts';
import type { AuthorizationContext } from '../principal.ts';
import { tagDemand } from './demands.ts';
import { resourceNotFound } from './errors.ts';
import { findGroup, type LogGroup } from './groups.ts';
import { groupOfArn } from './names.ts';
import type { LogsState, Place } from './state.ts';

/** Log groups are what has tags here. @throws AwsFault ResourceNotFoundException. */
export function taggedGroup(arn: string, place: Place, state: LogsState): LogGroup {
  const name = groupOfArn(arn, place);
  const group = name === undefined ? undefined : findGroup(place, name, state);
  if (group === undefined) throw resourceNotFound();
  return group;
}

export function resourceDemand(
  action: string,
  arn: string,
  options: { place: Place; state: LogsState; context?: AuthorizationContext },
): Demand {
  const name = groupOfArn(arn, options.place);
  return name === undefined ? { action, resource: arn } : tagDemand(action, name, options);
}
