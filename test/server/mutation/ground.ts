import { element, statement } from '../client.ts';
import type { Running } from '../running.ts';

/** Makes what valid requests ask for, which may be there already. @returns names and documents by the members that hold them. */
export async function prepare({ root }: Running): Promise<Readonly<Record<string, readonly string[]>>> {
  for (const bucket of ['bucket', 'versioned']) await root.s3('PUT', `/${bucket}`);
  const on = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
  await root.s3('PUT', '/versioned?versioning', { body: on });
  for (const bucket of ['bucket', 'versioned']) await root.s3('PUT', `/${bucket}/kept`, { body: 'kept bytes' });
  const upload = element((await root.s3('POST', '/bucket/a?uploads')).text, 'UploadId');
  const part = await root.s3('PUT', `/bucket/a?partNumber=1&uploadId=${upload}`, { body: 'part' });
  await root.json('logs', 'Logs_20140328.CreateLogGroup', { logGroupName: 'group' });
  await root.json('logs', 'Logs_20140328.CreateLogStream', { logGroupName: 'group', logStreamName: 'stream' });
  const trust = JSON.stringify(statement({ Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }));
  await root.query('iam', { Action: 'CreateRole', RoleName: 'role', AssumeRolePolicyDocument: trust });
  const rights = JSON.stringify(statement({ Action: 's3:Get*', Resource: '*' }));
  await root.query('iam', { Action: 'CreatePolicy', PolicyName: 'policy', PolicyDocument: rights });
  const bucketPolicy = statement({ Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/*' });
  const policyArns = ['arn:aws:iam::000000000000:policy/policy', 'arn:aws:iam::aws:policy/AmazonS3FullAccess'];
  return {
    Bucket: ['bucket', 'bucket', 'versioned', 'scratch'],
    Key: ['kept', 'kept', 'a', 'b', 'a/b', 'é 犬'],
    UploadId: [upload],
    ETag: [String(part.headers.etag)],
    CopySource: ['/bucket/kept', 'versioned/kept'],
    Range: ['bytes=0-3'],
    Policy: [JSON.stringify(bucketPolicy), rights],
    VersionId: ['null', 'v1'],
    ExpectedBucketOwner: ['000000000000'],
    LocationConstraint: ['eu-west-1'],
    ContinuationToken: ['x'],
    Tagging: ['a=b'],
    RoleName: ['role'],
    PolicyName: ['policy', 'inline'],
    PolicyArn: policyArns,
    arn: policyArns,
    RoleArn: ['arn:aws:iam::000000000000:role/role'],
    RoleSessionName: ['session'],
    PolicyDocument: [rights],
    AssumeRolePolicyDocument: [trust],
    AWSServiceName: ['sagemaker.application-autoscaling.amazonaws.com'],
    Path: ['/', '/a/'],
    PathPrefix: ['/', '/a/'],
    logGroupName: ['group', 'group', 'other'],
    logStreamName: ['stream', 'stream', 'other'],
    logGroupIdentifier: ['group', 'arn:aws:logs:us-east-1:000000000000:log-group:group'],
    resourceArn: ['arn:aws:logs:us-east-1:000000000000:log-group:group'],
    filterPattern: ['', 'a b', '?a ?b', '"a b" -c', '[a, b]'],
    message: ['a line', 'ERROR x'],
    Namespace: ['Space'],
    MetricName: ['Count', 'Time'],
    Stat: ['Average', 'p99', 'Sum'],
    Statistics: ['Average'],
    Unit: ['Count'],
    Id: ['m1', 'm2'],
  };
}
