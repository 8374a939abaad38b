/**
 * The grammar of policy documents: from JSON to elements of the right types. What elements a kind of policy needs, and what may stand
 * in them, is checked elsewhere. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { type ConditionText, parseOperator } from './condition.ts';
import type { PolicyVersion } from './document.ts';
import { readJson } from './json.ts';
import { MalformedPolicy } from './malformed.ts';
import type { PrincipalText } from './principal.ts';

/** A document whose elements have the right types, but may be missing or make no sense. Lists may be empty. */
export interface ShapedDocument {
  readonly version: PolicyVersion | undefined;
  readonly id: string | undefined;
  readonly statements: readonly ShapedStatement[];
}

export interface ShapedStatement {
  readonly sid: string | undefined;
  /** As written. */
  readonly effect: string | undefined;
  readonly action: readonly string[] | undefined;
  readonly notAction: readonly string[] | undefined;
  readonly resource: readonly string[] | undefined;
  readonly notResource: readonly string[] | undefined;
  readonly principal: PrincipalText | undefined;
  readonly notPrincipal: PrincipalText | undefined;
  readonly conditions: readonly ConditionText[];
}

export function actionsOf({ action, notAction }: ShapedStatement): readonly string[] {
  return action ?? notAction ?? [];
}

export function resourcesOf({ resource, notResource }: ShapedStatement): readonly string[] {
  return resource ?? notResource ?? [];
}

/** An empty Sid is none. */
export function hasRepeatedSid(statements: readonly ShapedStatement[]): boolean {
  const sids = statements.flatMap(({ sid }) => (sid ? [sid] : []));
  return new Set(sids).size < sids.length;
}

/** AWS words the same mistake differently in policies of identities and of resources. */
export interface Wording {
  readonly syntax: string;
  readonly json: string;
  readonly version: string;
  readonly noStatement: string;
  readonly emptyStatement: string;
  readonly unknownElement: (name: string) => string;
  readonly unknownOperator: (name: string) => string;
  readonly principalType: (name: string) => string;
}

type Elements = Readonly<Record<string, unknown>>;

const documentElements = ['Version', 'Id', 'Statement'];
const statementElements = [
  'Sid',
  'Effect',
  'Condition',
  ...['Action', 'Resource', 'Principal'].flatMap((name) => [name, `Not${name}`]),
];

/** @throws MalformedPolicy */
export function shapeDocument(text: string, wording: Wording): ShapedDocument {
  const document = elements(parse(text, wording), wording);
  refuseUnknown(document, documentElements, wording);
  const { Version: version, Id: id, Statement: statement } = document;
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw new MalformedPolicy(wording.version);
  }
  if (statement === undefined) throw new MalformedPolicy(wording.noStatement);
  const statements: readonly unknown[] = Array.isArray(statement) ? statement : [statement];
  if (statements.length === 0) throw new MalformedPolicy(wording.emptyStatement);
  return {
    version,
    id: optional(id, string, wording),
    statements: statements.map((one) => shapeStatement(elements(one, wording), wording)),
  };
}

function shapeStatement(statement: Elements, wording: Wording): ShapedStatement {
  refuseUnknown(statement, statementElements, wording);
  for (const name of ['Action', 'Resource', 'Principal']) {
    if (statement[name] !== undefined && statement[`Not${name}`] !== undefined)
      throw new MalformedPolicy(wording.syntax);
  }
  return {
    sid: optional(statement.Sid, string, wording),
    effect: optional(statement.Effect, string, wording),
    action: optional(statement.Action, strings, wording),
    notAction: optional(statement.NotAction, strings, wording),
    resource: optional(statement.Resource, strings, wording),
    notResource: optional(statement.NotResource, strings, wording),
    principal: optional(statement.Principal, principals, wording),
    notPrincipal: optional(statement.NotPrincipal, principals, wording),
    conditions: optional(statement.Condition, conditions, wording) ?? [],
  };
}

function parse(text: string, { json }: Wording): unknown {
  try {
    return readJson(text);
  } catch {
    throw new MalformedPolicy(json);
  }
}

type Shape<T> = (value: unknown, wording: Wording) => T;

function optional<T>(value: unknown, shape: Shape<T>, wording: Wording): T | undefined {
  return value === undefined ? undefined : shape(value, wording);
}

function elements(value: unknown, { syntax }: Wording): Elements {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new MalformedPolicy(syntax);
  return value as Elements;
}

function refuseUnknown(object: Elements, known: readonly string[], { unknownElement }: Wording): void {
  const unknown = Object.keys(object).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new MalformedPolicy(unknownElement(unknown));
}

function string(value: unknown, { syntax }: Wording): string {
  if (typeof value !== 'string') throw new MalformedPolicy(syntax);
  return value;
}

const strings: Shape<readonly string[]> = (value, wording) =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).map((one) => string(one, wording));

const principalTypes = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

const principals: Shape<PrincipalText> = (value, wording) => {
  if (value === '*') return { AWS: ['*'] };
  const byType = Object.entries(elements(value, wording));
  const unknown = byType.find(([type]) => !principalTypes.includes(type));
  if (unknown) throw new MalformedPolicy(wording.principalType(unknown[0]));
  return Object.fromEntries(byType.map(([type, names]) => [type, strings(names, wording)]));
};

/** Values of conditions may be numbers and booleans too; they are compared as text. */
const conditions: Shape<readonly ConditionText[]> = (value, wording) =>
  Object.entries(elements(value, wording)).flatMap(([operator, byKey]) => {
    const lines = Object.entries(elements(byKey, wording));
    // IAM takes any name of an operator that is given nothing to compare.
    if (lines.length > 0 && !parseOperator(operator)) throw new MalformedPolicy(wording.unknownOperator(operator));
    return lines.map(([key, values]) => ({ operator, key, values: scalars(values, wording) }));
  });

const scalars: Shape<readonly string[]> = (value, wording) =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).map((one) =>
    string(typeof one === 'number' || typeof one === 'boolean' ? String(one) : one, wording),
  );
