import { formatArn, parseArn } from '../../arn/index.ts';
import { groupNotFound, invalidParameter } from './errors.ts';
import type { Place } from './state.ts';

/** Without the `:*` that `arn` of DescribeLogGroups ends with. */
export function groupArn(place: Place, group: string): string {
  return formatArn({ partition: 'aws', service: 'logs', ...place, resource: `log-group:${group}` });
}

export function streamArn(place: Place, group: string, stream: string): string {
  return `${groupArn(place, group)}:log-stream:${stream}`;
}

/** Name of the group that an ARN names in this account and region; undefined for any other. The model admits no `:*` here. */
export function groupOfArn(text: string, { account, region }: Place): string | undefined {
  const arn = parseArn(text);
  if (arn?.service !== 'logs' || arn.account !== account || arn.region !== region) return undefined;
  return /^log-group:([^:]+)$/.exec(arn.resource)?.[1];
}

export interface NamesGroup {
  readonly logGroupName?: string | undefined;
  /** Name or ARN. */
  readonly logGroupIdentifier?: string | undefined;
}

/**
 * The group that the operations mean which take a name or an identifier.
 * @throws AwsFault InvalidParameterException for both or none, ResourceNotFoundException for an ARN of elsewhere.
 */
export function groupNamed({ logGroupName, logGroupIdentifier }: NamesGroup, place: Place): string {
  if ((logGroupName === undefined) === (logGroupIdentifier === undefined)) {
    throw invalidParameter('Exactly one of logGroupName and logGroupIdentifier must be specified.');
  }
  const identifier = logGroupName ?? logGroupIdentifier ?? '';
  if (!identifier.startsWith('arn:')) return identifier;
  const name = groupOfArn(identifier, place);
  if (name === undefined) throw groupNotFound();
  return name;
}
