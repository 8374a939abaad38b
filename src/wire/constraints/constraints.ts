import { readFileSync } from 'node:fs';
import type { ServiceName } from '../schemas.ts';

/** botocore's word for what a shape is. */
export type ShapeType =
  | 'structure'
  | 'list'
  | 'map'
  | 'string'
  | 'integer'
  | 'long'
  | 'float'
  | 'double'
  | 'boolean'
  | 'blob'
  | 'timestamp';

export interface Shape {
  readonly type: ShapeType;
  /** Structure: member → name of its shape, in the model's order. */
  readonly members?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  /** List: the name of its members' shape. */
  readonly member?: string;
  /** Map. */
  readonly key?: string;
  readonly value?: string;
  /** Length of a string (characters), list or map; bytes of a blob; value of a number. */
  readonly min?: number;
  readonly max?: number;
  /** A regular expression in Java's syntax; the whole string has to match. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

export interface OperationShapes {
  readonly method: string;
  /** With `{Bucket}` and query, as botocore writes it. */
  readonly uri: string;
  readonly input?: string;
  readonly output?: string;
  /** The member that is the body as it is, and a stream: PutObject's `Body`. */
  readonly streaming?: string;
}

/** What botocore's model says of one service's served operations: written by scripts/write-constraints.ts. */
export interface ConstraintTable {
  readonly source: {
    readonly botocore: string;
    readonly licence: string;
    readonly notice: string;
    readonly service: string;
    readonly apiVersion: string;
  };
  readonly operations: Readonly<Record<string, OperationShapes>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface Constraints extends ConstraintTable {
  /** Pattern as the table has it → compiled, filled as patterns are first needed. */
  readonly compiled: Map<string, RegExp>;
}

/** Reads the table of one service from its file (1 to 3 ms). Keep it: each call reads again. */
export function loadConstraints(service: ServiceName): Constraints {
  const table = readFileSync(new URL(`./${service}.json`, import.meta.url), 'utf8');
  return { ...(JSON.parse(table) as ConstraintTable), compiled: new Map() };
}
