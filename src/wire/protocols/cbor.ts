import { gunzip } from '../compression.ts';
import { cborCodec } from '../schemas.ts';
import { readCborPath } from './cbor-path.ts';
import { hasOddTags } from './cbor-tags.ts';
import { queryError, readMembers, serializationFault, shapeName } from './json.ts';
import { bodyLimit, type Protocol } from './protocol.ts';

/** Smithy RPC v2 CBOR, as Go and Terraform speak it to CloudWatch. https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html */
export function cborProtocol(): Protocol {
  const { reader, writer } = cborCodec();
  const headers = { 'smithy-protocol': 'rpc-v2-cbor', 'Content-Type': 'application/cbor' };
  return {
    name: 'rpc-v2-cbor',
    identify(request, service) {
      const { target, operation } = readCborPath(request.rawPath) ?? {};
      return target === service.target ? operation : undefined;
    },
    async read(request, operation) {
      const body = await gunzip(await request.buffer(bodyLimit), request, bodyLimit);
      if (operation.input.isUnitSchema() || body.length === 0) return {};
      if (hasOddTags(body)) throw serializationFault('Unexpected tag in the CBOR body.');
      return readMembers(() => reader.read(operation.input, body));
    },
    write(output, operation, { requestId, status = 200 }) {
      const answer = { status, headers: { ...headers, 'x-amzn-RequestId': requestId } };
      if (operation.output.isUnitSchema()) return answer;
      writer.write(operation.output, output);
      return { ...answer, body: writer.flush() };
    },
    writeFault(fault, context) {
      // A document: its members are written as they are.
      writer.write(15, { __type: shapeName(fault, context.service), message: fault.message, ...fault.fields });
      return {
        status: fault.status,
        headers: { ...headers, 'x-amzn-RequestId': context.requestId, ...queryError(fault, context), ...fault.headers },
        body: writer.flush(),
      };
    },
  };
}
