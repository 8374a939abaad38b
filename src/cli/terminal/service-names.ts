/** Services by the names that the server gives them, as AWS writes them. */
const names: Readonly<Record<string, string>> = {
  s3: 'S3',
  sts: 'STS',
  iam: 'IAM',
  cloudwatch: 'CloudWatch',
  logs: 'CloudWatch Logs',
  sagemaker: 'SageMaker',
};

export const servedServices = Object.keys(names);

export function serviceName(name: string): string {
  return names[name] ?? name;
}
