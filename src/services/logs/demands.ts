/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
import type { Demand } from '../operation.ts';
import type { AuthorizationContext } from '../principal.ts';
import { findGroup, tagsOf } from './groups.ts';
import { groupArn, streamArn } from './names.ts';
import type { LogsState, Place } from './state.ts';

interface DemandOptions {
  readonly place: Place;
  readonly state: LogsState;
  readonly context?: AuthorizationContext;
}

/**
 * The right to do something to a group. AWS asks for it as `…:log-group:NAME:log-stream:`, which is what denials show, and why policies
 * name groups as `…:log-group:NAME:*`.
 */
export function groupDemand(action: string, group: string, options: DemandOptions): Demand {
  return streamDemand(action, { group, stream: '' }, options);
}

export function streamDemand(
  action: string,
  { group, stream }: { group: string; stream: string },
  { place, state, context }: DemandOptions,
): Demand {
  const resource = streamArn(place, group, stream);
  return { action, resource, context: { ...tagContext(group, place, state), ...context } };
}

/** Tags are asked for by the group's ARN without anything behind it. */
export function tagDemand(action: string, group: string, { place, state, context }: DemandOptions): Demand {
  const resource = groupArn(place, group);
  return { action, resource, context: { ...tagContext(group, place, state), ...context } };
}

function tagContext(group: string, place: Place, state: LogsState): AuthorizationContext {
  const found = findGroup(place, group, state);
  return found ? prefixed('aws:ResourceTag/', tagsOf(found)) : {};
}

export function requestTags(tags: Readonly<Record<string, string>> = {}): AuthorizationContext {
  return { ...prefixed('aws:RequestTag/', tags), 'aws:TagKeys': Object.keys(tags) };
}

function prefixed(prefix: string, tags: Readonly<Record<string, string>>): AuthorizationContext {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [prefix + key, value]));
}
