import type { Call } from '../../operation.ts';
import { requireInput } from '../channels/first-look.ts';
import { validation } from '../errors.ts';
import type { RunnableModel } from '../models/model.ts';
import type { Roles } from '../state.ts';
import { couldNotAssume } from '../training/role.ts';
import { inputChannel } from './check.ts';
import { type TransformRequest, transformJobArn } from './record.ts';

/**
 * As AWS does before it takes a job: whether the model's role can be assumed, and sees something at the input.
 * @throws AwsFault ValidationException in AWS's words.
 */
export async function checkInput(
  request: TransformRequest,
  { model, call, roles }: { readonly model: RunnableModel; readonly call: Call; readonly roles: Roles },
): Promise<void> {
  const { account, region } = call;
  const { roleArn } = model;
  const name = request.TransformJobName;
  const options = { sessionName: name, region, sourceArn: transformJobArn({ account, region, name }) };
  const session = await roles.assume(roleArn, options);
  if (session === undefined) throw validation(couldNotAssume(roleArn));
  await requireInput(inputChannel(request), { objects: session.objects, roleArn, region });
}
