import { validation } from './errors.ts';

/** `123456789012.dkr.ecr.us-east-1.amazonaws.com/team/whippet:1.0`: any registry of ECR's whose repository is called whippet. */
const ecrImage =
  /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/(?:[a-z0-9._-]+\/)*whippet(?::[\w.-]{1,128})?(?:@sha256:[0-9a-f]{64})?$/;

/**
 * Jobs and models run Whippet's own container, the same program as in its image. Another image would need a container runtime.
 * @param member `AlgorithmSpecification.TrainingImage`.
 * @throws AwsFault ValidationException that says what would be needed.
 */
export function requireWhippetImage(image: string, member: string): void {
  if (/^whippet(?::[\w.-]{1,128})?$/.test(image) || ecrImage.test(image)) return;
  throw validation(
    `${member} "${image}" cannot be run: a local SageMaker runs Whippet's own image as processes and starts no other containers. ` +
      'Use "whippet", or the URI of an ECR repository named whippet, such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/whippet:latest.',
  );
}
