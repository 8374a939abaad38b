import { nearest, userError } from '../errors/index.ts';

export interface ServerOptions {
  /** TCP port; 0 takes a free one. Default 4566, which tools for local AWS servers know. */
  readonly port?: number;
  /**
   * Folder that holds everything, made when missing; `'memory'` for a temporary one that is gone with the server. Default `.whippet`.
   */
  readonly state?: string;
  /** Address to listen on. Default 127.0.0.1; any other lets other machines talk to the server, for which it was not made. */
  readonly listen?: string;
  /** Region of what names none. Clients may use any. Default us-east-1. */
  readonly region?: string;
  /** Gets the server's log, one JSON line at a time, without line end and without secrets. Default: nowhere. */
  readonly onLog?: (line: string) => void;
}

interface Rule {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

const rules: { readonly [Option in keyof Required<ServerOptions>]: Rule } = {
  port: {
    expected: 'a whole number from 0 to 65535',
    holds: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535,
  },
  state: { expected: 'the path of a folder, or "memory"', holds: (value) => isText(value) },
  listen: { expected: 'an address of this machine', holds: (value) => isText(value) },
  region: {
    expected: 'a region such as us-east-1',
    holds: (value) => isText(value) && /^[a-z0-9-]{1,64}$/.test(value),
  },
  onLog: { expected: 'a function', holds: (value) => typeof value === 'function' },
};

/**
 * The options with their defaults. A name that is none is refused: a typing error would otherwise put a state where nobody wants it.
 * @throws WhippetError WHIPPET_SERVER_OPTION.
 */
export function checkedOptions(options: ServerOptions): Required<ServerOptions> {
  for (const [option, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, option) ? rules[option as keyof ServerOptions] : undefined;
    if (rule === undefined) throw unknownOption(option);
    if (value !== undefined && !rule.holds(value)) {
      throw userError('WHIPPET_SERVER_OPTION', { option, value: String(value), expected: rule.expected });
    }
  }
  return {
    port: options.port ?? 4566,
    state: options.state ?? '.whippet',
    listen: options.listen ?? '127.0.0.1',
    region: options.region ?? 'us-east-1',
    onLog: options.onLog ?? (() => {}),
  };
}

function unknownOption(option: string): Error {
  const names = Object.keys(rules);
  const meant = nearest(option, names);
  const expected = meant === undefined ? `one of ${names.join(', ')}` : `${meant}`;
  return userError('WHIPPET_SERVER_OPTION', { option: 'The name of an option', value: option, expected });
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && !value.includes('\0');
}
