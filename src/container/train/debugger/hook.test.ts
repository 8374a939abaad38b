import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keeps, readHook } from './hook.ts';

const hookOf = (name: string, parameters: Record<string, string>, shared: Record<string, string> = {}) =>
  readHook({
    HookParameters: shared,
    CollectionConfigurations: [{ CollectionName: name, CollectionParameters: parameters }],
  });

const stepsOf = (hook: ReturnType<typeof readHook>, collection: 'weights' | 'losses', until = 1200): number[] =>
  Array.from({ length: until }, (_, step) => step).filter((step) => keeps(hook, { collection, step }));

describe("Debugger's hook", () => {
  it('keeps a collection every 500 steps, and losses always', () => {
    const hook = hookOf('weights', {});
    assert.deepEqual(stepsOf(hook, 'weights'), [0, 500, 1000]);
    assert.deepEqual(stepsOf(hook, 'losses'), [0, 500, 1000]);
    assert.equal(keeps(hook, { collection: 'gradients', step: 0 }), false);
  });

  it('takes intervals and bounds, those of the training phase and of the collection first', () => {
    const bounded = hookOf('weights', { save_interval: '100', start_step: '150', end_step: '400' });
    assert.deepEqual(stepsOf(bounded, 'weights'), [200, 300]);
    const shared = hookOf('weights', { 'train.save_interval': '600', save_interval: '7' }, { save_interval: '900' });
    assert.deepEqual(stepsOf(shared, 'weights'), [0, 600]);
    assert.deepEqual(stepsOf(shared, 'losses'), [0, 900]);
    assert.deepEqual(stepsOf(hookOf('weights', { save_steps: '3,5' }), 'weights'), [3, 5]);
  });

  it('knows all, and remarks on what it does not know', () => {
    assert.equal(hookOf('all', {}).schedules.length, 4);
    assert.match(hookOf('relu_input', {}).remarks[0] ?? '', /relu_input/);
    const strange = hookOf('weights', { save_interval: 'often' });
    assert.match(strange.remarks[0] ?? '', /"often"/);
    assert.deepEqual(stepsOf(strange, 'weights'), [0, 500, 1000]);
    const idle = hookOf('weights', { 'train.save_interval': '9', reductions: 'mean' }, { 'eval.save_interval': '2' });
    assert.deepEqual(idle.remarks, [
      'Without effect here, of the collection weights: reductions.',
      'Without effect here, of the hook: eval.save_interval.',
    ]);
  });
});
