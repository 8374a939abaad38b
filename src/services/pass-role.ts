import type { Demand } from './operation.ts';

/**
 * Whoever gives a role to a service must be allowed to pass it on: CreateTrainingJob, CreateFunction.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 * @param service Service principal that will assume the role: `sagemaker.amazonaws.com`.
 */
export function passRole(roleArn: string, service: string): Demand {
  return { action: 'iam:PassRole', resource: roleArn, context: { 'iam:PassedToService': service } };
}
