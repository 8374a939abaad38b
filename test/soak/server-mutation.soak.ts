import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import type { ProtocolName } from '../server/mutation/encodings.ts';
import { protocols, sendMutated } from '../server/mutation/send-mutated.ts';
import { running } from '../server/running.ts';

const count = 20_000;
const mebibyte = 2 ** 20;

for (const protocol of Object.keys(protocols) as ProtocolName[]) {
  test(`${count} mutated requests in ${protocol}`, async (t) => {
    const seed = `soak ${protocol} ${randomInt(1e9)}`;
    t.diagnostic(`seed: ${seed}`);
    const at = await running(t);
    // What the first requests load stays; what the rest allocates must not.
    await sendMutated(at, { protocol, seed: `${seed} warm-up`, count: 2000 });
    const before = process.memoryUsage().rss;
    const { statuses, defects } = await sendMutated(at, { protocol, seed, count });
    const grown = Math.round((process.memoryUsage().rss - before) / mebibyte);
    t.diagnostic(`${JSON.stringify(Object.fromEntries(statuses))}, ${grown} MiB more`);
    assert.deepEqual(defects.slice(0, 10), [], `${defects.length} defects`);
    // The log of the test itself is some 20 MiB of it.
    assert.ok(grown < 250, `${grown} MiB more than after the warm-up`);
  });
}
