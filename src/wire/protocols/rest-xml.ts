import { AwsFault } from '../fault.ts';
import type { WireResponse } from '../message.ts';
import { type OperationModel, reshaped, type ServiceModel } from '../model.ts';
import { type NormalizedSchema, XmlNode, xmlCodec } from '../schemas.ts';
import { withHoistedHeaders } from './hoisted-headers.ts';
import type { AnswerContext, Protocol, WireValue } from './protocol.ts';
import { bindOutput, type DocumentCodec, inDocument, payloadBody, readBindings } from './rest.ts';
import { compileRoutes, findRoute } from './route.ts';
import { readableXml, withReferences } from './xml-characters.ts';
import { guardedXml } from './xml-guard.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The protocol of S3. https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html */
export function restXmlProtocol(service: ServiceModel): Protocol {
  const routes = compileRoutes(service);
  const codec = xmlDocuments(service);
  const documentOf = documents();
  return {
    name: 'rest-xml',
    identify: (request) => findRoute(withHoistedHeaders(request), routes)?.operation.name,
    async read(received, operation) {
      const request = withHoistedHeaders(received);
      const labels = findRoute(request, routes)?.labels ?? new Map<string, string>();
      return readBindings(request, { operation, labels, codec });
    },
    write(output, operation, { requestId, status = operation.http.status }) {
      const identity = identityHeaders(requestId);
      if (operation.output.isUnitSchema()) return { status, headers: identity };
      const { headers, payload } = bindOutput(output, operation.output);
      const xml = { ...identity, 'Content-Type': codec.contentType };
      if (payload) {
        const type = payload.schema.isStructSchema() ? xml : identity;
        return { status, headers: { ...type, ...headers }, body: payloadBody(payload, codec) };
      }
      const document = documentOf(operation);
      if (document === undefined) return { status, headers: { ...identity, ...headers } };
      return { status, headers: { ...xml, ...headers }, body: writeDocument(document, output, codec, service) };
    },
    writeFault: (fault, context) => restXmlFault(fault, context),
  };
}

/** A HEAD has no body, nor has a 304: clients know the error by its status then. */
function restXmlFault(fault: AwsFault, { requestId, request }: AnswerContext): WireResponse {
  const headers = { ...identityHeaders(requestId), ...fault.headers };
  if (request.method === 'HEAD' || fault.status === 304) return { status: fault.status, headers };
  const error = XmlNode.of('Error')
    .addChildNode(XmlNode.of('Code', fault.code))
    .addChildNode(XmlNode.of('Message', fault.message));
  for (const [name, value] of Object.entries(fault.fields)) error.addChildNode(XmlNode.of(name, String(value)));
  error.addChildNode(XmlNode.of('RequestId', requestId)).addChildNode(XmlNode.of('HostId', hostId));
  return {
    status: fault.status,
    headers: { ...headers, 'Content-Type': 'application/xml' },
    body: readableXml(declaration + error.toString()),
  };
}

/** AWS names the machine that answered; here there is one. */
const hostId = 'whippet';

function identityHeaders(requestId: string): Record<string, string> {
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId };
}

function xmlDocuments({ xmlNamespace }: ServiceModel): DocumentCodec {
  const { reader, writer } = xmlCodec(xmlNamespace);
  return {
    contentType: 'application/xml',
    read: (schema, body) => reader.read(schema, guardedXml(body)),
    write(schema, value) {
      writer.write(schema, value);
      return declaration + withReferences(String(writer.flush()));
    },
    malformed: () =>
      new AwsFault({
        code: 'MalformedXML',
        status: 400,
        message: 'The XML you provided was not well-formed or did not validate against our published schema',
      }),
  };
}

/** An output's structure without the members that are headers; `undefined` when none are left. */
function documents(): (operation: OperationModel) => NormalizedSchema | undefined {
  const known = new Map<string, NormalizedSchema | undefined>();
  return (operation) => {
    if (!known.has(operation.name)) {
      const members = [...operation.output.structIterator()].filter(([, member]) => inDocument(member));
      const name = operation.output.getMergedTraits().xmlName ?? operation.output.getName() ?? operation.name;
      known.set(
        operation.name,
        members.length > 0 ? reshaped(operation.output, { name, keep: inDocument }) : undefined,
      );
    }
    return known.get(operation.name);
  };
}

function writeDocument(
  schema: NormalizedSchema,
  output: WireValue,
  codec: DocumentCodec,
  service: ServiceModel,
): string {
  // GetBucketLocation answers with the bare element instead of one within another.
  if (schema.getName() === 'LocationConstraint') {
    const region = XmlNode.of('LocationConstraint', output.LocationConstraint as string | undefined);
    return declaration + region.addAttribute('xmlns', service.xmlNamespace).toString();
  }
  return codec.write(schema, output);
}
