import type { DeleteModelInput } from '@aws-sdk/client-sagemaker';
import type { Operation } from '../../operation.ts';
import type { SageMakerContext } from '../context.ts';
import { resourceDemand } from '../demands.ts';
import { deleteModelRow, modelArn, requireModel } from '../models/model.ts';

/** Deletes the entry; the archive stays where it is, as on AWS. */
export const deleteModel: Operation<SageMakerContext, DeleteModelInput, Record<never, never>> = {
  name: 'DeleteModel',
  fields: { ModelName: 'real' },
  authorize: ({ ModelName: name }, call, state) => [
    resourceDemand('sagemaker:DeleteModel', modelArn({ ...call, name }), { state }),
  ],
  run({ ModelName: name }, call, { database }) {
    deleteModelRow(requireModel(name, call, database), database);
    return {};
  },
};
