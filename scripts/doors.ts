import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cruise, type ICruiseResult, type IDependency, type IModule } from 'dependency-cruiser';
import { leaves, libraries, rooms } from './rooms.ts';

interface Finding {
  readonly from: string;
  readonly to: string;
  readonly rule: string;
}

export interface DoorsReport {
  /** Source files read. */
  readonly modules: number;
  /** Imports looked at, type-only ones included. */
  readonly imports: number;
  readonly findings: readonly Finding[];
}

/**
 * Reads every import below `root`/src and compares it with the rooms table.
 * @throws Error when fewer modules were read than there are files: a check that reads nothing must not pass.
 */
export async function checkDoors(root: string): Promise<DoorsReport> {
  const files = (await readdir(join(root, 'src'), { recursive: true })).filter((file) => file.endsWith('.ts'));
  const read = (await readModules(root)).filter((module) => module.source.startsWith('src/'));
  if (files.length === 0 || read.length < files.length) {
    throw new Error(`Only ${read.length} modules were read, but src/ holds ${files.length} .ts files.`);
  }
  const declared = await declaredPackages(root);
  const imports = read.flatMap((module) =>
    module.dependencies.map((dependency) => ({ from: module.source, dependency })),
  );
  const findings = [
    ...imports.flatMap(({ from, dependency }) => judge(from, dependency, declared)),
    ...scattered(imports),
    ...cycles(read),
  ];
  return { modules: read.length, imports: imports.length, findings };
}

async function readModules(root: string): Promise<readonly IModule[]> {
  const { output } = await cruise(['src'], {
    baseDir: root,
    // Types are imports too here, marked as such; without it they would vanish before anyone could count them.
    tsPreCompilationDeps: 'specify',
    doNotFollow: { path: 'node_modules' },
  });
  return (output as ICruiseResult).modules;
}

async function declaredPackages(root: string): Promise<{ runtime: Set<string>; development: Set<string> }> {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return { runtime: new Set(Object.keys(dependencies)), development: new Set(Object.keys(devDependencies)) };
}

/** What is wrong with one import. */
function judge(
  from: string,
  { module: specifier, resolved, dependencyTypes }: IDependency,
  declared: { runtime: Set<string>; development: Set<string> },
): Finding[] {
  if (dependencyTypes.includes('core')) return [];
  const finding = (rule: string): Finding => ({ from, to: specifier, rule });
  const isTest = from.endsWith('.test.ts');
  const typeOnly = dependencyTypes.includes('type-only');
  if (!specifier.startsWith('.')) {
    const name = packageName(specifier);
    if (!declared.runtime.has(name) && !(declared.development.has(name) && (isTest || typeOnly))) {
      return [finding('package.json does not declare it')];
    }
    const owner = libraries[name];
    if (typeOnly || isTest || owner === undefined || new RegExp(owner.files).test(from)) return [];
    return [finding(`${name} belongs to ${owner.files}`)];
  }
  if (dependencyTypes.includes('unknown') || !resolved.startsWith('src/')) {
    return [finding('it is no file below src/')];
  }
  if (typeOnly) return [];
  const [own, other] = [roomOf(from), roomOf(resolved)];
  if (own === other) return siblings(from, resolved) ? [finding('a service may not import its sibling')] : [];
  const allowed = rooms[own]?.includes(other) || (isTest && isLeaf(other));
  if (!allowed) return [finding(`${own} may not import ${other}`)];
  return isDoor(resolved) ? [] : [finding(`${other} is entered by its door, ${doorOf(resolved)}`)];
}

function doorOf(path: string): string {
  const service = serviceOf(path);
  return service === undefined ? `src/${roomOf(path)}/index.ts` : `src/services/${service}/index.ts`;
}

/** Each service has a door of its own. What they share lies beside them: the shape of operations, the tables. */
function isDoor(path: string): boolean {
  const [, room, folder, file] = path.split('/');
  return room === 'services'
    ? file === undefined || (file === 'index.ts' && folder !== undefined)
    : folder === 'index.ts' && file === undefined;
}

/** Files of two services. */
function siblings(from: string, to: string): boolean {
  const [a, b] = [serviceOf(from), serviceOf(to)];
  return a !== undefined && b !== undefined && a !== b;
}

function serviceOf(path: string): string | undefined {
  return /^src\/services\/([^/]+)\//.exec(path)?.[1];
}

/** Libraries that belong to one file and are imported by several. */
function scattered(imports: readonly { from: string; dependency: IDependency }[]): Finding[] {
  return Object.entries(libraries).flatMap(([name, { single }]) => {
    const importers = imports
      .filter(({ from, dependency }) => !from.endsWith('.test.ts') && isValueImport(dependency))
      .filter(({ dependency }) => !dependency.module.startsWith('.') && packageName(dependency.module) === name)
      .map(({ from }) => from);
    const [first, ...others] = [...new Set(importers)];
    return single ? others.map((from) => ({ from, to: name, rule: `${first} imports it already, one file may` })) : [];
  });
}

/** Every file that can be reached from itself by value imports, once per cycle found. */
function cycles(modules: readonly IModule[]): Finding[] {
  const targets = new Map(
    modules.map(({ source, dependencies }) => [
      source,
      dependencies.filter(isValueImport).map(({ resolved }) => resolved),
    ]),
  );
  const found: Finding[] = [];
  const finished = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    if (finished.has(file)) return;
    const start = path.indexOf(file);
    if (start >= 0) {
      const cycle = [...path.slice(start), file];
      found.push({ from: file, to: cycle[1] ?? file, rule: `cycle: ${cycle.join(' → ')}` });
      return;
    }
    path.push(file);
    for (const target of targets.get(file) ?? []) visit(target);
    path.pop();
    finished.add(file);
  };
  for (const { source } of modules) visit(source);
  return found;
}

function isValueImport({ dependencyTypes }: IDependency): boolean {
  return !dependencyTypes.includes('type-only');
}

function roomOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function isLeaf(room: string): boolean {
  return (leaves as readonly string[]).includes(room);
}

/** `@scope/name/file` → `@scope/name`. */
function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
