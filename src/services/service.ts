import type { AwsFault } from '../wire/index.ts';
import type { AnyOperation } from './operation.ts';

/** How far a service goes, for readers of docs/services/. */
export interface Fidelity {
  readonly faithful: readonly string[];
  readonly missing: readonly string[];
  readonly different: readonly string[];
}

/** A service as the server sees it: its table of operations bound to the state they work on. */
export interface Service<State = unknown> {
  readonly operations: Readonly<Record<string, AnyOperation<State>>>;
  readonly state: State;
  /**
   * Holds a document's bytes against what the headers say of them, where the service has such headers.
   * @throws AwsFault when they do not agree.
   */
  checkDocument?(operation: string, headers: ReadonlyMap<string, string>, body: Uint8Array): Promise<void>;
  /** Error of a denied call, in the service's own code. */
  denied(message: string): AwsFault;
  /** Takes up the work that an earlier server left. Called once, when requests are answered. */
  resume?(): Promise<void>;
  /** Ends what goes on beside the requests, so that it can be taken up again. Called before the store closes. */
  close?(): Promise<void>;
}
