import { catalogue } from '../src/errors/index.ts';

/** docs/errors.md: every user error, grouped by room, with its message as a template. */
export function errorDocs(): string {
  const sections = new Map<string, string[]>();
  for (const [code, definition] of Object.entries(catalogue).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const room = roomOf(code);
    sections.set(room, [...(sections.get(room) ?? []), section(code, definition as unknown as Renderable)]);
  }
  return `${heading}\n${[...sections].map(([room, errors]) => `## ${room}\n\n${errors.join('\n')}`).join('\n')}`;
}

const heading = `# Errors

An error that you can act on has a code, says what happened with the value received, and says what to do. Codes are stable. On the command
line the message goes to standard error (with \`--json\`, as \`{ "code", "message", "remedy" }\`); over HTTP it is the body. Values stand in
⟨angle brackets⟩. A command that fails ends with exit code 1, wrong usage with 2, an interrupted one with 130.

This page is written by \`npm run docs\`.
`;

interface Renderable {
  readonly message: (values: unknown) => string;
  readonly remedy: string | ((values: unknown) => string);
  readonly exitCode?: 1 | 2;
}

/** WHIPPET_IMAGE_TOO_LARGE → image */
function roomOf(code: string): string {
  return (code.split('_')[1] ?? '').toLowerCase();
}

function section(code: string, { message, remedy, exitCode = 1 }: Renderable): string {
  const values = new Proxy({}, { get: (_, name) => placeholder(`⟨${String(name)}⟩`) });
  const advice = typeof remedy === 'string' ? remedy : remedy(values);
  const entry = `### ${code}\n\n> ${message(values)}\n\n${advice}${exitCode === 1 ? '' : ` (Exit code ${exitCode}.)`}\n`;
  // What a message computes from its values.
  return entry.replaceAll(/\bNaN\b/g, '⟨number⟩');
}

/** A value that reads as its name whatever a message does with it: number, list or text, `toFixed`, `join` or `slice`. */
function placeholder(text: string): unknown {
  return new Proxy(() => text, {
    get: (_, property) => (property === Symbol.toPrimitive || property === 'toJSON' ? () => text : placeholder(text)),
    apply: () => placeholder(text),
  });
}
