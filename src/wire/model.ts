import { loadSchemas, NormalizedSchema, type OperationSchema, type ServiceName, type StructSchema } from './schemas.ts';
import { type ServiceFacts, serviceFacts } from './service-facts.ts';

export interface HttpBinding {
  readonly method: string;
  /** Path template without the query: `/{Key+}`. S3's have the bucket put back. */
  readonly path: string;
  /** Parameters that are part of the template: `uploads`, `list-type=2`. */
  readonly query: readonly (readonly [string, string])[];
  readonly status: number;
}

export interface OperationModel {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  readonly http: HttpBinding;
  /** The body of a request is a stream of bytes, not a document. */
  readonly streams: boolean;
}

/** One service as the SDK describes it: every operation, served or not, and the names of its errors. */
export interface ServiceModel extends ServiceFacts {
  readonly name: ServiceName;
  readonly operations: ReadonlyMap<string, OperationModel>;
  /** Where an error has two names: query code → shape. `InvalidParameterValue` → `InvalidParameterValueException`. */
  readonly shapeOfCode: ReadonlyMap<string, string>;
}

/** Loads the service's SDK client: 20 to 70 ms the first time. */
export async function readModel(name: ServiceName): Promise<ServiceModel> {
  const operations = new Map<string, OperationModel>();
  const shapeOfCode = new Map<string, string>();
  for (const schema of await loadSchemas(name)) {
    if (isOperation(schema)) operations.set(schema[2], operationModel(schema));
    else {
      const code = (schema[3] as { awsQueryError?: readonly [string, number] }).awsQueryError?.[0];
      if (code) shapeOfCode.set(code, schema[2]);
    }
  }
  return { name, ...serviceFacts[name], operations, shapeOfCode };
}

function isOperation(schema: StructSchema | OperationSchema): schema is OperationSchema {
  return schema[0] === 9;
}

function operationModel([, , name, traits, input, output]: OperationSchema): OperationModel {
  const { http = ['POST', '/', 200] } = traits as { http?: readonly [string, string, number] };
  const [method, template, status] = http;
  const [path = '/', query = ''] = template.split('?');
  const inputSchema = schemaOf(input);
  return {
    name,
    input: inputSchema,
    output: schemaOf(output),
    streams: inputSchema.isStructSchema() && [...inputSchema.structIterator()].some(([, member]) => isStream(member)),
    http: {
      method,
      path: withBucket(path, inputSchema),
      query: query
        .split('&')
        .filter((part) => part !== '' && !part.startsWith('x-id='))
        .map((part) => [part.split('=')[0] as string, part.split('=')[1] ?? '']),
      status,
    },
  };
}

function isStream(member: NormalizedSchema): boolean {
  return Boolean(member.getMergedTraits().httpPayload) && member.isStreaming();
}

/** S3's paths leave the bucket out, since clients may put it into the host name. */
function withBucket(path: string, input: NormalizedSchema): string {
  const named = input.isStructSchema() && input.getMemberSchemas().Bucket?.getMergedTraits().httpLabel;
  if (!named || path.includes('{Bucket}')) return path;
  return path === '/' ? '/{Bucket}' : `/{Bucket}${path}`;
}

/** The SDK's types do not admit that references may be functions. */
export function schemaOf(reference: unknown): NormalizedSchema {
  const schema = typeof reference === 'function' ? reference() : reference;
  return NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]);
}

/** The structure under another name, or with some of its members only: what the SDK's XML writer has no option for. */
export function reshaped(
  schema: NormalizedSchema,
  { name, keep = () => true }: { name: string; keep?: (member: NormalizedSchema) => boolean },
): NormalizedSchema {
  const kept = [...schema.structIterator()].filter(([, member]) => keep(member));
  const [, namespace, , , members, schemas] = schema.getSchema() as unknown as StructSchema;
  return schemaOf([
    3,
    namespace,
    name,
    0,
    kept.map(([member]) => member),
    kept.map(([member]) => schemas[members.indexOf(member)]),
  ]);
}
