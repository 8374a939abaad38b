import type {
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  LogGroup as LogGroupDescription,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Operation, Validated } from '../../operation.ts';
import { invalidParameter } from '../errors.ts';
import type { LogGroup } from '../groups.ts';
import { formatListToken, parseListToken } from '../list-token.ts';
import { groupArn, groupNamed, streamArn } from '../names.ts';
import type { LogsState, Place } from '../state.ts';
import { endOfPrefix } from '../streams.ts';

type Input = Validated<DescribeLogGroupsRequest>;

export const describeLogGroups: Operation<LogsState, DescribeLogGroupsRequest, DescribeLogGroupsResponse> = {
  name: 'DescribeLogGroups',
  fields: {
    accountIdentifiers: 'refused',
    logGroupNamePrefix: 'real',
    logGroupNamePattern: 'real',
    nextToken: 'real',
    limit: 'real',
    includeLinkedAccounts: [false],
    logGroupClass: 'real',
    logGroupIdentifiers: 'real',
  },
  authorize: (_input, call) => [{ action: 'logs:DescribeLogGroups', resource: streamArn(call, '', '') }],
  run(input, call, state) {
    if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined) {
      throw invalidParameter('logGroupNamePrefix and logGroupNamePattern are mutually exclusive parameters.');
    }
    // All groups here are of the class STANDARD.
    if (input.logGroupClass !== undefined && input.logGroupClass !== 'STANDARD') return { logGroups: [] };
    const limit = input.limit ?? 50;
    const found = select(input, { place: call, limit: limit + 1 }, state);
    const shown = found.slice(0, limit);
    const brief = input.logGroupNamePattern !== undefined;
    return {
      logGroups: shown.map((group) => (brief ? described(group) : describedInFull(group))),
      ...(found.length > limit && { nextToken: formatListToken([shown.at(-1)?.name ?? '']) }),
    };
  },
};

function select(
  { logGroupNamePrefix: prefix = '', logGroupNamePattern: pattern = '', logGroupIdentifiers, nextToken }: Input,
  { place, limit }: { place: Place; limit: number },
  { database }: LogsState,
): LogGroup[] {
  const [after] = nextToken === undefined ? [''] : parseListToken(nextToken, ['string']);
  const names = logGroupIdentifiers?.map((identifier) => groupNamed({ logGroupIdentifier: identifier }, place));
  return database.all<LogGroup>(
    `SELECT * FROM log_groups
     WHERE account = ?1 AND region = ?2 AND name >= ?3 AND name < ?4 AND name > ?5 AND instr(name, ?6) > 0
       AND (?7 IS NULL OR name IN (SELECT value FROM json_each(?7)))
     ORDER BY name LIMIT ?8`,
    ...[place.account, place.region, prefix, endOfPrefix(prefix), after as string, pattern],
    names === undefined ? null : JSON.stringify(names),
    limit,
  );
}

function described(group: LogGroup): LogGroupDescription {
  const arn = groupArn(group, group.name);
  return { logGroupName: group.name, creationTime: group.created, arn: `${arn}:*`, logGroupArn: arn };
}

function describedInFull(group: LogGroup): LogGroupDescription {
  return {
    ...described(group),
    ...(group.retention !== null && { retentionInDays: group.retention }),
    metricFilterCount: 0,
    storedBytes: group.bytes,
    logGroupClass: 'STANDARD',
    deletionProtectionEnabled: false,
  };
}
