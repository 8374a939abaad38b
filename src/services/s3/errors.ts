/** S3's errors, in its codes and words. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
import { AwsFault } from '../../wire/index.ts';

export function noSuchBucket(bucket: string): AwsFault {
  return new AwsFault({
    code: 'NoSuchBucket',
    status: 404,
    message: 'The specified bucket does not exist',
    fields: { BucketName: bucket },
  });
}

export function noSuchKey(key: string, headers: Readonly<Record<string, string>> = {}): AwsFault {
  return new AwsFault({
    code: 'NoSuchKey',
    status: 404,
    message: 'The specified key does not exist.',
    fields: { Key: key },
    headers,
  });
}

export function invalidPartNumber(requested: number, actual: number): AwsFault {
  return new AwsFault({
    code: 'InvalidPartNumber',
    status: 416,
    message: 'The requested partnumber is not satisfiable',
    fields: { PartNumberRequested: requested, ActualPartCount: actual },
  });
}

export function noSuchVersion(key: string, version: string): AwsFault {
  return new AwsFault({
    code: 'NoSuchVersion',
    status: 404,
    message: 'The specified version does not exist.',
    fields: { Key: key, VersionId: version },
  });
}

export function bucketAlreadyOwnedByYou(bucket: string): AwsFault {
  return new AwsFault({
    code: 'BucketAlreadyOwnedByYou',
    status: 409,
    message: 'Your previous request to create the named bucket succeeded and you already own it.',
    fields: { BucketName: bucket },
  });
}

export function illegalLocation(constraint: string): AwsFault {
  return new AwsFault({
    code: 'IllegalLocationConstraintException',
    status: 400,
    message: `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  });
}

export function invalidBucketName(bucket: string): AwsFault {
  return new AwsFault({
    code: 'InvalidBucketName',
    status: 400,
    message: 'The specified bucket is not valid.',
    fields: { BucketName: bucket },
  });
}

export function invalidArgument(message: string, name: string, value: string): AwsFault {
  return new AwsFault({
    code: 'InvalidArgument',
    status: 400,
    message,
    fields: { ArgumentName: name, ArgumentValue: value },
  });
}

export function invalidRequest(message: string): AwsFault {
  return new AwsFault({ code: 'InvalidRequest', status: 400, message });
}

export function keyTooLong(size: number): AwsFault {
  return new AwsFault({
    code: 'KeyTooLongError',
    status: 400,
    message: 'Your key is too long',
    fields: { Size: size, MaxSizeAllowed: 1024 },
  });
}

export function preconditionFailed(condition: string): AwsFault {
  return new AwsFault({
    code: 'PreconditionFailed',
    status: 412,
    message: 'At least one of the pre-conditions you specified did not hold',
    fields: { Condition: condition },
  });
}

/** Status 304 has no body: the headers are the answer. */
export function notModified(headers: Readonly<Record<string, string>>): AwsFault {
  return new AwsFault({ code: 'NotModified', status: 304, message: 'Not Modified', headers });
}

export function invalidRange(range: string, size: number): AwsFault {
  return new AwsFault({
    code: 'InvalidRange',
    status: 416,
    message: 'The requested range is not satisfiable',
    fields: { RangeRequested: range, ActualObjectSize: size },
    headers: { 'Content-Range': `bytes */${size}` },
  });
}

export function invalidDigest(value: string): AwsFault {
  return new AwsFault({
    code: 'InvalidDigest',
    status: 400,
    message: 'The Content-MD5 you specified was invalid.',
    fields: { 'Content-MD5': value },
  });
}

/** `name` is `Content-MD5` or the algorithm: CRC32. */
export function badDigest(name: string, { expected, calculated }: { expected: string; calculated: string }): AwsFault {
  return new AwsFault({
    code: 'BadDigest',
    status: 400,
    message:
      name === 'Content-MD5'
        ? 'The Content-MD5 you specified did not match what we received.'
        : `The ${name} you specified did not match the calculated checksum.`,
    fields: { ExpectedDigest: expected, CalculatedDigest: calculated },
  });
}

export function entityTooLarge(size: number, maximum: number): AwsFault {
  return new AwsFault({
    code: 'EntityTooLarge',
    status: 400,
    message: 'Your proposed upload exceeds the maximum allowed size',
    fields: { ProposedSize: size, MaxSizeAllowed: maximum },
  });
}

export function missingContentLength(): AwsFault {
  return new AwsFault({
    code: 'MissingContentLength',
    status: 411,
    message: 'You must provide the Content-Length HTTP header.',
  });
}

/** S3's only word for a call that is not allowed. */
export function accessDenied(message: string): AwsFault {
  return new AwsFault({ code: 'AccessDenied', status: 403, message });
}
