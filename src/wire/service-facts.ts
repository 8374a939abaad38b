import type { ServiceName } from './schemas.ts';

/** What AWS calls a service on the wire. */
export interface ServiceFacts {
  /** In the credential scope. */
  readonly signingName: string;
  /** Of X-Amz-Target and of CBOR paths. */
  readonly target?: string;
  /** Of XML answers. */
  readonly xmlNamespace?: string;
  /** CloudWatch: was query, so its errors have two names and JSON answers carry x-amzn-query-error. */
  readonly awsQueryCompatible?: true;
}

export const serviceFacts: Readonly<Record<ServiceName, ServiceFacts>> = {
  s3: { signingName: 's3', xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/' },
  sts: { signingName: 'sts', xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
  iam: { signingName: 'iam', xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/' },
  cloudwatch: {
    signingName: 'monitoring',
    target: 'GraniteServiceVersion20100801',
    xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    awsQueryCompatible: true,
  },
  logs: { signingName: 'logs', target: 'Logs_20140328' },
  sagemaker: { signingName: 'sagemaker', target: 'SageMaker' },
};
