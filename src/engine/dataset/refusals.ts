import { resolve } from 'node:path';
import type { RefusedFile } from './dataset.ts';
import type { Finding } from './findings.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * One shell command that converts all of them, beside the originals. heif-convert is in Debian's libheif-examples and
 * Homebrew's libheif. Files with another ending are named, as `find` would miss them.
 */
function heicCommand(names: readonly string[], root: string): string {
  const ends = (name: string): boolean => /\.hei[cf]$/i.test(name);
  if (names.length > 3 && names.every(ends)) {
    return `find ${quoted(root)} -iname '*.hei[cf]' -exec heif-convert {} {}.jpg \\;`;
  }
  const list = names.map((name) => quoted(resolve(root, name))).join(' ');
  return `for f in ${list}; do heif-convert "$f" "$f.jpg"; done`;
}

/** One finding for the HEIC files together, one for each other file that cannot be used. */
export function checkRefused(refused: readonly RefusedFile[], root: string): Finding[] {
  const isHeic = ({ code }: RefusedFile): boolean => code === 'WHIPPET_IMAGE_HEIC';
  const findings: Finding[] = refused
    .filter((file) => !isHeic(file))
    .map(({ name, message }) => ({
      severity: 'warning',
      code: 'unreadable',
      message: message.replace(/\.$/, ''),
      pictures: [name],
    }));
  const heic = refused.filter(isHeic).map(({ name }) => name);
  if (heic.length > 0) {
    const message = `${heic.length} HEIC file(s) cannot be decoded here. To convert them:\n${heicCommand(heic, root)}`;
    findings.push({ severity: 'warning', code: 'heic', message, pictures: heic });
  }
  return findings;
}
