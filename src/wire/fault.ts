export interface FaultOptions {
  /** AWS's code, as clients match it: `NoSuchBucket`, `ValidationException`. */
  readonly code: string;
  /** HTTP status. 4xx is the sender's doing, 5xx ours. */
  readonly status: number;
  readonly message: string;
  /** Members of the error beside code and message, named as AWS names them: `BucketName`, `Key`. */
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
  /** Response headers that belong to this answer: the ETag of a 304, the real size of a 416. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer of AWS that is no success. Encoded in the shape of the protocol that asked. */
export class AwsFault extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor({ code, status, message, fields = {}, headers = {} }: FaultOptions) {
    super(message);
    this.name = 'AwsFault';
    this.code = code;
    this.status = status;
    this.fields = fields;
    this.headers = headers;
  }

  /** As AWS divides them; query errors and `x-amzn-query-error` tell it. */
  get sender(): boolean {
    return this.status < 500;
  }
}
