import type { ListModelsInput, ListModelsOutput } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import type { SageMakerContext } from '../context.ts';
import { listDemand } from '../demands.ts';
import { listPage } from '../listing.ts';
import { type ModelRow, modelArn } from '../models/model.ts';

export const listModels: Operation<SageMakerContext, ListModelsInput, ListModelsOutput> = {
  name: 'ListModels',
  fields: {
    SortBy: 'real',
    SortOrder: 'real',
    NextToken: 'real',
    MaxResults: 'real',
    NameContains: 'real',
    CreationTimeBefore: 'real',
    CreationTimeAfter: 'real',
  },
  authorize: () => [listDemand('sagemaker:ListModels')],
  run(input, call, { database }) {
    const { rows, nextToken } = listPage<ModelRow>(input, call, {
      ...{ database, table: 'models', columns: { Name: 'name', CreationTime: 'created' } },
      ...{ sortBy: 'CreationTime', sortOrder: 'Descending', fromCreationTime: true },
    });
    return {
      Models: rows.map((model) => ({
        ...{ ModelName: model.name, ModelArn: modelArn(model), CreationTime: new Date(model.created) },
      })),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  },
};
