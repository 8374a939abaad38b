import type { AwsFault } from '../fault.ts';
import type { RequestHead, WireRequest, WireResponse } from '../message.ts';
import type { OperationModel, ServiceModel } from '../model.ts';

/** Members by AWS's names; timestamps as Date, blobs as Uint8Array, a streamed body as RequestBody. */
export type WireValue = Record<string, unknown>;

export interface AnswerContext {
  readonly requestId: string;
  readonly request: RequestHead;
  readonly service: ServiceModel;
}

/** How a service speaks. The same operation can be asked in several protocols. */
export interface Protocol {
  readonly name: 'json-1.0' | 'json-1.1' | 'rest-json' | 'rest-xml' | 'query' | 'rpc-v2-cbor';
  /** Whether the operation is known before the body is read. Query names it in the body. */
  identify(request: WireRequest, service: ServiceModel): Promise<string | undefined> | string | undefined;
  /** @throws AwsFault SerializationException, MalformedXML, … when the body is not what the model says. */
  read(request: WireRequest, operation: OperationModel): Promise<WireValue>;
  /** `status` replaces the model's: 206 for a range. */
  write(output: WireValue, operation: OperationModel, context: AnswerContext & { status?: number }): WireResponse;
  writeFault(fault: AwsFault, context: AnswerContext): WireResponse;
}

/** Larger than any body AWS takes that is not streamed (CloudWatch and Logs: 1 MB, DeleteObjects and policies less). */
export const bodyLimit = 4 * 1024 * 1024;
