import { catalogue } from '../src/errors/index.ts';

/** docs/errors.md: every user error, grouped by room, with its message as a template. */
export function errorDocs(): string {
  const byRoom = Object.entries(catalogue)
    .map(([code, definition]) => ({ code, room: roomOf(code), ...render(definition as unknown as Renderable) }))
    .sort((a, b) => a.room.localeCompare(b.room) || a.code.localeCompare(b.code));
  const rooms = Map.groupBy(byRoom, ({ room }) => room);
  const sections = [...rooms].map(([room, errors]) => `## ${room}\n\n${errors.map(section).join('\n')}`);
  return `${heading}\n${sections.join('\n')}`;
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

function render({ message, remedy, exitCode = 1 }: Renderable): { message: string; remedy: string; exitCode: number } {
  const values = new Proxy({}, { get: (_, name) => placeholder(`⟨${String(name)}⟩`) });
  return { message: message(values), remedy: typeof remedy === 'string' ? remedy : remedy(values), exitCode };
}

/** A value that reads as its name whatever a message does with it: number, list or text, `toFixed`, `join` or `slice`. */
function placeholder(text: string): unknown {
  return new Proxy(() => text, {
    get: (_, property) => (property === Symbol.toPrimitive ? () => text : placeholder(text)),
    apply: () => text,
  });
}

function section({
  code,
  message,
  remedy,
  exitCode,
}: {
  code: string;
  message: string;
  remedy: string;
  exitCode: number;
}): string {
  return `### ${code}\n\n> ${message}\n\n${remedy}${exitCode === 1 ? '' : ` (Exit code ${exitCode}.)`}\n`;
}
