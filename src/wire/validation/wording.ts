import type { Protocol } from '../protocols/protocol.ts';
import type { ServiceName } from '../schemas.ts';
import { cloudwatchWording } from './cloudwatch-wording.ts';
import { coralWording } from './coral-wording.ts';
import { iamWording } from './iam-wording.ts';
import { s3Wording } from './s3-wording.ts';
import type { Wording } from './violation.ts';

/** The words in which the service refuses an input that came in this protocol. */
export function wordingOf(service: ServiceName, protocol: Protocol['name']): Wording {
  switch (service) {
    case 's3':
      return s3Wording;
    case 'sts':
      return coralWording({ code: 'ValidationError', values: 'shown', protocol });
    case 'iam':
      return iamWording(protocol);
    case 'sagemaker':
      return coralWording({ code: 'ValidationException', values: 'shown', protocol });
    case 'logs':
      return coralWording({ code: 'InvalidParameterException', values: 'hidden', protocol });
    case 'cloudwatch':
      return cloudwatchWording(protocol);
  }
}
