import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import fc from 'fast-check';
import { type CrcKind, combineCrcs, crcKinds, crcOf } from './crc.ts';

const oracles: Record<keyof typeof crcKinds, (bytes: Uint8Array) => Promise<bigint>> = {
  CRC32: async (bytes) => BigInt(crc32(bytes)),
  CRC32C: (bytes) => digest(new Crc32c(), bytes),
  CRC64NVME: (bytes) => digest(new Crc64Nvme(), bytes),
};

async function digest(
  checksum: { update(bytes: Uint8Array): void; digest(): Promise<Uint8Array> },
  bytes: Uint8Array,
): Promise<bigint> {
  checksum.update(bytes);
  return BigInt(`0x${Buffer.from(await checksum.digest()).toString('hex')}`);
}

const kinds = Object.entries(crcKinds) as [keyof typeof crcKinds, CrcKind][];

describe('crcOf', () => {
  for (const [name, kind] of kinds) {
    it(`is ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
          assert.equal(crcOf(kind, bytes), await oracles[name](bytes));
        }),
        { numRuns: 40 },
      );
    });
  }
});

describe('combineCrcs', () => {
  for (const [name, kind] of kinds) {
    it(`gives the ${name} of the whole, however it is split`, async () => {
      const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(pieces, async (parts) => {
          const crcs = await Promise.all(
            parts.map(async (part) => ({ crc: await oracles[name](part), size: part.length })),
          );
          assert.equal(combineCrcs(kind, crcs), await oracles[name](Buffer.concat(parts)));
        }),
        { numRuns: 60 },
      );
    });
  }

  it('shifts over gigabytes', () => {
    // zlib's crc32 of 5 GiB of zero bytes after "a", found by squaring the same way as it would by reading: here by doubling.
    const zeros = { crc: BigInt(crc32(new Uint8Array(1 << 20))), size: 1 << 20 };
    const byParts = combineCrcs(crcKinds.CRC32, [
      { crc: BigInt(crc32('a')), size: 1 },
      ...Array.from({ length: 5 * 1024 }, () => zeros),
    ]);
    const gibibytes = combineCrcs(
      crcKinds.CRC32,
      Array.from({ length: 5 * 1024 }, () => zeros),
    );
    const atOnce = combineCrcs(crcKinds.CRC32, [
      { crc: BigInt(crc32('a')), size: 1 },
      { crc: gibibytes, size: 5 * 1024 ** 3 },
    ]);
    assert.equal(byParts, atOnce);
  });
});
