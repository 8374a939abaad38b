import type { Variables } from './pattern.ts';
import type { ContextValue, RequestContext } from './request.ts';

/** The context of one request as conditions see it. */
export interface ContextLookup {
  /** Values of a key by its lower-case name; undefined when the request has none. A list that is empty is none, too. */
  values(key: string): readonly Scalar[] | undefined;
  /** For policy variables: "You can't use multivalued context keys as variables", so a list is no value. */
  readonly variables: Variables;
}

export type Scalar = string | number | boolean | Date;

/** Names of condition keys are not case-sensitive. */
export function lookUpIn(context: RequestContext): ContextLookup {
  let folded: Map<string, ContextValue> | undefined;
  const find = (key: string): ContextValue => {
    folded ??= new Map(Object.entries(context).map(([name, value]) => [name.toLowerCase(), value]));
    return folded.get(key);
  };
  return {
    values(key) {
      const value = find(key);
      if (value === undefined) return undefined;
      if (!Array.isArray(value)) return [value as Scalar];
      return value.length === 0 ? undefined : value;
    },
    variables(key) {
      const value = find(key);
      return value === undefined || Array.isArray(value) ? undefined : textOf(value as Scalar);
    },
  };
}

/** As AWS writes values: times in ISO 8601 without fractions. */
export function textOf(value: Scalar): string {
  return value instanceof Date ? `${value.toISOString().slice(0, 19)}Z` : String(value);
}
