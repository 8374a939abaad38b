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

export function bucketNotEmpty(bucket: string, hint = ''): AwsFault {
  return new AwsFault({
    code: 'BucketNotEmpty',
    status: 409,
    message: `The bucket you tried to delete is not empty.${hint && ` ${hint}`}`,
    fields: { BucketName: bucket },
  });
}

export function noSuchTagSet(bucket: string): AwsFault {
  return new AwsFault({
    code: 'NoSuchTagSet',
    status: 404,
    message: 'The TagSet does not exist',
    fields: { BucketName: bucket },
  });
}

export function noSuchBucketPolicy(bucket: string): AwsFault {
  return new AwsFault({
    code: 'NoSuchBucketPolicy',
    status: 404,
    message: 'The bucket policy does not exist',
    fields: { BucketName: bucket },
  });
}

export function malformedPolicy(message: string): AwsFault {
  return new AwsFault({ code: 'MalformedPolicy', status: 400, message });
}

export function illegalVersioning(): AwsFault {
  return new AwsFault({
    code: 'IllegalVersioningConfigurationException',
    status: 400,
    message: 'The Versioning element must be specified',
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

export function invalidLocation(constraint: string): AwsFault {
  return new AwsFault({
    code: 'InvalidLocationConstraint',
    status: 400,
    message: 'The specified location-constraint is not valid',
    fields: { LocationConstraint: constraint },
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

/** A header or value that S3 itself does not take. `detail` goes on: additionalMessage. */
export function headerNotImplemented(header: string, detail: string): AwsFault {
  return new AwsFault({
    code: 'NotImplemented',
    status: 501,
    message: 'A header you provided implies functionality that is not implemented',
    fields: { Header: header, additionalMessage: detail },
  });
}

export function malformedXml(): AwsFault {
  return new AwsFault({
    code: 'MalformedXML',
    status: 400,
    message: 'The XML you provided was not well-formed or did not validate against our published schema',
  });
}

export function malformedTrailer(): AwsFault {
  return new AwsFault({
    code: 'MalformedTrailerError',
    status: 400,
    message: 'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  });
}

/** `expected` and `actual` are algorithms, undefined where there is none. */
export function checksumMismatch(expected: string | undefined, actual: string | undefined): AwsFault {
  const [wanted, sent] = [expected, actual].map((name) => name?.toLowerCase() ?? 'null');
  return invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${wanted}, actual checksum Type: ${sent}`,
  );
}

export function noSuchUpload(upload: string): AwsFault {
  return new AwsFault({
    code: 'NoSuchUpload',
    status: 404,
    message:
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    fields: { UploadId: upload },
  });
}

/** A part as the list of CompleteMultipartUpload names it. */
export interface NamedPart {
  readonly upload: string;
  readonly number: number;
  readonly etag: string;
}

export function invalidPart({ upload, number, etag }: NamedPart): AwsFault {
  return new AwsFault({
    code: 'InvalidPart',
    status: 400,
    message:
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    fields: { UploadId: upload, PartNumber: number, ETag: etag },
  });
}

export function invalidPartOrder(upload: string): AwsFault {
  return new AwsFault({
    code: 'InvalidPartOrder',
    status: 400,
    message: 'The list of parts was not in ascending order. Parts must be ordered by part number.',
    fields: { UploadId: upload },
  });
}

export function entityTooSmall({ number, etag }: NamedPart, size: number, minimum: number): AwsFault {
  return new AwsFault({
    code: 'EntityTooSmall',
    status: 400,
    message: 'Your proposed upload is smaller than the minimum allowed size',
    fields: { ETag: etag, MinSizeAllowed: minimum, PartNumber: number, ProposedSize: size },
  });
}
