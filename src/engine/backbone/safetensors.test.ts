import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { isWhippetError } from '../../errors/index.ts';
import { openSafetensors } from './safetensors.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whippet-safetensors-'));
});
after(() => rm(folder, { recursive: true }));

/** A file with the header given and as many data bytes. */
function pack(header: unknown, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

async function open(bytes: Uint8Array): ReturnType<typeof openSafetensors> {
  const path = join(folder, 'weights.safetensors');
  await writeFile(path, bytes);
  return openSafetensors(path, 'weights.safetensors');
}

async function assertMalformed(bytes: Uint8Array, reason: RegExp): Promise<void> {
  await assert.rejects(open(bytes), { code: 'WHIPPET_BACKBONE_WEIGHTS_MALFORMED', message: reason });
}

const entry = (dtype: string, shape: number[], ...offsets: number[]) => ({ dtype, shape, data_offsets: offsets });

test('F32, F16 and BF16 tensors are read exactly', async () => {
  const data = new Uint8Array(8 + 10 + 4);
  const view = new DataView(data.buffer);
  view.setFloat32(0, 1.5, true);
  view.setFloat32(4, -3.25, true);
  // 1, −2, smallest denormal, infinity, NaN as IEEE 754 binary16.
  for (const [at, half] of [0x3c00, 0xc000, 0x0001, 0x7c00, 0x7e00].entries()) view.setUint16(8 + 2 * at, half, true);
  view.setUint16(18, 0x3fc0, true);
  view.setUint16(20, 0xc049, true);
  const header = {
    __metadata__: { format: 'pt' },
    half: entry('F16', [5], 8, 18),
    brain: entry('BF16', [1, 2], 18, 22),
    single: entry('F32', [2], 0, 8),
  };
  const file = await open(pack(header, data));
  assert.deepEqual([...file.names].sort(), ['brain', 'half', 'single']);
  assert.deepEqual(file.shape('brain'), [1, 2]);
  assert.equal(file.shape('absent'), undefined);
  assert.deepEqual([...(await file.read('single'))], [1.5, -3.25]);
  assert.deepEqual([...(await file.read('half'))], [1, -2, 2 ** -24, Number.POSITIVE_INFINITY, Number.NaN]);
  assert.deepEqual([...(await file.read('brain'))], [1.5, -3.140625]);
  await assert.rejects(file.read('absent'), { message: /no tensor "absent"/ });
  await file.close();
});

test('a tensor of integers is let pass until it is asked for', async () => {
  const file = await open(pack({ counter: entry('I64', [], 0, 8) }, new Uint8Array(8)));
  await assert.rejects(file.read('counter'), { code: 'WHIPPET_BACKBONE_WEIGHTS_MALFORMED', message: /type I64/ });
  await file.close();
});

test('a file cut anywhere is refused', async () => {
  const whole = pack({ a: entry('F32', [4], 0, 16) }, new Uint8Array(16));
  for (let length = 0; length < whole.length; length++) {
    await assert.rejects(open(whole.subarray(0, length)), { code: 'WHIPPET_BACKBONE_WEIGHTS_MALFORMED' });
  }
  await (await open(whole)).close();
  await assertMalformed(whole.subarray(0, whole.length - 4), /4 of 16 bytes of tensors are missing/);
});

test('what is no safetensors file is refused with its reason', async () => {
  const huge = new Uint8Array(64).fill(0xff);
  await assertMalformed(huge, /header would be 1844674407370955\d+ bytes long/);
  await assertMalformed(Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0]), /PyTorch pickle/);
  await assertMalformed(Uint8Array.from([0x80, 2, 0x8a, 0x0a, 0, 0, 0, 0, 0]), /PyTorch pickle/);
  await assertMalformed(pack('{"a":', new Uint8Array(0)), /not JSON/);
  await assertMalformed(pack('[1]', new Uint8Array(0)), /no object/);
  await assertMalformed(pack({ a: null }, new Uint8Array(0)), /describes the tensor "a" wrongly/);
  await assertMalformed(pack({ a: entry('F32', [-1], 0, 4) }, new Uint8Array(4)), /wrongly/);
  await assertMalformed(pack({ a: entry('F32', [2 ** 53], 0, 4) }, new Uint8Array(4)), /wrongly/);
  await assertMalformed(pack({ a: entry('F32', [2], 0, 4) }, new Uint8Array(4)), /does not fit its 4 bytes/);
  await assertMalformed(pack({ a: entry('F32', [1], 4, 8) }, new Uint8Array(8)), /gap/);
  const overlapping = { a: entry('F32', [2], 0, 8), b: entry('F32', [2], 4, 12) };
  await assertMalformed(pack(overlapping, new Uint8Array(12)), /overlaps/);
  await assertMalformed(pack({ a: entry('F32', [1], 0, 4) }, new Uint8Array(6)), /2 bytes follow/);
  await assert.rejects(openSafetensors(join(folder, 'none'), 'none'), { code: 'WHIPPET_BACKBONE_FILE' });
});

test('no bytes whatever make the reader fail otherwise than with a user error', async () => {
  const whole = pack({ a: entry('F32', [2], 0, 8), b: entry('F16', [2], 8, 12) }, new Uint8Array(12));
  const changed = fc
    .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce((bytes, [at, byte]) => bytes.with(at, byte), whole));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 60 }), changed), async (bytes) => {
      try {
        await (await open(bytes)).close();
      } catch (error) {
        assert.ok(isWhippetError(error), String(error));
      }
    }),
    { numRuns: 300, seed: 7 },
  );
});
