/** Archives of the format ustar, with PAX records for what it has no room for. POSIX.1-2017, pax, "ustar Interchange Format". */

export interface TarEntry {
  readonly path: string;
  readonly size: number;
  readonly executable: boolean;
}

const block = 512;

/** Header of a file, whose bytes follow. No dates and owners: the same files give the same bytes. */
export function tarHeader(entry: TarEntry): Buffer {
  const short = splitPath(entry.path);
  const isLarge = entry.size > 0o77777777777;
  if (short && !isLarge) return header({ ...short, size: entry.size, mode: modeOf(entry), type: '0' });
  const records = Buffer.from(paxRecord('path', entry.path) + (isLarge ? paxRecord('size', `${entry.size}`) : ''));
  const names = { name: Buffer.from(entry.path).subarray(0, 90).toString('latin1'), prefix: '' };
  return Buffer.concat([
    header({ name: 'PaxHeader', prefix: '', size: records.length, mode: 0o644, type: 'x' }),
    records,
    padding(records.length),
    header({ ...names, size: isLarge ? 0 : entry.size, mode: modeOf(entry), type: '0' }),
  ]);
}

/** What fills up a file's last block. */
export function padding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}

/** Two empty blocks. */
export const tarEnd = Buffer.alloc(2 * block);

function modeOf({ executable }: TarEntry): number {
  return executable ? 0o755 : 0o644;
}

/** Names of up to 100 bytes, and folders of up to 155 before them. Other than ASCII goes into PAX records, which say it is UTF-8. */
function splitPath(path: string): { name: string; prefix: string } | undefined {
  if (!/^[\x20-\x7e]+$/.test(path)) return undefined;
  if (path.length <= 100) return { name: path, prefix: '' };
  const slash = path.indexOf('/', path.length - 101);
  if (slash < 1 || slash > 155 || slash === path.length - 1) return undefined;
  return { name: path.slice(slash + 1), prefix: path.slice(0, slash) };
}

interface Header {
  readonly name: string;
  readonly prefix: string;
  readonly size: number;
  readonly mode: number;
  /** 0: a file, x: PAX records for the file that follows. */
  readonly type: '0' | 'x';
}

function header({ name, prefix, size, mode, type }: Header): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, offset: number, digits: number): void => {
    bytes.write(value.toString(8).padStart(digits, '0'), offset, 'latin1');
  };
  bytes.write(name, 0, 100, 'latin1');
  octal(mode, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  bytes.fill(' ', 148, 156);
  bytes.write(type, 156, 'latin1');
  bytes.write('ustar\x0000', 257, 'latin1');
  bytes.write(prefix, 345, 155, 'latin1');
  octal(
    bytes.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  bytes.write('\0 ', 154, 'latin1');
  return bytes;
}

/** `LENGTH key=value\n`, where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length > length) length++;
  return `${length} ${key}=${value}\n`;
}
