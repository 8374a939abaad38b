/** CloudWatch Logs. What is faithful, missing and different is in `fidelity`; docs/services/logs.md is written from it and from the table. */
import type { ServedOperation } from '../../wire/index.ts';
import type { AnyOperation } from '../operation.ts';
import type { Fidelity, Service } from '../service.ts';
import { accessDenied } from './errors.ts';
import { createLogGroup } from './operations/create-log-group.ts';
import { createLogStream } from './operations/create-log-stream.ts';
import { deleteLogGroup } from './operations/delete-log-group.ts';
import { deleteLogStream } from './operations/delete-log-stream.ts';
import { deleteRetentionPolicy } from './operations/delete-retention-policy.ts';
import { describeLogGroups } from './operations/describe-log-groups.ts';
import { describeLogStreams } from './operations/describe-log-streams.ts';
import { filterLogEvents } from './operations/filter-log-events.ts';
import { getLogEvents } from './operations/get-log-events.ts';
import { listTagsForResource } from './operations/list-tags-for-resource.ts';
import { putLogEvents } from './operations/put-log-events.ts';
import { putRetentionPolicy } from './operations/put-retention-policy.ts';
import { tagResource } from './operations/tag-resource.ts';
import { untagResource } from './operations/untag-resource.ts';
import type { LogsState } from './state.ts';

export { appendEvents, type LogTarget } from './append.ts';
export type { LogEvent } from './events.ts';
export type { LogsState } from './state.ts';
export { logsUpkeep } from './upkeep.ts';
export { countLogGroups } from './usage.ts';

export const title = 'CloudWatch Logs';

export const operations = {
  CreateLogGroup: createLogGroup,
  CreateLogStream: createLogStream,
  DeleteLogGroup: deleteLogGroup,
  DeleteLogStream: deleteLogStream,
  DeleteRetentionPolicy: deleteRetentionPolicy,
  DescribeLogGroups: describeLogGroups,
  DescribeLogStreams: describeLogStreams,
  FilterLogEvents: filterLogEvents,
  GetLogEvents: getLogEvents,
  ListTagsForResource: listTagsForResource,
  PutLogEvents: putLogEvents,
  PutRetentionPolicy: putRetentionPolicy,
  TagResource: tagResource,
  UntagResource: untagResource,
} satisfies Record<ServedOperation<'logs'>, AnyOperation<LogsState>>;

export const fidelity: Fidelity = {
  faithful: [
    'Batches are checked as AWS checks them: order, 1 MB with 26 bytes for each event, 10,000 events, 24 hours; events that are too old, expired or too new are rejected by index while the others are kept.',
    'GetLogEvents pages in both directions with tokens that never end; at an end the token that was sent comes back.',
    'FilterLogEvents interleaves streams by time and takes terms, "quoted phrases", -excluded and ?optional terms.',
    'Retention deletes events, within minutes where AWS takes up to 72 hours.',
  ],
  missing: [
    'JSON, space-delimited and regular expression patterns in FilterLogEvents.',
    'KMS keys, entities, deletion protection, log classes other than STANDARD, and linked accounts.',
    'Queries (Insights), Live Tail, metric and subscription filters, exports and destinations.',
  ],
  different: [
    'What was put can be read at once; AWS may take seconds.',
    'storedBytes of a group counts messages and 26 bytes for each; AWS counts compressed bytes, with a delay.',
    'Terms of a filter are found within words too; AWS does not say what it does.',
    'Tokens do not expire; those of AWS do after 24 hours.',
    'Requests are not throttled.',
  ],
};

export function createLogs(state: LogsState): Service<LogsState> {
  return { operations, state, denied: accessDenied };
}
