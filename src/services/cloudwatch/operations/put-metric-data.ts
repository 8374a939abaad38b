import type { PutMetricDataInput } from '@aws-sdk/client-cloudwatch';
import type { Operation } from '../../operation.ts';
import { invalidValue, missingParameter, requestTooLarge } from '../errors.ts';
import { readMetricData } from '../metric-data.ts';
import { putData } from '../recent.ts';
import type { CloudWatchState } from '../state.ts';

const largestRequest = 1_048_576;
const dataPerRequest = 1000;

export const putMetricData: Operation<CloudWatchState, PutMetricDataInput, object> = {
  name: 'PutMetricData',
  fields: {
    Namespace: 'real',
    MetricData: 'real',
    EntityMetricData: 'refused',
    // Means nothing without entities.
    StrictEntityValidation: [false],
  },
  authorize: ({ Namespace }) => [
    { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': Namespace } },
  ],
  run({ Namespace: namespace, MetricData: data = [] }, call, state) {
    if (Number(call.headers.get('content-length') ?? 0) > largestRequest) throw requestTooLarge();
    if (data.length === 0) throw missingParameter('The parameter MetricData is required.');
    if (data.length > dataPerRequest) {
      throw invalidValue(`The collection MetricData must not have a size greater than ${dataPerRequest}.`);
    }
    // Namespaces of AWS's own services.
    if (/^AWS\//.test(namespace)) throw invalidValue(`The value ${namespace} for parameter Namespace is invalid.`);
    putData({ account: call.account, region: call.region, namespace }, readMetricData(data, call.now), state);
    return {};
  },
};
