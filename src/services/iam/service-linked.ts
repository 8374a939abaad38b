/** Roles that services of AWS make for themselves: https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html */

interface LinkedService {
  readonly roleName: string;
  /** ARN of the policy that AWS attaches. */
  readonly policy: string;
}

export type ServicePrincipal =
  | 'sagemaker.application-autoscaling.amazonaws.com'
  | 'lambda.application-autoscaling.amazonaws.com';

/** https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html */
export const linkedServices: Readonly<Record<ServicePrincipal, LinkedService>> = {
  'sagemaker.application-autoscaling.amazonaws.com': {
    roleName: 'AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
    policy: 'arn:aws:iam::aws:policy/aws-service-role/AWSApplicationAutoscalingSageMakerEndpointPolicy',
  },
  'lambda.application-autoscaling.amazonaws.com': {
    roleName: 'AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency',
    policy: 'arn:aws:iam::aws:policy/aws-service-role/AWSApplicationAutoscalingLambdaConcurrencyPolicy',
  },
};

/** Roles and policies on this path belong to AWS's services. */
const path = '/aws-service-role/';

export function serviceLinkedPath(service: string): string {
  return `${path}${service}/`;
}

export function isServiceLinked(entity: { readonly path: string }): boolean {
  return entity.path.startsWith(path);
}

/** Only the service itself may assume its role. */
export function serviceTrust(service: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
}
