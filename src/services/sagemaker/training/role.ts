import { validation } from '../errors.ts';
import type { Place } from '../place.ts';
import type { RoleSession, SageMakerState } from '../state.ts';
import { trainingJobArn } from './record.ts';

interface JobWithRole {
  readonly roleArn: string;
  readonly job: Place & { readonly name: string };
}

/** The job's role, as SageMaker assumes it; undefined where it may not. */
export function assumeRole(
  { roleArn, job }: JobWithRole,
  { roles }: Pick<SageMakerState, 'roles'>,
): Promise<RoleSession | undefined> {
  const { name, region } = job;
  return roles.assume(roleArn, { sessionName: name, region, sourceArn: trainingJobArn(job) });
}

/** @throws AwsFault ValidationException in AWS's words. */
export async function requireRole(wanted: JobWithRole, state: Pick<SageMakerState, 'roles'>): Promise<RoleSession> {
  const session = await assumeRole(wanted, state);
  if (session === undefined) throw validation(couldNotAssume(wanted.roleArn));
  return session;
}

export function couldNotAssume(roleArn: string): string {
  return `Could not assume role ${roleArn}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.`;
}
