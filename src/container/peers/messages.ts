/** What the hosts of a job say to each other. Whoever reads it checks it: a peer knows the secret, but its build or its memory may be wrong. */
import type { ComputedPicture, WantedOutcome, WantedPicture } from '../../engine/index.ts';

export const peersProtocol = 'whippet.peers/1';

interface ErrorText {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export type FromFollower =
  | {
      readonly type: 'hello';
      readonly protocol: string;
      /** Of Whippet. */
      readonly version: string;
      /** What changes the last bits of features. */
      readonly runtime: readonly string[];
    }
  /** The payload is a piece of the inventory's JSON. */
  | { readonly type: 'inventory'; readonly last: boolean }
  /** Its backbone is loaded; it can take pictures. */
  | { readonly type: 'next' }
  /** The payload holds the rows of all of them one after the other, float32 little-endian. */
  | { readonly type: 'done'; readonly pictures: readonly DonePicture[] }
  /** The payload is the file, where there is one. */
  | { readonly type: 'file'; readonly id: number; readonly found: boolean }
  /** What its profiler saw; `profileGate` judges it, since none of it may end a job. */
  | { readonly type: 'profile'; readonly records: unknown }
  | { readonly type: 'failed'; readonly error: ErrorText }
  | { readonly type: 'beat' };

export type FromLeader =
  | { readonly type: 'welcome' }
  | { readonly type: 'refused'; readonly error: ErrorText }
  /** Features are missing: load this backbone and ask for pictures. */
  | { readonly type: 'plan'; readonly backbone: string; readonly drawn: boolean }
  | {
      readonly type: 'work';
      readonly pictures: readonly WantedPicture[];
      readonly done: number;
      readonly total: number;
    }
  /** Nothing more is to be computed. */
  | { readonly type: 'enough' }
  | { readonly type: 'file'; readonly id: number; readonly digest: string }
  | { readonly type: 'released'; readonly ok: boolean; readonly reason: string }
  | { readonly type: 'beat' };

export interface DonePicture {
  readonly digest: string;
  readonly outcome: WantedOutcome;
  /** Numbers of it in the payload. */
  readonly numbers: number;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
export const isDigest = (value: unknown): value is string => isText(value) && /^[0-9a-f]{64}$/.test(value);

function isErrorText(value: unknown): value is ErrorText {
  return isFields(value) && isText(value.code) && isText(value.message) && isText(value.remedy);
}

function isFacts(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { format, width, height, thumbprint } = value;
  return isText(format) && isCount(width) && isCount(height) && isText(thumbprint) && /^[0-9a-f]{16}$/.test(thumbprint);
}

function isOutcome(value: unknown): value is WantedOutcome {
  if (!isFields(value)) return false;
  if ('facts' in value) return isFacts(value.facts);
  return isErrorText(value.refused) && isText(value.holds) && ['file', 'run', 'ever'].includes(value.holds);
}

function isDone(value: unknown): value is DonePicture {
  return isFields(value) && isDigest(value.digest) && isOutcome(value.outcome) && isCount(value.numbers);
}

function isView(value: unknown): boolean {
  if (!isFields(value)) return false;
  if (value.kind === 'random') return isCount(value.index) && Number.isFinite(value.seed);
  return value.kind === 'center' || value.kind === 'flip';
}

function isWanted(value: unknown): value is WantedPicture {
  return isFields(value) && isDigest(value.digest) && Array.isArray(value.views) && value.views.every(isView);
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

type Checks<M extends { readonly type: string }> = { readonly [T in M['type']]: (fields: Fields) => boolean };

const fromFollower: Checks<FromFollower> = {
  hello: ({ protocol, version, runtime }) => isText(protocol) && isText(version) && isTexts(runtime),
  inventory: ({ last }) => isFlag(last),
  next: () => true,
  done: ({ pictures }) => isList(pictures, isDone),
  file: ({ id, found }) => isCount(id) && isFlag(found),
  profile: () => true,
  failed: ({ error }) => isErrorText(error),
  beat: () => true,
};

const fromLeader: Checks<FromLeader> = {
  welcome: () => true,
  refused: ({ error }) => isErrorText(error),
  plan: ({ backbone, drawn }) => isDigest(backbone) && isFlag(drawn),
  work: ({ pictures, done, total }) => isList(pictures, isWanted) && isCount(done) && isCount(total),
  enough: () => true,
  file: ({ id, digest }) => isCount(id) && isDigest(digest),
  released: ({ ok, reason }) => isFlag(ok) && isText(reason),
  beat: () => true,
};

function readMessage<M extends { readonly type: string }>(checks: Checks<M>, header: unknown): M {
  const type = isFields(header) ? header.type : undefined;
  const known = isText(type) && Object.hasOwn(checks, type);
  if (known && checks[type as M['type']](header as Fields)) return header as unknown as M;
  throw new Error(known ? `a message "${type}" has other members than it should` : 'a message is of no known type');
}

/** @throws Error that says what is wrong with it */
export function readFromFollower(header: unknown): FromFollower {
  return readMessage(fromFollower, header);
}

/** @throws Error that says what is wrong with it */
export function readFromLeader(header: unknown): FromLeader {
  return readMessage(fromLeader, header);
}

/** Pictures for a message `done` and its payload. */
export function encodeDone(computed: readonly ComputedPicture[]): { pictures: DonePicture[]; payload: Buffer } {
  const pictures = computed.map(({ digest, outcome, rows }) => ({ digest, outcome, numbers: rows.length }));
  const parts = computed.map(({ rows }) => Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength));
  return { pictures, payload: Buffer.concat(parts) };
}

/** @throws Error where the payload has another length than the pictures claim */
export function decodeDone(pictures: readonly DonePicture[], payload: Buffer): ComputedPicture[] {
  const claimed = pictures.reduce((sum, { numbers }) => sum + numbers, 0);
  if (claimed * 4 !== payload.length) throw new Error(`${payload.length} bytes came for ${claimed} numbers`);
  // Copied to where numbers may begin. Features are little-endian here as on every machine that Node is built for with ONNX Runtime.
  const numbers = new Float32Array(claimed);
  new Uint8Array(numbers.buffer).set(payload);
  let at = 0;
  return pictures.map(({ digest, outcome, numbers: count }) => {
    const rows = numbers.subarray(at, at + count);
    at += count;
    return { digest, outcome, rows };
  });
}
