import { AwsFault } from '../fault.ts';

export function incompleteBody(message = 'The request body terminated unexpectedly'): AwsFault {
  return new AwsFault({ code: 'IncompleteBody', status: 400, message });
}

export function wrongLength(): AwsFault {
  return incompleteBody('You did not provide the number of bytes specified by the Content-Length HTTP header');
}

export function missingLength(): AwsFault {
  const message = 'You must provide the Content-Length HTTP header.';
  return new AwsFault({ code: 'MissingContentLength', status: 411, message });
}

export function lengthFault(name: string, value: string): AwsFault {
  return new AwsFault({
    code: 'InvalidArgument',
    status: 400,
    message: `${name} must be a number of bytes`,
    fields: { ArgumentName: name, ArgumentValue: value.slice(0, 100) },
  });
}

export function malformedChunk(what: string): AwsFault {
  return new AwsFault({ code: 'InvalidRequest', status: 400, message: `The aws-chunked body is malformed: ${what}` });
}

/** S3 is as strict; clients gather smaller pieces because of it. */
export function smallChunk(): AwsFault {
  const message = 'Only the last chunk is allowed to have a size less than 8192 bytes';
  return new AwsFault({ code: 'InvalidChunkSizeError', status: 403, message });
}

export function malformedTrailer(): AwsFault {
  const message =
    'The request contained trailing data that was not well-formed or did not conform to our published schema.';
  return new AwsFault({ code: 'MalformedTrailerError', status: 400, message });
}

export function chunkMismatch(fields: Readonly<Record<string, string>>): AwsFault {
  return new AwsFault({
    code: 'SignatureDoesNotMatch',
    status: 403,
    message:
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    fields,
  });
}
