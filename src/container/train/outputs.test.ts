import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { userError } from '../../errors/index.ts';
import { inHyperparameters } from './hyperparameters.ts';
import { asUserError, failureText, moveFile } from './outputs.ts';

describe('the failure file', () => {
  it('holds code, message and remedy, and says of a defect that it is one', () => {
    const text = failureText(userError('WHIPPET_CONTAINER_CONFIG', { path: '/opt/ml/x.json', reason: 'no' }));
    assert.match(text, /^WHIPPET_CONTAINER_CONFIG: \/opt\/ml\/x\.json cannot be used: no\. SageMaker writes/);
    assert.equal(failureText(new TypeError('x is not y')), 'Whippet failed by a defect of its own: x is not y');
  });

  it('advises hyperparameters where the command line has flags, and leaves other words alone', () => {
    const leaks = userError('WHIPPET_TRAINING_LEAKAGE', { path: 'photos', count: 1, example: 'a.jpg is b.jpg' });
    assert.match(failureText(leaks), /or go on with allow_leakage=true\.$/);
    const words = 'Give --size, name one with --features NAME, --labels FILE.csv or --device cpu; --mean and --std.';
    const expected = 'Give size, name one with features=NAME, labels=FILE.csv or --device cpu; mean and std.';
    assert.equal(inHyperparameters(words), expected);
    assert.equal(inHyperparameters('photos/a--seed.jpg'), 'photos/a--seed.jpg');
    assert.equal(inHyperparameters('(--mean and --size 224)'), '(mean and size=224)');
  });

  it('names the channel of weights where the network fails', () => {
    const values = { url: 'https://x.org/w', reason: 'ENOTFOUND', attempts: 5 };
    const text = failureText(userError('WHIPPET_NET_UNREACHABLE', values));
    assert.match(
      text,
      /where it stopped\. Or give the weights in a channel "weights": then the job needs no network\.$/,
    );
    assert.doesNotMatch(failureText(userError('WHIPPET_NET_DISK_FULL', { path: '/w', needed: 9 })), /channel/);
  });

  it('is no longer than a FailureReason', () => {
    const text = failureText(new Error('long '.repeat(1000)));
    assert.equal(text.length, 1024);
    assert.ok(text.endsWith('…'));
  });

  it('names a full disk', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', path: '/m/x' });
    assert.match(failureText(asUserError(full)), /^WHIPPET_CONTAINER_STORAGE: \/m\/x .*the disk is full\./);
    const other = new Error('other');
    assert.equal(asUserError(other), other);
  });
});

it('a file that is moved is there and no longer here, in folders that are made, across file systems', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-move-'));
  const memory = await mkdtemp('/dev/shm/whippet-move-').catch(() => undefined);
  t.after(async () => {
    for (const path of [folder, memory]) if (path) await rm(path, { recursive: true });
  });
  for (const target of [folder, ...(memory ? [memory] : [])]) {
    const from = join(folder, 'from');
    const to = join(target, 'a', 'b', 'to');
    await writeFile(from, 'content');
    await moveFile(from, to);
    assert.equal(await readFile(to, 'utf8'), 'content');
    await assert.rejects(stat(from));
  }
});
