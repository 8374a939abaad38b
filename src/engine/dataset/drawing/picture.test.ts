import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { seededRandom } from '../../../random/index.ts';
import { breeds } from './breeds.ts';
import { lights } from './light.ts';
import { drawPicture, type Picture } from './picture.ts';
import { sceneKinds } from './scenes/scene.ts';

const perBreed = 45;
const drawn: readonly (readonly Picture[])[] = breeds.map((breed) =>
  Array.from({ length: perBreed }, (_, i) => drawPicture(breed, seededRandom(`traits/${breed.name}/${i}`))),
);
const all = drawn.flat();

describe('drawn pictures', () => {
  test('the same random numbers draw the same picture, others another', () => {
    const breed = breeds[3]!;
    assert.deepEqual(drawPicture(breed, seededRandom(5)), drawPicture(breed, seededRandom(5)));
    assert.notEqual(drawPicture(breed, seededRandom(5)).svg, drawPicture(breed, seededRandom(6)).svg);
  });

  /** Whoever changes what a seed draws raises `edition` in sample.ts and writes the new digest here. */
  test('edition 1 draws what it always drew', () => {
    const digest = createHash('sha256');
    for (const breed of breeds) {
      for (let i = 0; i < 4; i++) digest.update(drawPicture(breed, seededRandom(`golden/${i}`)).svg);
    }
    assert.equal(digest.digest('hex'), 'f8d9ffe34db417880702f2b602ca66050823a61a7a0fa0e7c83362fd870f1e22');
  });

  test('every breed is seen in every pose and scene, in every light, from both sides', () => {
    for (const [i, pictures] of drawn.entries()) {
      const seen = (trait: keyof Picture['traits']): unknown[] =>
        [...new Set(pictures.map(({ traits }) => traits[trait]))].sort();
      assert.deepEqual(seen('pose'), ['face', 'lying', 'sitting', 'standing'], breeds[i]!.name);
      assert.deepEqual(seen('scene'), [...sceneKinds].sort());
      assert.deepEqual(seen('light'), [...lights].sort());
      assert.deepEqual(seen('facing'), ['left', 'right']);
      assert.equal(seen('coat').length, breeds[i]!.coats.length);
    }
  });

  test('scene, light and pose tell nothing of the breed', () => {
    for (const [trait, values] of [
      ['scene', sceneKinds],
      ['light', lights],
      ['facing', ['left', 'right']],
    ] as const) {
      const statistic = chiSquare(
        drawn.map((pictures) => values.map((value) => pictures.filter(({ traits }) => traits[trait] === value).length)),
      );
      const freedom = (breeds.length - 1) * (values.length - 1);
      // Four standard deviations above the mean of the distribution under independence.
      assert.ok(
        statistic < freedom + 4 * Math.sqrt(2 * freedom),
        `${trait}: ${statistic} at ${freedom} degrees of freedom`,
      );
    }
  });

  test('some have grain, some something in front, and JPEG quality varies', () => {
    const share = (trait: 'grain' | 'obstacle'): number =>
      all.filter(({ traits }) => traits[trait]).length / all.length;
    assert.ok(share('grain') > 0.15 && share('grain') < 0.35);
    assert.ok(share('obstacle') > 0.2 && share('obstacle') < 0.4);
    const qualities = all.map(({ quality }) => quality);
    assert.ok(Math.min(...qualities) < 67 && Math.max(...qualities) > 90);
  });

  test('the SVG is whole: numbers are numbers, and names are defined once before they are used', () => {
    for (const { svg } of all) {
      assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
      const defined = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      const used = [...svg.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id);
      assert.equal(new Set(defined).size, defined.length);
      assert.deepEqual([...new Set(used)].sort(), [...defined].sort());
    }
  });
});

describe('breeds', () => {
  test('are twelve, sorted by name', () => {
    const names = breeds.map(({ name }) => name);
    assert.equal(new Set(names).size, 12);
    assert.deepEqual(names, names.toSorted());
  });

  test('share ears, tails, coats and colours, yet no two are alike', () => {
    for (const trait of ['ears', 'tail', 'texture'] as const) {
      const shared = breeds.filter((breed) => breeds.filter((other) => other[trait] === breed[trait]).length > 1);
      assert.ok(shared.length >= 6, `${trait} is shared by ${shared.length} breeds`);
    }
    const colours = breeds.map(({ coats }) => new Set(coats.flatMap(({ base, second }) => [base, second])));
    const together = colours.filter((mine, i) =>
      colours.some((other, j) => i !== j && [...mine].some((one) => other.has(one))),
    );
    assert.ok(together.length >= 8, `${together.length} breeds share a colour`);
    assert.equal(new Set(breeds.map(({ ears, tail, texture }) => `${ears} ${tail} ${texture}`)).size, 12);
  });
});

function chiSquare(table: readonly (readonly number[])[]): number {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const rows = table.map(sum);
  const columns = table[0]!.map((_, j) => sum(table.map((row) => row[j]!)));
  const total = sum(rows);
  return sum(
    table.flatMap((row, i) =>
      row.map((count, j) => (count - (rows[i]! * columns[j]!) / total) ** 2 / ((rows[i]! * columns[j]!) / total)),
    ),
  );
}
