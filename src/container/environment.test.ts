import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readContainerEnvironment, servingLimits } from './environment.ts';

describe('the environment of a container', () => {
  it('is read with its types', () => {
    const read = readContainerEnvironment({
      ...{ WHIPPET_EVENTS_FD: '3', WHIPPET_THREADS: '2', WHIPPET_CACHE: '/c', WHIPPET_CACHE_BASE: '/a:/b' },
      ...{ WHIPPET_JOB_SECRET: 'ab'.repeat(16), WHIPPET_HOSTS: '{"algo-1":"unix:/s/1","algo-2":"[::1]:7"}' },
      ...{ WHIPPET_OFFLINE: '1', TRAINING_JOB_NAME: 'dogs', SM_CHANNEL_TRAINING: '/pictures', PATH: '/bin' },
    });
    assert.deepEqual(read, {
      ...{
        eventsFd: 3,
        threads: 2,
        cache: '/c',
        cacheBase: ['/a', '/b'],
        secret: 'ab'.repeat(16),
        offline: true,
        warm: false,
      },
      hosts: { 'algo-1': 'unix:/s/1', 'algo-2': '[::1]:7' },
      ...{ jobName: 'dogs', toolkit: { CHANNEL_TRAINING: '/pictures' } },
    });
    assert.deepEqual(readContainerEnvironment({}), { offline: false, warm: false, toolkit: {} });
  });

  it('bounds the server as SageMaker asks', () => {
    const read = readContainerEnvironment({ SAGEMAKER_MODEL_SERVER_TIMEOUT: '30', SAGEMAKER_MAX_PAYLOAD_IN_MB: '6' });
    assert.deepEqual(servingLimits(read), { requestTimeoutMs: 30_000, maxBodyBytes: 6 * 1024 ** 2 });
    const unlimited = readContainerEnvironment({ SAGEMAKER_MAX_PAYLOAD_IN_MB: '0' });
    assert.deepEqual(servingLimits(unlimited), { maxBodyBytes: 100 * 1024 ** 2 });
  });

  for (const [name, value] of [
    ['WHIPPET_EVENTS_FD', 'x'],
    ['WHIPPET_THREADS', '0'],
    ['WHIPPET_JOB_SECRET', 'short'],
    ['WHIPPET_HOSTS', '{"algo-1": 7}'],
    ['WHIPPET_HOSTS', '{"algo-1": "::1:7411"}'],
    ['WHIPPET_HOSTS', '['],
    ['SAGEMAKER_BIND_TO_PORT', '70000'],
  ] as const) {
    it(`refuses ${name}=${value}`, () => {
      const variables = { [name]: value };
      assert.throws(() => readContainerEnvironment(variables), {
        code: 'WHIPPET_CONTAINER_VARIABLE',
        message: new RegExp(name),
      });
    });
  }

  it('does not repeat a secret that it refuses', () => {
    assert.throws(
      () => readContainerEnvironment({ WHIPPET_JOB_SECRET: 'hunter2' }),
      (error: Error) => !error.message.includes('hunter2'),
    );
  });
});
