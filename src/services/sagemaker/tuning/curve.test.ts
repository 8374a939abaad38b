import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordMetrics } from '../training/metric-history.ts';
import { objectiveCurve } from './curve.ts';
import { openLaboratory } from './laboratory.fixture.ts';

const name = 'validation:accuracy';

test('a curve has one value an epoch, also after a restart and after the line of the model that is saved', async (t) => {
  const { database } = (await openLaboratory(t)).store;
  const tell = (...values: (readonly [value: number, epoch: number | null])[]): number[] => {
    const told = values.map(([value, epoch]) => ({ name, value, time: 0, epoch }));
    recordMetrics(1, told, database);
    return objectiveCurve(1, name, database);
  };
  assert.deepEqual(tell([0.1, 1], [0.2, 2], [0.3, 3]), [0.1, 0.2, 0.3]);
  assert.deepEqual(tell([0.11, 1], [0.22, 2], [0.33, 3], [0.4, 4], [0.5, 5]), [0.1, 0.2, 0.3, 0.4, 0.5]);
  assert.deepEqual(tell([0.55, null]), [0.1, 0.2, 0.3, 0.4, 0.5]);
});

test('where no line says its epoch, a curve is what was told', async (t) => {
  const { database } = (await openLaboratory(t)).store;
  recordMetrics(
    1,
    [0.1, 0.3, 0.2].map((value) => ({ name, value, time: 0, epoch: null })),
    database,
  );
  assert.deepEqual(objectiveCurve(1, name, database), [0.1, 0.3, 0.2]);
});
