import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ProtocolName } from './mutation/encodings.ts';
import { protocols, sendMutated } from './mutation/send-mutated.ts';
import { running } from './running.ts';

/** `npm run soak` sends 20,000 of each. */
describe('mutated requests get an answer that is well-formed and no fault of the server', () => {
  for (const protocol of Object.keys(protocols) as ProtocolName[]) {
    test(protocol, async (t) => {
      const { statuses, defects } = await sendMutated(await running(t), { protocol, seed: 'test', count: 150 });
      assert.deepEqual(defects, []);
      const answered = [...statuses.values()].reduce((sum, count) => sum + count, 0);
      assert.equal(answered, 150);
      assert.ok((statuses.get(200) ?? 0) > 10 && (statuses.get(400) ?? 0) > 10, JSON.stringify([...statuses]));
    });
  }
});
