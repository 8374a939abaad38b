/**
 * The AWS SDK's own schemas, serialisers and readers: the only file that knows the SDK. Clients are loaded when a service is first
 * asked for (five of them cost 115 ms and 46 MB). Serving with them is no promised use, so package.json pins exact versions, and
 * agreement.test.ts compares them with botocore's models.
 */
import { JsonCodec, XmlShapeDeserializer, XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { XmlNode } from '@aws-sdk/xml-builder';
import { CborCodec } from '@smithy/core/cbor';
import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';

export { NormalizedSchema, XmlNode };

/** A folder of services/: AWS's namespace where it differs is said in `serviceFacts`. */
export type ServiceName = 's3' | 'sts' | 'iam' | 'cloudwatch' | 'logs' | 'sagemaker';

/**
 * A structure as the SDK writes it down: kind 3, namespace, name, traits, member names, member schemas, and how many of the
 * members, the first ones, are required.
 */
export type StructSchema = readonly [
  kind: number,
  namespace: string,
  name: string,
  traits: unknown,
  members: readonly string[],
  schemas: readonly unknown[],
  required?: number,
];

/** Kind 9. Input and output may be functions, since structures refer to each other. */
export type OperationSchema = readonly [
  kind: 9,
  namespace: string,
  name: string,
  traits: unknown,
  input: unknown,
  output: unknown,
];

const clients: Readonly<Record<ServiceName, () => Promise<object>>> = {
  s3: () => import('@aws-sdk/client-s3'),
  sts: () => import('@aws-sdk/client-sts'),
  iam: () => import('@aws-sdk/client-iam'),
  cloudwatch: () => import('@aws-sdk/client-cloudwatch'),
  logs: () => import('@aws-sdk/client-cloudwatch-logs'),
  sagemaker: () => import('@aws-sdk/client-sagemaker'),
};

/** Every schema that the service's client exports. */
export async function loadSchemas(service: ServiceName): Promise<readonly StructOrOperation[]> {
  return Object.entries(await clients[service]())
    .filter(([name, value]) => name.endsWith('$') && Array.isArray(value))
    .map(([, value]) => value as StructOrOperation);
}

export type StructOrOperation = StructSchema | OperationSchema;

const DATE_TIME = 5;
const EPOCH_SECONDS = 7;

/** Timestamps as the protocol writes them where the model does not say: JSON and CBOR in seconds, XML and query as ISO 8601. */
const settings = (format: typeof DATE_TIME | typeof EPOCH_SECONDS) => ({
  timestampFormat: { useTrait: true, default: format } as const,
  httpBindings: true,
  jsonName: false,
  xmlNamespace: '',
  serviceNamespace: '',
});

export function jsonCodec() {
  const codec = new JsonCodec({ ...settings(EPOCH_SECONDS), httpBindings: false });
  return { reader: codec.createDeserializer(), writer: codec.createSerializer() };
}

/** REST-JSON names members by their jsonName. */
export function restJsonCodec() {
  const codec = new JsonCodec({ ...settings(EPOCH_SECONDS), jsonName: true });
  return { reader: codec.createDeserializer(), writer: codec.createSerializer() };
}

export function cborCodec() {
  const codec = new CborCodec();
  return { reader: codec.createDeserializer(), writer: codec.createSerializer() };
}

/** `namespace` becomes the root's xmlns. */
export function xmlCodec(namespace = '') {
  const options = { ...settings(DATE_TIME), xmlNamespace: namespace };
  return { reader: new XmlShapeDeserializer(options), writer: new XmlShapeSerializer(options) };
}

/** One value as text: header, query parameter, label, form field. */
export function textCodec() {
  return {
    reader: new FromStringShapeDeserializer(settings(DATE_TIME)),
    writer: new ToStringShapeSerializer(settings(DATE_TIME)),
  };
}
