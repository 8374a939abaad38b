import type { Inventory, InventoryFile } from '../../engine/index.ts';
import { frameLimits } from './frames.ts';
import { isDigest } from './messages.ts';

/** Some three million files. */
const mostBytes = 512 * 1024 * 1024;

/** An inventory as the payloads of several frames. */
export function* inventoryPieces(inventory: Inventory): Generator<{ readonly piece: Buffer; readonly last: boolean }> {
  const bytes = Buffer.from(JSON.stringify(inventory));
  for (let at = 0; ; at += frameLimits.payloadBytes) {
    const piece = bytes.subarray(at, at + frameLimits.payloadBytes);
    const last = at + frameLimits.payloadBytes >= bytes.length;
    yield { piece, last };
    if (last) return;
  }
}

/** @returns takes the next piece; gives the inventory with the last. @throws Error that says what is wrong */
export function inventoryCollector(): (piece: Buffer, last: boolean) => Inventory | undefined {
  const pieces: Buffer[] = [];
  let held = 0;
  return (piece, last) => {
    held += piece.length;
    if (held > mostBytes) throw new Error(`the inventory has more than ${mostBytes} bytes`);
    pieces.push(piece);
    return last ? readInventoryText(Buffer.concat(pieces).toString()) : undefined;
  };
}

function readInventoryText(text: string): Inventory {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('the inventory is not JSON');
  }
  if (!isInventory(value)) throw new Error('the inventory has other members than it should');
  return value;
}

type Loose<T> = { readonly [K in keyof T]?: unknown };

function isInventory(value: unknown): value is Inventory {
  if (typeof value !== 'object' || value === null) return false;
  const { folders, files, loose, refused, table, drawn } = value as Loose<Inventory>;
  const rows = (table as Loose<NonNullable<Inventory['table']>> | undefined)?.rows;
  return (
    isListOf(folders, isText) &&
    isListOf(loose, isText) &&
    isListOf(files, isFile) &&
    isListOf(refused, isRefused) &&
    (table === undefined || isListOf(rows, isRow)) &&
    typeof drawn === 'boolean'
  );
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNothing = (value: unknown): boolean => value === undefined || typeof value === 'string';

function isRefused(value: unknown): boolean {
  const { name, code, message } = (value ?? {}) as Loose<{ name: string; code: string; message: string }>;
  return isText(name) && isText(code) && isText(message);
}

function isFile(value: unknown): value is InventoryFile {
  const { name, digest } = (value ?? {}) as Loose<{ name: string; digest: string }>;
  return (isText(name) && isDigest(digest)) || isRefused(value);
}

function isRow(value: unknown): boolean {
  const { line, written, name, className, split, group } = (value ?? {}) as Loose<
    NonNullable<Inventory['table']>['rows'][number]
  >;
  const isSplit = split === undefined || ['train', 'valid', 'test'].includes(split as string);
  const texts = isText(written) && isText(className) && isTextOrNothing(name) && isTextOrNothing(group);
  return Number.isInteger(line) && texts && isSplit;
}
