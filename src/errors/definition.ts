/**
 * One user error: what happened (with the value received), what to do about it, and the exit code of a command that ends with it.
 * `P` are the values the message is made of; secrets never belong among them.
 */
export interface ErrorDefinition<P> {
  readonly message: (values: P) => string;
  readonly remedy: string | ((values: P) => string);
  /** 1: the work failed. 2: the command was wrong. Default 1. */
  readonly exitCode?: 1 | 2;
}

/** Types a definition by the values its message takes: `BAD_FILE: defineError<{ path: string }>({ … })`. */
export function defineError<P>(definition: ErrorDefinition<P>): ErrorDefinition<P> {
  return definition;
}
