import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assignPictures } from './assignment.ts';

const named = (count: number): string[] => Array.from({ length: count }, (_, at) => `p${at}`);
const heldByAll = (digests: readonly string[], hosts: readonly string[]) =>
  new Map(digests.map((digest) => [digest, hosts] as const));

test('hosts that ask as they finish do everything once, except what is taken over at the end', () => {
  const digests = named(1000);
  const assignment = assignPictures(digests, heldByAll(digests, ['a', 'b']));
  const done = { a: 0, b: 0 };
  let repeats = 0;
  // b takes three times as long for a picture.
  const clock = { a: 0, b: 0 };
  while (assignment.left > 0) {
    const host = clock.a <= clock.b ? 'a' : 'b';
    const share = assignment.next(host);
    assert.ok(share.length <= 64);
    if (share.length === 0) break;
    for (const digest of share) {
      clock[host] += host === 'a' ? 1 : 3;
      if (assignment.settle(host, digest)) done[host]++;
      else repeats++;
    }
  }
  assert.equal(done.a + done.b, 1000);
  assert.equal(assignment.left, 0);
  assert.ok(repeats < 40, `${repeats} repeated`);
  assert.ok(Math.abs(done.a / done.b - 3) < 0.3, `${done.a} and ${done.b}`);
});

test('what only one host has goes to it, first of all', () => {
  const digests = named(100);
  const holders = new Map(digests.map((digest, at) => [digest, at % 2 ? ['a', 'b'] : ['a']] as const));
  const assignment = assignPictures(digests, holders);
  const even = (digest: string): boolean => Number(digest.slice(1)) % 2 === 0;
  const first = assignment.next('a');
  assert.ok(first.every(even));
  assert.ok(assignment.next('b').every((digest) => !even(digest)));
  assert.deepEqual(assignment.next('stranger'), []);
});

test('a host that stands still does not hold up those who have the same files', () => {
  const digests = named(200);
  const assignment = assignPictures(digests, heldByAll(digests, ['quick', 'still']));
  const stuck = assignment.next('still');
  assert.ok(stuck.length > 0);
  for (let share = assignment.next('quick'); share.length > 0; share = assignment.next('quick')) {
    for (const digest of share) assert.ok(assignment.settle('quick', digest));
  }
  assert.equal(assignment.left, 0);
  assert.ok(stuck.every((digest) => assignment.wasGiven('still', digest) && !assignment.settle('still', digest)));
});

test('no picture is at more than two hosts, and what was given last is taken over first', () => {
  const digests = named(40);
  const assignment = assignPictures(digests, heldByAll(digests, ['a', 'b', 'c', 'd']));
  const inHand: string[] = [];
  for (let share = assignment.next('a'); share.length > 0; share = assignment.next('a')) inHand.push(...share);
  assert.equal(inHand.length, 40);
  const taken = assignment.next('b');
  assert.deepEqual(taken, inHand.slice(-taken.length));
  const others = [...assignment.next('c'), ...assignment.next('d')];
  assert.ok(others.length > 0 && others.every((digest) => !taken.includes(digest)));
});

test('a host that cannot read its file passes the picture on, the last one ends it', () => {
  const holders = new Map([['p0', ['a', 'b']]]);
  const assignment = assignPictures(['p0'], holders);
  assert.deepEqual(assignment.next('a'), ['p0']);
  assert.equal(assignment.giveUp('a', 'p0'), true);
  assert.deepEqual(assignment.next('a'), []);
  assert.deepEqual(assignment.next('b'), ['p0']);
  assert.equal(assignment.giveUp('b', 'p0'), false);
  assert.equal(assignment.left, 0);
});

test('whoever has what and whatever goes wrong, every picture is done by a holder or given up by all', () => {
  const hosts = ['a', 'b', 'c'];
  const picture = fc.record({
    holders: fc.uniqueArray(fc.constantFrom(...hosts), { minLength: 1 }),
    unreadable: fc.uniqueArray(fc.constantFrom(...hosts)),
  });
  fc.assert(
    fc.property(fc.array(picture, { maxLength: 150 }), fc.infiniteStream(fc.nat(2)), (pictures, order) => {
      const digests = named(pictures.length);
      const of = (digest: string) => pictures[Number(digest.slice(1))]!;
      const assignment = assignPictures(digests, new Map(digests.map((digest) => [digest, of(digest).holders])));
      const ended = new Map<string, boolean>();
      const inHand = new Map(hosts.map((host) => [host, [] as string[]]));
      const turns = order[Symbol.iterator]();
      for (let turn = 0; assignment.left > 0; turn++) {
        if (turn > 3000) return false;
        const host = hosts[turns.next().value as number]!;
        const mine = inHand.get(host)!;
        const digest = mine.shift();
        if (digest === undefined) {
          const share = assignment.next(host);
          if (!share.every((each) => of(each).holders.includes(host))) return false;
          mine.push(...share);
        } else if (of(digest).unreadable.includes(host)) {
          if (!assignment.giveUp(host, digest) && !ended.has(digest)) ended.set(digest, false);
        } else if (assignment.settle(host, digest)) {
          if (ended.has(digest)) return false;
          ended.set(digest, true);
        }
      }
      return digests.every((digest) => {
        const { holders, unreadable } = of(digest);
        return ended.get(digest) === holders.some((host) => !unreadable.includes(host));
      });
    }),
    { numRuns: 200 },
  );
});
