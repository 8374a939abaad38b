/**
 * `npm run constraints BOTOCORE_DIRECTORY`: writes src/wire/constraints/*.json from botocore's models, for the operations in
 * src/wire/constraints/operations.ts. The directory is the Python package:
 * `python3 -c "import botocore, os; print(os.path.dirname(botocore.__file__))"`. The same models give the same bytes.
 */
import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ConstraintTable, OperationShapes, Shape, ShapeType } from '../src/wire/constraints/constraints.ts';
import { constrainedOperations } from '../src/wire/constraints/operations.ts';
import type { ServiceName } from '../src/wire/schemas.ts';
import { root } from './node.js';

interface BotocoreShape extends Omit<Shape, 'members' | 'member' | 'key' | 'value'> {
  readonly members?: Readonly<Record<string, { readonly shape: string; readonly streaming?: boolean }>>;
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly payload?: string;
  readonly streaming?: boolean;
}

interface BotocoreModel {
  readonly metadata: { readonly apiVersion: string };
  readonly operations: Readonly<Record<string, BotocoreOperation>>;
  readonly shapes: Readonly<Record<string, BotocoreShape>>;
}

interface BotocoreOperation {
  readonly http: { readonly method: string; readonly requestUri: string };
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string };
}

/** Where botocore departs from AWS's model to spare its users a change of type. The SDK, which reads requests here, does not. */
const corrections: Readonly<Partial<Record<ServiceName, Readonly<Record<string, ShapeType>>>>> = {
  s3: { Expires: 'timestamp', PartNumberMarker: 'string', NextPartNumberMarker: 'string' },
};

const directory = process.argv[2];
if (directory === undefined) {
  process.stderr.write('Usage: npm run constraints BOTOCORE_DIRECTORY\n');
  process.exit(2);
}
const version = /__version__ = '([^']+)'/.exec(await readFile(join(directory, '__init__.py'), 'utf8'))?.[1];
if (version === undefined)
  throw new Error(`${directory} is not the botocore package: its __init__.py names no version.`);

const target = join(root, 'src/wire/constraints');
for (const [service, names] of Object.entries(constrainedOperations) as [ServiceName, readonly string[]][]) {
  const table = constraintsOf(await newestModel(join(directory, 'data', service)), { service, names, version });
  await writeFile(join(target, `${service}.json`), JSON.stringify(table));
  process.stdout.write(`${service}.json: ${names.length} operations, ${Object.keys(table.shapes).length} shapes.\n`);
}
// A line for each shape, or each of its members, as the linter wants it: what a newer botocore changes is a readable diff.
const biome = join(root, 'node_modules/.bin/biome');
const files = Object.keys(constrainedOperations).map((service) => join(target, `${service}.json`));
const { status } = spawnSync(biome, ['format', '--write', ...files], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);

/** API versions are dates: the last in order is the newest. */
async function newestModel(folder: string): Promise<BotocoreModel> {
  const newest = (await readdir(folder)).sort().at(-1) ?? '';
  const file = (await readdir(join(folder, newest))).find((name) => /^service-2\.json(\.gz)?$/.test(name));
  if (file === undefined) throw new Error(`${join(folder, newest)} holds no service-2.json.`);
  const bytes = await readFile(join(folder, newest, file));
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as BotocoreModel;
}

function constraintsOf(
  model: BotocoreModel,
  { service, names, version }: { service: ServiceName; names: readonly string[]; version: string },
): ConstraintTable {
  const reached = new Map<string, Shape>();
  const operations = [...names].sort().map((name): [string, OperationShapes] => {
    const operation = model.operations[name];
    if (operation === undefined) throw new Error(`botocore ${version} has no ${name} in ${service}.`);
    for (const end of [operation.input, operation.output]) if (end) reach(end.shape, model, reached);
    return [name, operationShapes(operation, model)];
  });
  return {
    source: {
      botocore: version,
      licence: 'Apache-2.0',
      notice: 'Taken from botocore (https://github.com/boto/botocore), Copyright Amazon.com, Inc. or its affiliates.',
      service,
      apiVersion: model.metadata.apiVersion,
    },
    operations: Object.fromEntries(operations),
    shapes: Object.fromEntries(
      [...reached]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, shape]) => [name, { ...shape, type: corrections[service]?.[name] ?? shape.type }]),
    ),
  };
}

function operationShapes({ http, input, output }: BotocoreOperation, model: BotocoreModel): OperationShapes {
  const payload = input && model.shapes[input.shape]?.payload;
  const body = payload ? model.shapes[input.shape]?.members?.[payload] : undefined;
  const streaming = body?.streaming || (body && model.shapes[body.shape]?.streaming);
  return {
    method: http.method,
    uri: http.requestUri,
    ...(input && { input: input.shape }),
    ...(output && { output: output.shape }),
    ...(payload && streaming && { streaming: payload }),
  };
}

/** Adds the shape and all those it refers to. */
function reach(name: string, model: BotocoreModel, reached: Map<string, Shape>): void {
  if (reached.has(name)) return;
  const shape = model.shapes[name];
  if (shape === undefined) throw new Error(`The model refers to ${name}, which it does not hold.`);
  reached.set(name, shapeOf(shape));
  const members = [...Object.values(shape.members ?? {}), shape.member, shape.key, shape.value];
  for (const member of members) if (member) reach(member.shape, model, reached);
}

function shapeOf({
  type,
  members,
  required,
  member,
  key,
  value,
  min,
  max,
  pattern,
  enum: values,
}: BotocoreShape): Shape {
  return {
    type,
    ...(members && {
      members: Object.fromEntries(Object.entries(members).map(([name, { shape }]) => [name, shape])),
    }),
    ...(required && required.length > 0 && { required }),
    ...(member && { member: member.shape }),
    ...(key && value && { key: key.shape, value: value.shape }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(pattern !== undefined && { pattern }),
    ...(values && { enum: values }),
  };
}
