import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canConcern } from './policy-actions.ts';

const bucket = 'arn:aws:s3:::photos';
const objects = 'arn:aws:s3:::photos/*';

describe('actions and what they are about', () => {
  it('tells actions on objects from those on buckets', () => {
    assert.equal(canConcern('s3:GetObject', [objects]), true);
    assert.equal(canConcern('s3:GetObject', [bucket]), false);
    assert.equal(canConcern('s3:ListBucket', [bucket]), true);
    assert.equal(canConcern('s3:ListBucket', [objects]), false);
    assert.equal(canConcern('S3:listbucket', [objects, bucket]), true);
  });

  it('lets pass what may be about either', () => {
    for (const action of ['*', 's3:*', 's3:Get*', 's3:*Tagging', 's3:SomethingOfNextYear']) {
      assert.equal(canConcern(action, [bucket]), true, action);
      assert.equal(canConcern(action, [objects]), true, action);
    }
    assert.equal(canConcern('s3:GetObject', ['arn:aws:s3:::pho*']), true);
    assert.equal(canConcern('s3:ListBucket', ['arn:aws:s3:::pho*']), true);
  });

  it('understands wildcards', () => {
    assert.equal(canConcern('s3:*Object', [bucket]), false);
    assert.equal(canConcern('s3:?utObject', [bucket]), false);
    assert.equal(canConcern('s3:List*Versions', [objects]), false);
    assert.equal(canConcern('s3:GetObject?*', [bucket]), false);
    assert.equal(canConcern('s3:GetObject**', [bucket]), false);
    assert.equal(canConcern(`s3:${'*?'.repeat(200)}`, [bucket]), true);
  });
});
