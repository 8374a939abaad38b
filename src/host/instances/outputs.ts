import type { Readable } from 'node:stream';
import { type AllowanceOptions, createAllowance } from './allowance.ts';
import type { InstanceSpec } from './instance.ts';
import { splitLines } from './lines.ts';

/** Longest piece of a line that goes to the logs. */
const longestLine = 64 << 10;
/** Longest line of events: a histogram of every tensor is far below. */
const longestEvent = 1 << 20;
/** What a line costs beside its bytes: a row in the logs, an object here. */
const perLine = 256;

/** So much may a process tell at once, and in the long run: more than any log needs, less than would fill disk or memory unseen. */
export const usualFlow: Flow = { full: 16 << 20, perSecond: 2 << 20 };

export type Flow = Omit<AllowanceOptions, 'now'>;

export interface OutputOptions extends Pick<InstanceSpec, 'onLine' | 'onEvent'> {
  readonly flow: Flow;
  /** Something is wrong with what came, or with whoever it was told to. */
  readonly onTrouble: (message: string, detail: string) => void;
}

export interface Outputs {
  /** The process is gone: what is left in the pipes is little, and nothing holds it back any more. */
  release(): void;
}

export interface OutputStreams {
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly events: Readable;
}

/**
 * Tells what a process writes. Who writes more than the flow is not read for a while, and waits: the memory of this process does not
 * grow with it.
 */
export function tellOutputs({ stdout, stderr, events }: OutputStreams, options: OutputOptions): Outputs {
  const { onLine, flow } = options;
  const safely = guarded(options.onTrouble);
  const allowance = createAllowance({ ...flow, now: () => performance.now() });
  const readings = [
    read(stdout, { limit: longestLine, allowance, onPiece: (line) => safely(() => onLine(line, 'stdout')) }),
    read(stderr, { limit: longestLine, allowance, onPiece: (line) => safely(() => onLine(line, 'stderr')) }),
    read(events, { limit: longestEvent, allowance, onPiece: eventReader(options, safely) }),
  ];
  return {
    release() {
      for (const resume of readings) resume();
    },
  };
}

interface Reading {
  readonly limit: number;
  readonly allowance: ReturnType<typeof createAllowance>;
  readonly onPiece: (piece: string, isWhole: boolean) => void;
}

/** @returns what ends the waiting for good. */
function read(stream: Readable, { limit, allowance, onPiece }: Reading): () => void {
  let lines = 0;
  let timer: NodeJS.Timeout | undefined;
  let isReleased = false;
  const splitter = splitLines({
    limit,
    onPiece(piece, isWhole) {
      lines++;
      onPiece(piece, isWhole);
    },
  });
  stream.on('data', (chunk: Buffer) => {
    lines = 0;
    splitter.push(chunk);
    const wait = allowance.take(chunk.length + lines * perLine);
    if (wait === 0 || isReleased) return;
    stream.pause();
    timer = setTimeout(() => stream.resume(), wait).unref();
  });
  stream.on('end', () => splitter.end());
  // A pipe that breaks ends what is read of it; how the process ended is told by its exit.
  stream.on('error', () => splitter.end());
  return () => {
    isReleased = true;
    clearTimeout(timer);
    stream.resume();
  };
}

function eventReader({ onEvent, onTrouble }: OutputOptions, safely: (work: () => void) => void) {
  let isSkipping = false;
  let hasTold = false;
  const refuse = (line: string): void => {
    if (hasTold) return;
    hasTold = true;
    onTrouble('an event that cannot be read was ignored, and so are further ones', line.slice(0, 200));
  };
  return (piece: string, isWhole: boolean): void => {
    if (!isWhole || isSkipping) {
      if (!isSkipping) refuse(piece);
      isSkipping = !isWhole;
      return;
    }
    if (piece === '') return;
    const event = parsed(piece);
    if (event === undefined) refuse(piece);
    else safely(() => onEvent(event));
  };
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What a listener throws is its own mistake: it is written down once, and the next line is told all the same. */
function guarded(onTrouble: OutputOptions['onTrouble']): (work: () => void) => void {
  let hasTold = false;
  return (work) => {
    try {
      work();
    } catch (error) {
      if (!hasTold) onTrouble('a line or an event was not taken', String((error as Error)?.stack ?? error));
      hasTold = true;
    }
  };
}
