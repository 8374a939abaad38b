/** What a check came to. `fail`: something does not work, or is at risk. `warn`: it deserves a thought. `info`: good to know. */
export interface Finding {
  readonly check: string;
  readonly level: 'ok' | 'info' | 'warn' | 'fail';
  /** A sentence. */
  readonly text: string;
  readonly remedy?: string;
}

/** What a check may look at. */
export interface Surroundings {
  /** Absolute path of the state folder; it may not exist. */
  readonly directory: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
}
