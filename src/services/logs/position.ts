import { invalidToken } from './errors.ts';

/** Where an event is in its stream or group: by timestamp, then in the order of arrival. Sequences start at 1. */
export interface Position {
  readonly timestamp: number;
  readonly sequence: number;
}

/** Events between two positions, both exclusive. */
export interface Range {
  readonly after: Position;
  readonly before: Position;
}

/** Reading goes on after a position (`f`), or before it (`b`). */
export interface Token {
  readonly direction: 'f' | 'b';
  readonly position: Position;
}

/** Before every event of that timestamp. */
export function startOf(timestamp: number): Position {
  return { timestamp: Math.min(timestamp, Number.MAX_SAFE_INTEGER), sequence: 0 };
}

export const firstPosition: Position = { timestamp: -1, sequence: 0 };
export const lastPosition: Position = { timestamp: Number.MAX_SAFE_INTEGER, sequence: Number.MAX_SAFE_INTEGER };

/** Negative where `a` comes first. */
export function compare(a: Position, b: Position): number {
  return a.timestamp - b.timestamp || a.sequence - b.sequence;
}

export function later(a: Position, b: Position): Position {
  return compare(a, b) < 0 ? b : a;
}

export function earlier(a: Position, b: Position): Position {
  return compare(a, b) < 0 ? a : b;
}

/** 56 digits, as AWS's event ids and tokens are, and in the order of the positions. */
export function formatPosition({ timestamp, sequence }: Position): string {
  return String(timestamp + 1).padStart(28, '0') + String(sequence).padStart(28, '0');
}

/** `f/…/s`, as AWS writes them. */
export function formatToken({ direction, position }: Token): string {
  return `${direction}/${formatPosition(position)}/s`;
}

/** @throws AwsFault InvalidParameterException for what formatToken did not make. */
export function parseToken(text: string): Token {
  const match = /^([fb])\/(\d{28})(\d{28})\/s$/.exec(text);
  const position = { timestamp: Number(match?.[2]) - 1, sequence: Number(match?.[3]) };
  if (match === null || !isPosition(position)) throw invalidToken();
  return { direction: match[1] as 'f' | 'b', position };
}

function isPosition({ timestamp, sequence }: Position): boolean {
  return Number.isSafeInteger(timestamp + 1) && Number.isSafeInteger(sequence);
}
