/** Where jobs and models live: names are unique within it. */
export interface Place {
  readonly account: string;
  readonly region: string;
}
