import type { AwsFault } from '../fault.ts';
import { reshaped, type ServiceModel } from '../model.ts';
import { restJsonCodec } from '../schemas.ts';
import { serializationFault, shapeName } from './json.ts';
import type { Protocol } from './protocol.ts';
import { bindOutput, type DocumentCodec, inDocument, payloadBody, readBindings } from './rest.ts';
import { compileRoutes, findRoute } from './route.ts';

/** https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function restJsonProtocol(service: ServiceModel): Protocol {
  const routes = compileRoutes(service);
  const codec = jsonDocuments();
  return {
    name: 'rest-json',
    identify: (request) => findRoute(request, routes)?.operation.name,
    async read(request, operation) {
      const labels = findRoute(request, routes)?.labels ?? new Map<string, string>();
      return readBindings(request, { operation, labels, codec });
    },
    write(output, operation, { requestId, status = operation.http.status }) {
      const identity = { 'x-amzn-RequestId': requestId };
      if (operation.output.isUnitSchema()) return { status, headers: identity };
      const { headers, payload } = bindOutput(output, operation.output);
      const json = { ...identity, 'Content-Type': codec.contentType };
      if (payload) {
        const type = payload.schema.isStructSchema() ? json : identity;
        return { status, headers: { ...type, ...headers }, body: payloadBody(payload, codec) };
      }
      const document = reshaped(operation.output, { name: `${operation.name}Document`, keep: inDocument });
      return { status, headers: { ...json, ...headers }, body: codec.write(document, output) };
    },
    writeFault: (fault, { requestId, service: { shapeOfCode } }) => ({
      status: fault.status,
      headers: {
        'x-amzn-RequestId': requestId,
        'x-amzn-errortype': shapeName(fault, { shapeOfCode }),
        'Content-Type': codec.contentType,
        ...fault.headers,
      },
      body: JSON.stringify({ message: fault.message, ...fault.fields }),
    }),
  };
}

function jsonDocuments(): DocumentCodec {
  const { reader, writer } = restJsonCodec();
  return {
    contentType: 'application/json',
    read: (schema, body) => reader.readObject(schema, JSON.parse(Buffer.from(body).toString('utf8'))),
    write(schema, value) {
      writer.write(schema, value);
      return writer.flush();
    },
    malformed: (): AwsFault => serializationFault('The request body is not valid JSON.'),
  };
}
