import { gunzip } from '../compression.ts';
import { AwsFault } from '../fault.ts';
import type { WireRequest } from '../message.ts';
import type { ServiceModel } from '../model.ts';
import { jsonCodec } from '../schemas.ts';
import { type AnswerContext, bodyLimit, type Protocol, type WireValue } from './protocol.ts';

/**
 * AWS JSON: every operation is a POST to /, named by X-Amz-Target. 1.0 and 1.1 differ in the content type only.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function jsonProtocol(version: '1.0' | '1.1'): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  const { reader, writer } = jsonCodec();
  return {
    name: `json-${version}`,
    identify: (request, service) => targetOperation(request, service),
    async read(request, operation) {
      const body = await gunzip(await request.buffer(bodyLimit), request, bodyLimit);
      const value = parse(body);
      return readMembers(() => (operation.input.isUnitSchema() ? {} : reader.readObject(operation.input, value)));
    },
    write(output, operation, { requestId, status = 200 }) {
      const headers = { 'x-amzn-RequestId': requestId, 'Content-Type': contentType };
      // "An operation without output answers with an empty body or {}": AWS sends none, and boto3 expects none.
      if (operation.output.isUnitSchema()) return { status, headers };
      writer.write(operation.output, output);
      return { status, headers, body: writer.flush() };
    },
    writeFault(fault, context) {
      return {
        // JSON services answer 400 where the others say 403.
        status: fault.status === 403 ? 400 : fault.status,
        headers: {
          'x-amzn-RequestId': context.requestId,
          'Content-Type': contentType,
          ...queryError(fault, context),
          ...fault.headers,
        },
        body: JSON.stringify({ __type: shapeName(fault, context.service), message: fault.message, ...fault.fields }),
      };
    },
  };
}

/** `Logs_20140328.PutLogEvents` → `PutLogEvents`. */
function targetOperation(request: WireRequest, service: ServiceModel): string | undefined {
  const [target, operation] = (request.headers.get('x-amz-target') ?? '').split('.');
  return target === service.target ? operation : undefined;
}

function parse(body: Uint8Array): Parameters<ReturnType<typeof jsonCodec>['reader']['readObject']>[1] {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    value = /\\ud[89a-f]/i.test(text) ? JSON.parse(text, wellFormed) : JSON.parse(text);
  } catch {
    throw serializationFault('The request body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw serializationFault('Start of structure or map found where not expected.');
  }
  return value as Parameters<ReturnType<typeof jsonCodec>['reader']['readObject']>[1];
}

/** Escapes can be halves of characters. Stored they become U+FFFD, so a right has to be asked for that. */
function wellFormed(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** The SDK's readers throw errors of many classes at values they cannot read. */
export function readMembers(read: () => WireValue): WireValue {
  try {
    return read();
  } catch (error) {
    throw serializationFault((error as Error).message);
  }
}

export function serializationFault(message: string): AwsFault {
  return new AwsFault({ code: 'SerializationException', status: 400, message });
}

/** The code as the JSON and CBOR models name it. */
export function shapeName(fault: AwsFault, service: Pick<ServiceModel, 'shapeOfCode'>): string {
  return service.shapeOfCode.get(fault.code) ?? fault.code;
}

/** Clients of services that were once query ask for the old code too. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function queryError(fault: AwsFault, { request, service }: AnswerContext): { 'x-amzn-query-error'?: string } {
  const wanted = service.awsQueryCompatible && request.headers.get('x-amzn-query-mode') === 'true';
  return wanted ? { 'x-amzn-query-error': `${fault.code};${fault.sender ? 'Sender' : 'Receiver'}` } : {};
}
