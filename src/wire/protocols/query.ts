import { gunzip } from '../compression.ts';
import { AwsFault } from '../fault.ts';
import { parseQuery, type WireRequest } from '../message.ts';
import { type OperationModel, reshaped } from '../model.ts';
import { type NormalizedSchema, textCodec, XmlNode, xmlCodec } from '../schemas.ts';
import { checkSize, parseForm, type ReadText, readForm } from './form.ts';
import { bodyLimit, type Protocol, type WireValue } from './protocol.ts';
import { readableXml } from './xml-characters.ts';

/**
 * The query protocol of IAM, STS and older CloudWatch clients: a form in, XML out. The SDK only writes the form and reads the XML, so
 * the other halves are here. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function queryProtocol(): Protocol {
  const readText = textReader();
  const { writer } = xmlCodec();
  /** Result elements are named after the operation, outputs after their shape. */
  const results = new Map<NormalizedSchema, NormalizedSchema>();
  const resultOf = ({ name, output }: OperationModel): NormalizedSchema => {
    const known = results.get(output) ?? reshaped(output, { name: `${name}Result` });
    results.set(output, known);
    return known;
  };
  return {
    name: 'query',
    identify: async (request) => parseQuery(await formOf(request)).find(([name]) => name === 'Action')?.[1],
    async read(request, operation) {
      const form = parseForm(await formOf(request));
      return operation.input.isUnitSchema() ? {} : (readForm(operation.input, form, readText) as WireValue);
    },
    write(output, operation, { requestId, service, status = 200 }) {
      const root = XmlNode.of(`${operation.name}Response`).addAttribute('xmlns', service.xmlNamespace);
      if (!operation.output.isUnitSchema()) {
        writer.write(resultOf(operation), output);
        const result = writer.flush();
        root.addChildNode({ toString: () => String(result) });
      }
      root.addChildNode(XmlNode.of('ResponseMetadata').addChildNode(XmlNode.of('RequestId', requestId)));
      return { status, headers: xmlHeaders(requestId), body: readableXml(root.toString()) };
    },
    writeFault(fault, { requestId, service }) {
      const error = XmlNode.of('Error')
        .addChildNode(XmlNode.of('Type', fault.sender ? 'Sender' : 'Receiver'))
        .addChildNode(XmlNode.of('Code', fault.code))
        .addChildNode(XmlNode.of('Message', fault.message));
      for (const [name, value] of Object.entries(fault.fields)) error.addChildNode(XmlNode.of(name, String(value)));
      const root = XmlNode.of('ErrorResponse')
        .addAttribute('xmlns', service.xmlNamespace)
        .addChildNode(error)
        .addChildNode(XmlNode.of('RequestId', requestId));
      return {
        status: fault.status,
        headers: { ...xmlHeaders(requestId), ...fault.headers },
        body: readableXml(root.toString()),
      };
    },
  };
}

/** A form in the body of a POST; some clients put it into the URL of a GET. */
async function formOf(request: WireRequest): Promise<string> {
  const bytes = await gunzip(await request.buffer(bodyLimit), request, bodyLimit);
  const body = Buffer.from(bytes).toString('utf8');
  checkSize(body);
  return body === '' ? request.rawQuery : body;
}

function xmlHeaders(requestId: string): Record<string, string> {
  return { 'x-amzn-RequestId': requestId, 'Content-Type': 'text/xml' };
}

function textReader(): ReadText {
  const { reader } = textCodec();
  return (schema, text) => {
    try {
      if (schema.isNumericSchema() && !isNumber(text)) throw new Error('no number');
      if (schema.isBooleanSchema() && !/^(true|false)$/i.test(text)) throw new Error('no boolean');
      return reader.read(schema, text);
    } catch {
      throw new AwsFault({
        code: 'MalformedInput',
        status: 400,
        message: `${brief(text)} cannot be read as its type.`,
      });
    }
  };
}

/** NaN is one too: whether it may be is for the operation to say. */
function isNumber(text: string): boolean {
  return text === 'NaN' || (text.trim() !== '' && !Number.isNaN(Number(text)));
}

function brief(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
