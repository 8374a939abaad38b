import { AwsFault } from '../fault.ts';
import { pathText, shortened } from './text.ts';
import type { Mismatch, Violation, Wording } from './violation.ts';

interface Answer {
  /** What S3 calls the argument: its header or parameter. */
  readonly argument: string;
  readonly message: string;
  /** Without it InvalidArgument. */
  readonly code?: string;
  /** Where a missing value has another message. */
  readonly missing?: string;
}

/** The members whose values S3 looks at before anything else, with its answers. */
const answers: Readonly<Record<string, Answer>> = {
  EncodingType: { argument: 'encoding-type', message: 'Invalid Encoding Method specified in Request' },
  MaxBuckets: { argument: 'max-buckets', message: 'Argument max-buckets must be an integer between 1 and 10000' },
  MetadataDirective: { argument: 'x-amz-metadata-directive', message: 'Unknown metadata directive.' },
  TaggingDirective: { argument: 'x-amz-tagging-directive', message: 'Unknown tagging directive.' },
  ObjectLockMode: { argument: 'x-amz-object-lock-mode', message: 'Unknown wormMode directive.' },
  ServerSideEncryption: {
    argument: 'x-amz-server-side-encryption',
    message: 'The encryption method specified is not supported',
  },
  StorageClass: {
    argument: 'x-amz-storage-class',
    code: 'InvalidStorageClass',
    message: 'The storage class you specified is not valid',
  },
  ObjectAttributes: {
    argument: 'x-amz-object-attributes',
    message: 'Invalid attribute name specified.',
    missing: 'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty',
  },
};

/**
 * S3 does not share the others' framework: a header or parameter is an InvalidArgument with its name and value, a document is
 * malformed as a whole. Other sets of values stay open here, as S3 leaves them or answers elsewhere: checksum algorithms and types are
 * compared without regard to case, regions are any, canned ACLs depend on the bucket's ownership.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export const s3Wording: Wording = {
  enforces: (violation) => {
    if (violation.broken.rule === 'required') return true;
    if (inDocument(violation))
      return violation.broken.rule !== 'pattern' && memberOf(violation) !== 'LocationConstraint';
    return memberOf(violation) in answers;
  },
  violated(violations) {
    if (violations.some(inDocument)) return malformedXml();
    return argumentFault(violations[0] as Violation);
  },
  mistyped: (mismatch) => (inDocument(mismatch) ? malformedXml() : invalidArgument(mismatch, 'Invalid Argument')),
};

/** Deeper than the input's own members, but not an item of a header that is a list. */
function inDocument({ path }: Violation | Mismatch): boolean {
  return path.filter((step) => typeof step === 'string').length > 1;
}

function memberOf({ path }: Violation | Mismatch): string {
  return String(path.findLast((step) => typeof step === 'string'));
}

function argumentFault(violation: Violation): AwsFault {
  const { broken, shape } = violation;
  const answer = answers[memberOf(violation)];
  if (answer?.code) return new AwsFault({ code: answer.code, status: 400, message: answer.message });
  if (broken.rule !== 'required') return invalidArgument(violation, answer?.message ?? 'Invalid Argument');
  if (answer?.missing) return invalidArgument(violation, answer.missing);
  const isBody = shape.type === 'structure' || memberOf(violation) === 'Policy';
  return isBody ? missingBody() : invalidArgument(violation, 'Invalid Argument');
}

function missingBody(): AwsFault {
  return new AwsFault({ code: 'MissingRequestBodyError', status: 400, message: 'Request Body is empty' });
}

function malformedXml(): AwsFault {
  return new AwsFault({
    code: 'MalformedXML',
    status: 400,
    message: 'The XML you provided was not well-formed or did not validate against our published schema',
  });
}

function invalidArgument(place: Violation | Mismatch, message: string): AwsFault {
  const name = answers[memberOf(place)]?.argument ?? pathText(place.path);
  const value = place.value === undefined ? {} : { ArgumentValue: shortened(place.value) };
  return new AwsFault({ code: 'InvalidArgument', status: 400, message, fields: { ArgumentName: name, ...value } });
}
