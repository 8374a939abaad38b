import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OperationModel, readModel } from '../model.ts';
import type { NormalizedSchema, ServiceName, StructSchema } from '../schemas.ts';
import { type ConstraintTable, loadConstraints, type OperationShapes, type Shape } from './constraints.ts';
import { constrainedOperations } from './operations.ts';

const newerMember = 'botocore 1.44.5 has it, the SDK 3.1169.0 does not; whippet leaves it out of its answers';
const sdkOnly = 'the SDK adds it beside Expires, for dates that cannot be read';

/**
 * The SDK's schemas read and write what is sent, botocore's tables hold it against the model. Both come from AWS's models, of the day
 * each was published. What differs in fact is named with its reason; a difference that is gone fails too, so the list stays true.
 */
const differences: Readonly<Record<ServiceName, Readonly<Record<string, string>>>> = {
  s3: {
    'AbortMultipartUploadOutput.VersionId: only in botocore': newerMember,
    'CreateMultipartUploadOutput.VersionId: only in botocore': newerMember,
    'ListPartsOutput.VersionId: only in botocore': newerMember,
    'MultipartUpload.VersionId: only in botocore': newerMember,
    'UploadPartCopyOutput.VersionId: only in botocore': newerMember,
    'UploadPartOutput.VersionId: only in botocore': newerMember,
    'GetObjectOutput.ExpiresString: only in the SDK': sdkOnly,
    'HeadObjectOutput.ExpiresString: only in the SDK': sdkOnly,
  },
  sts: {},
  iam: {},
  logs: {},
  cloudwatch: {},
  sagemaker: {},
};

for (const service of Object.keys(constrainedOperations) as ServiceName[]) {
  test(`${service}: the SDK's schemas and botocore's table agree on every operation`, async () => {
    const table = loadConstraints(service);
    const model = await readModel(service);
    assert.deepEqual(Object.keys(table.operations), [...constrainedOperations[service]].sort());
    const walk: Walk = { table, found: new Set(), compared: new Set() };
    for (const [name, shapes] of Object.entries(table.operations)) {
      const operation = model.operations.get(name);
      assert.ok(operation, `The SDK has no ${name}.`);
      compareOperation(operation, shapes, walk);
    }
    assert.deepEqual([...walk.found].sort(), Object.keys(differences[service]).sort());
    assert.deepEqual([...walk.compared].sort(), structuresOf(table), 'Every structure of the table was compared.');
  });
}

interface Walk {
  readonly table: ConstraintTable;
  readonly found: Set<string>;
  /** Names of structures. */
  readonly compared: Set<string>;
}

function structuresOf({ shapes }: ConstraintTable): string[] {
  return Object.keys(shapes)
    .filter((name) => shapes[name]?.type === 'structure')
    .sort();
}

function compareOperation({ name, http, input, output }: OperationModel, shapes: OperationShapes, walk: Walk): void {
  const query = http.query.map(([key, value]) => (value === '' ? key : `${key}=${value}`)).join('&');
  const uri = query === '' ? http.path : `${http.path}?${query}`;
  if (`${http.method} ${uri}` !== `${shapes.method} ${shapes.uri}`) {
    walk.found.add(`${name}: ${http.method} ${uri} in the SDK, ${shapes.method} ${shapes.uri} in botocore`);
  }
  compareEnd(input, shapes.input, { walk, label: `${name} input` });
  compareEnd(output, shapes.output, { walk, label: `${name} output` });
  const streaming = input.isStructSchema()
    ? [...input.structIterator()].find(([, member]) => member.isStreaming())?.[0]
    : undefined;
  if (streaming !== shapes.streaming)
    walk.found.add(`${name}: ${streaming} streams in the SDK, ${shapes.streaming} in botocore`);
}

function compareEnd(
  schema: NormalizedSchema,
  shape: string | undefined,
  { walk, label }: { walk: Walk; label: string },
): void {
  // Without members the two say "none" and "an empty structure" as they please.
  const empty = schema.isUnitSchema() || [...schema.structIterator()].length === 0;
  if (shape !== undefined && !schema.isUnitSchema()) compare(schema, shape, walk);
  else if (shape !== undefined) {
    if (Object.keys(walk.table.shapes[shape]?.members ?? {}).length > 0) walk.found.add(`${label}: only in botocore`);
    walk.compared.add(shape);
  } else if (!empty) walk.found.add(`${label}: only in the SDK`);
}

function compare(schema: NormalizedSchema, name: string, walk: Walk): void {
  const shape = walk.table.shapes[name] as Shape;
  const [ours, theirs] = [kindOfSchema(schema), kindOfShape(shape)];
  if (ours !== theirs) walk.found.add(`${name}: ${ours} in the SDK, ${theirs} in botocore`);
  else if (shape.type === 'structure') compareMembers(schema, name, walk);
  else if (shape.type === 'list') compare(schema.getValueSchema(), shape.member as string, walk);
  else if (shape.type === 'map') {
    compare(schema.getKeySchema(), shape.key as string, walk);
    compare(schema.getValueSchema(), shape.value as string, walk);
  }
}

function compareMembers(schema: NormalizedSchema, name: string, walk: Walk): void {
  if (walk.compared.has(name)) return;
  walk.compared.add(name);
  const { members = {}, required = [] } = walk.table.shapes[name] as Shape;
  const [, , , , names, , requiredCount = 0] = schema.getSchema() as unknown as StructSchema;
  for (const member of names) if (!(member in members)) walk.found.add(`${name}.${member}: only in the SDK`);
  for (const member of Object.keys(members))
    if (!names.includes(member)) walk.found.add(`${name}.${member}: only in botocore`);
  const requiredHere = names.slice(0, requiredCount);
  for (const member of new Set([...requiredHere, ...required])) {
    if (!requiredHere.includes(member)) walk.found.add(`${name}.${member}: required in botocore only`);
    if (!required.includes(member)) walk.found.add(`${name}.${member}: required in the SDK only`);
  }
  for (const [member, memberSchema] of schema.structIterator()) {
    if (members[member] !== undefined) compare(memberSchema, members[member], walk);
  }
}

function kindOfSchema(schema: NormalizedSchema): string {
  if (schema.isStructSchema()) return 'structure';
  if (schema.isListSchema()) return 'list';
  if (schema.isMapSchema()) return 'map';
  if (schema.isBlobSchema()) return 'blob';
  if (schema.isTimestampSchema()) return 'timestamp';
  if (schema.isBooleanSchema()) return 'boolean';
  if (schema.isNumericSchema()) return 'number';
  return schema.isStringSchema() ? 'string' : 'something else';
}

/** The SDK knows one kind of number. */
function kindOfShape({ type }: Shape): string {
  return ['integer', 'long', 'float', 'double'].includes(type) ? 'number' : type;
}
