/**
 * Parameters of rules: what they are called, what they mean, and how their text becomes a value. SageMaker carries every value as text.
 */

export type ParameterValue = number | boolean | string | readonly string[] | null;

export interface ParameterDefinition {
  /** AWS's name of it. */
  readonly name: string;
  readonly type: 'number' | 'integer' | 'boolean' | 'text' | 'names' | 'patterns';
  readonly default: ParameterValue;
  /** Bounds of numbers, themselves allowed. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Of a text: what it can be. */
  readonly oneOf?: readonly string[];
  readonly meaning: string;
}

export type Settings = Readonly<Record<string, ParameterValue>>;

/** @returns the value, or in words what is wrong with the text. */
export function readParameter(
  definition: ParameterDefinition,
  text: string,
): { readonly value: ParameterValue } | { readonly problem: string } {
  switch (definition.type) {
    case 'number':
    case 'integer':
      return readNumber(definition, text.trim());
    case 'boolean':
      return readBoolean(definition, text.trim());
    case 'text':
      return readText(definition, text.trim());
    case 'names':
      return { value: splitList(text) };
    case 'patterns':
      return readPatterns(definition, text);
  }
}

function readNumber(definition: ParameterDefinition, text: string) {
  const { type, minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = definition;
  const value = Number(text);
  if (text === '' || !Number.isFinite(value) || (type === 'integer' && !Number.isInteger(value))) {
    return { problem: `${definition.name} is ${type === 'integer' ? 'a whole number' : 'a number'}, not "${text}"` };
  }
  if (value < minimum || value > maximum) {
    return { problem: `${definition.name} lies ${range(minimum, maximum)}; ${text} does not` };
  }
  return { value };
}

function range(minimum: number, maximum: number): string {
  if (maximum === Number.POSITIVE_INFINITY) return `at ${minimum} or above`;
  return minimum === Number.NEGATIVE_INFINITY ? `at ${maximum} or below` : `between ${minimum} and ${maximum}`;
}

/** Python's spelling, since its SDK writes `str(True)`, and the usual others. */
function readBoolean(definition: ParameterDefinition, text: string) {
  if (/^(true|1|yes)$/i.test(text)) return { value: true };
  if (/^(false|0|no)$/i.test(text)) return { value: false };
  return { problem: `${definition.name} is True or False, not "${text}"` };
}

function readText({ name, oneOf }: ParameterDefinition, text: string) {
  if (!oneOf || oneOf.includes(text)) return { value: text };
  return { problem: `${name} is one of ${oneOf.join(', ')}, not "${text}"` };
}

function readPatterns(definition: ParameterDefinition, text: string) {
  const patterns = splitList(text);
  for (const pattern of patterns) {
    try {
      new RegExp(pattern);
    } catch {
      return { problem: `${definition.name} holds regular expressions; "${pattern}" is none` };
    }
  }
  return { value: patterns };
}

/** "List of strings or a comma-separated string", in the words of AWS's tables: `a, b` or `['a', 'b']`. */
function splitList(text: string): readonly string[] {
  const inner = text.trim().replace(/^\[(.*)\]$/s, '$1');
  return inner
    .split(',')
    .map((item) => item.trim().replace(/^(['"])(.*)\1$/s, '$2'))
    .filter((item) => item !== '');
}

/** A number of the settings; its definition says that it is one. */
export function numberOf(settings: Settings, name: string): number {
  const value = settings[name];
  if (typeof value !== 'number') throw new TypeError(`The rule has no number ${name}.`);
  return value;
}

/** A switch of the settings. */
export function flagOf(settings: Settings, name: string): boolean {
  return settings[name] === true;
}

/** A list of the settings; empty where none was given. */
export function listOf(settings: Settings, name: string): readonly string[] {
  const value = settings[name];
  return Array.isArray(value) ? value : [];
}
