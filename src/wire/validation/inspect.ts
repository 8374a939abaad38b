import type { Constraints, Shape } from '../constraints/constraints.ts';
import { brokenRules } from './rules.ts';
import { isOfType } from './types.ts';
import type { Mismatch, Part, Path, Violation } from './violation.ts';

export interface Findings {
  /** The first value of a wrong type. */
  readonly mismatch?: Mismatch;
  /** In the model's order, ten at most. */
  readonly violations: readonly Violation[];
}

/** AWS was seen to name ten ("10 validation errors detected") of the many that a request had. */
const mostViolations = 10;

export interface InspectOptions {
  readonly operation: string;
  readonly constraints: Constraints;
  /** False for violations that shall not be told. */
  readonly enforces?: (violation: Violation) => boolean;
}

/** Holds the input of an operation against the shapes of its model. A streamed body is not looked at. */
export function inspect(input: unknown, { operation, constraints, enforces = () => true }: InspectOptions): Findings {
  const known = constraints.operations[operation];
  if (known === undefined) throw new Error(`${operation} is not in the table of constraints: run npm run constraints.`);
  const findings: Walk['findings'] = { violations: [] };
  const walk = { constraints, enforces, streaming: known.streaming, findings };
  if (known.input) visit(input, known.input, { walk, path: [] });
  return findings;
}

interface Walk {
  readonly constraints: Constraints;
  readonly enforces: (violation: Violation) => boolean;
  readonly streaming: string | undefined;
  readonly findings: { mismatch?: Mismatch; readonly violations: Violation[] };
}

interface Place {
  readonly walk: Walk;
  readonly path: Path;
  readonly part?: Part;
}

function visit(value: unknown, shapeName: string, place: Place): void {
  const { walk, path, part } = place;
  const shape = shapeOf(walk, shapeName);
  if (!isOfType(value, shape.type)) {
    walk.findings.mismatch ??= { path, value, expected: shape.type };
    return;
  }
  if (walk.findings.violations.length < mostViolations) {
    for (const broken of brokenRules(value, shape, walk.constraints.compiled)) {
      report({ path, value, shape, broken, ...(part && { part }) }, walk);
    }
  }
  if (shape.type === 'structure') visitMembers(value as Readonly<Record<string, unknown>>, shape, place);
  else if (shape.type === 'list') visitItems(value as readonly unknown[], shape, place);
  else if (shape.type === 'map') visitEntries(value as Readonly<Record<string, unknown>>, shape, place);
}

function visitMembers(value: Readonly<Record<string, unknown>>, shape: Shape, { walk, path }: Place): void {
  for (const [name, memberShape] of Object.entries(shape.members ?? {})) {
    const content = Object.hasOwn(value, name) ? value[name] : undefined;
    if (content !== undefined && content !== null) {
      if (path.length === 0 && name === walk.streaming) continue;
      visit(content, memberShape, { walk, path: [...path, name] });
    } else if (shape.required?.includes(name)) {
      const missing = shapeOf(walk, memberShape);
      report({ path: [...path, name], value: undefined, shape: missing, broken: { rule: 'required' } }, walk);
    }
  }
}

function visitItems(value: readonly unknown[], shape: Shape, { walk, path }: Place): void {
  for (const [index, item] of value.entries()) {
    visit(item, shape.member as string, { walk, path: [...path, index + 1], part: { of: 'item', whole: value } });
  }
}

function visitEntries(value: Readonly<Record<string, unknown>>, shape: Shape, { walk, path }: Place): void {
  for (const [key, content] of Object.entries(value)) {
    const at = [...path, key];
    visit(key, shape.key as string, { walk, path: at, part: { of: 'key', whole: value } });
    visit(content, shape.value as string, { walk, path: at, part: { of: 'value', whole: value } });
  }
}

/** Of one list or map the first bad item, key and value are enough: wordings name the whole. */
function report(violation: Violation, { enforces, findings: { violations } }: Walk): void {
  const { part } = violation;
  const told = part && violations.some((other) => other.part?.whole === part.whole && other.part?.of === part.of);
  if (!told && violations.length < mostViolations && enforces(violation)) violations.push(violation);
}

function shapeOf({ constraints }: Walk, name: string): Shape {
  const shape = constraints.shapes[name];
  if (shape === undefined) throw new Error(`The table of constraints refers to ${name}, which it does not hold.`);
  return shape;
}
