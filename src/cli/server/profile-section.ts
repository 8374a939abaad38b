/**
 * The files of AWS's profiles as text: one section is set, every other byte stays as it is.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */

/** Settings of a section by name; undefined where the file has none of that name. Nested settings are not read. */
export function readSection(text: string, header: string): ReadonlyMap<string, string> | undefined {
  const place = placeOf(text.split('\n'), header);
  if (place === undefined) return undefined;
  const lines = text.split('\n').slice(place.start + 1, place.end);
  return new Map(lines.flatMap((line) => settingOf(line) ?? []));
}

/** The text with these settings in that section, which is added at the end where it is missing. */
export function withSection(text: string, header: string, settings: Readonly<Record<string, string>>): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const wanted = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const lines = text.split('\n');
  const place = placeOf(lines, header);
  if (place === undefined) {
    const apart = text === '' ? '' : text.endsWith('\n') ? newline : newline + newline;
    return `${text}${apart}${[`[${header}]`, ...wanted, ''].join(newline)}`;
  }
  const kept = lines
    .slice(place.start + 1, place.end)
    .filter((line) => !Object.hasOwn(settings, settingOf(line)?.[0][0] ?? ''));
  const end = newline.slice(0, -1);
  const section = [lines[place.start] ?? '', ...wanted.map((line) => line + end), ...kept];
  // A section at the end of a file without a last line end would swallow what is written next.
  if (place.end === lines.length && section.at(-1) !== '') section.push('');
  return [...lines.slice(0, place.start), ...section, ...lines.slice(place.end)].join('\n');
}

/** Lines from the header to before the next one. Blank lines at the end belong to it: they are kept where they are. */
function placeOf(lines: readonly string[], header: string): { start: number; end: number } | undefined {
  const wanted = header.split(/\s+/).join(' ');
  const start = lines.findIndex((line) => headerOf(line) === wanted);
  if (start < 0) return undefined;
  const next = lines.findIndex((line, index) => index > start && headerOf(line) !== undefined);
  return { start, end: next < 0 ? lines.length : next };
}

/** `[ profile  dev ] # mine` → `profile dev`. Names with blanks stand in quotation marks. */
function headerOf(line: string): string | undefined {
  const match = /^\[([^\]]*)\]/.exec(line);
  return match?.[1]?.trim().replace(/["']/g, '').split(/\s+/).join(' ');
}

function settingOf(line: string): [[string, string]] | undefined {
  const match = /^([^\s#;=[][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
  return match ? [[(match[1] ?? '').toLowerCase(), match[2] ?? '']] : undefined;
}
