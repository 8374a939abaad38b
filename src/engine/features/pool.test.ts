import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PoolOptions, runTasks } from './pool.ts';
import type { Outcome, Task } from './protocol.ts';

const preprocessing = { size: 1, resize: 1, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] } as const;
const setup = { modelFile: 'good', dimension: 1, preprocessing, batch: 8 };

function options(more: Partial<PoolOptions> = {}): PoolOptions {
  return { workers: 2, workerFile: new URL('./testing/scripted-worker.ts', import.meta.url), setup, ...more };
}

function taskOf(name: string): Task {
  return { path: name, name, digest: '', views: [{ kind: 'center' }] };
}

/** Runs pictures by name; gives the feature or the error code of each. */
async function run(names: readonly string[], more?: Partial<PoolOptions>): Promise<Map<string, number | Outcome>> {
  const results = new Map<string, number | Outcome>();
  await runTasks(names.map(taskOf), options(more), (unit, outcomes, features) => {
    unit.forEach(({ name }, at) => {
      const outcome = outcomes[at] as Outcome;
      assert.ok(!results.has(name), `${name} came twice`);
      results.set(name, 'refused' in outcome ? outcome : (features[at] as number));
    });
    return [];
  });
  return results;
}

test('every picture comes back once, with its own features, however many workers there are', async () => {
  const names = Array.from({ length: 61 }, (_, index) => `${'x'.repeat(index)}${index}`);
  for (const workers of [1, 3]) {
    const results = await run(names, { workers });
    assert.equal(results.size, names.length);
    for (const name of names) assert.equal(results.get(name), name.length);
  }
});

test('pictures whose views fill several batches are done too', async () => {
  const views = Array.from({ length: 40 }, () => ({ kind: 'center' }) as const);
  const tasks = Array.from({ length: 5 }, (_, index) => ({ ...taskOf(`${index}`), views }));
  let done = 0;
  await runTasks(tasks, options({ workers: 1 }), (unit) => {
    done += unit.length;
    return [];
  });
  assert.equal(done, 5);
});

test('a picture that ends its worker twice is refused with the reason, the others are done', async () => {
  const names = Array.from({ length: 60 }, (_, index) => (index % 25 === 5 ? `crash${index}` : `good${index}`));
  for (const workers of [1, 2]) {
    const results = await run(names, { workers });
    assert.equal(results.size, names.length);
    for (const name of names) {
      const result = results.get(name);
      if (name.startsWith('good')) assert.equal(result, name.length);
      else {
        assert.ok(typeof result === 'object' && 'refused' in result && result.holds === 'run');
        assert.equal(result.refused.code, 'WHIPPET_FEATURES_CRASH');
        assert.match(result.refused.message, new RegExp(`^${name} .*exit code 9: segmentation fault`));
      }
    }
  }
});

test('a suspect is alone in its worker while others go on with the queue', async () => {
  const names = Array.from({ length: 300 }, (_, index) => (index === 0 ? 'slow crash' : `slow${index}`));
  const results = await run(names);
  assert.equal(results.size, names.length);
  const refused = [...results].filter(([, result]) => typeof result === 'object');
  assert.deepEqual(
    refused.map(([name]) => name),
    ['slow crash'],
  );
});

test('workers that cannot start, or do nothing but die, end the work', async () => {
  const cannot = { code: 'WHIPPET_FEATURES_WORKERS', message: /exit code 7/ };
  await assert.rejects(run(['a', 'b'], { setup: { ...setup, modelFile: 'crash' } }), cannot);
  const names = Array.from({ length: 30 }, (_, index) => `crash${index}`);
  await assert.rejects(run(names), { code: 'WHIPPET_FEATURES_WORKERS', message: /segmentation fault/ });
});

test('what a worker fails of comes through as it is', async () => {
  await assert.rejects(run(['a', 'fail', 'b']), { name: 'WhippetError', code: 'WHIPPET_ONNX_LOAD' });
});

test('what the listener throws ends the work, also while a picture is refused for its crash', async () => {
  for (const name of ['good', 'crash']) {
    const thrown = runTasks([taskOf(name)], options(), () => {
      throw new Error('enough');
    });
    await assert.rejects(thrown, /^Error: enough$/);
  }
});

test('tasks that the listener returns are done too', async () => {
  const done: string[] = [];
  await runTasks([taskOf('first')], options(), (unit) => {
    done.push(...unit.map(({ name }) => name));
    return done.length < 3 ? [taskOf(`more${done.length}`)] : [];
  });
  assert.deepEqual(done, ['first', 'more1', 'more2']);
});

test('tasks are asked for before the last are done, until there are none', async () => {
  const done: string[] = [];
  const doneWhenAsked: number[] = [];
  const batches = Array.from({ length: 6 }, (_, batch) =>
    Array.from({ length: 40 }, (_, at) => taskOf(`${batch}/${at}`)),
  );
  const more = async () => {
    doneWhenAsked.push(done.length);
    return batches[doneWhenAsked.length - 1] ?? [];
  };
  await runTasks([], options({ more }), (unit) => {
    done.push(...unit.map(({ name }) => name));
    return [];
  });
  assert.equal(done.length, 240);
  assert.equal(new Set(done).size, 240);
  assert.equal(doneWhenAsked.length, 7);
  assert.ok(
    doneWhenAsked.every((count, call) => call === 0 || count < call * 40),
    `${doneWhenAsked}`,
  );
});

test('a source of tasks that fails ends the work', async () => {
  const more = () => Promise.reject(new Error('no more'));
  await assert.rejects(
    runTasks([], options({ more }), () => []),
    /^Error: no more$/,
  );
});

test('an abort does not wait for workers', async () => {
  const controller = new AbortController();
  const reason = new Error('stop');
  const running = runTasks(['quick', 'mute'].map(taskOf), options({ signal: controller.signal, workers: 1 }), () => {
    controller.abort(reason);
    return [];
  });
  await assert.rejects(running, reason);
});
