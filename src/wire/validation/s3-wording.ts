import { AwsFault } from '../fault.ts';
import { valueText } from './text.ts';
import type { Violation, Wording } from './violation.ts';

/**
 * S3 does not share the others' framework: a header or parameter is an InvalidArgument with its name and value, a document is
 * malformed as a whole. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export const s3Wording: Wording = {
  violated(violations) {
    const inDocument = violations.find(({ path }) => path.length > 1);
    if (inDocument) return malformedXml();
    return argumentFault(violations[0] as Violation);
  },
  mistyped: ({ path, value }) => (path.length > 1 ? malformedXml() : invalidArgument(path, value)),
  // Keys and copy sources have codes of their own, which the operations answer with.
  enforces: ({ rule }) => rule !== 'pattern',
};

function malformedXml(): AwsFault {
  return new AwsFault({
    code: 'MalformedXML',
    status: 400,
    message: 'The XML you provided was not well-formed or did not validate against our published schema',
  });
}

function argumentFault({ path, value, shape, broken }: Violation): AwsFault {
  if (broken.rule === 'required' && shape.type === 'structure') {
    return new AwsFault({ code: 'MissingRequestBodyError', status: 400, message: 'Request Body is empty' });
  }
  return invalidArgument(path, value);
}

function invalidArgument(path: readonly (string | number)[], value: unknown): AwsFault {
  return new AwsFault({
    code: 'InvalidArgument',
    status: 400,
    message: 'Invalid Argument',
    fields: { ArgumentName: path.join('.'), ArgumentValue: valueText(value) },
  });
}
