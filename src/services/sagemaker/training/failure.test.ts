import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwsFault } from '../../../wire/index.ts';
import { during } from './failure.ts';
import { JobFailure } from './outcome.ts';

test('what S3 refuses becomes a reason with the part of the work, and the name of what is missing', async () => {
  const reasonOf = async (fields: Record<string, string>) => {
    const work = async () => {
      throw new AwsFault({ code: 'NoSuchThing', status: 404, message: 'It does not exist', fields });
    };
    const failure = await during('Artifact upload failed', work).catch((error: unknown) => error);
    assert.ok(failure instanceof JobFailure);
    return failure.outcome.reason;
  };
  const reason = 'ClientError: Artifact upload failed: NoSuchThing: It does not exist';
  assert.equal(await reasonOf({}), reason);
  assert.equal(await reasonOf({ BucketName: 'photos' }), `${reason} (photos)`);
  assert.equal(await reasonOf({ Key: 'a/b.jpg' }), `${reason} (a/b.jpg)`);
});

test('how long a key is, and may be, is told', async () => {
  const work = async () => {
    const fields = { Size: 1033, MaxSizeAllowed: 1024 };
    throw new AwsFault({ code: 'KeyTooLongError', status: 400, message: 'Your key is too long', fields });
  };
  await assert.rejects(during('Artifact upload failed', work), {
    message: /too long \(1033 bytes, 1024 are allowed\)$/,
  });
});

test('what is no fault of S3 stays what it is', async () => {
  const defect = new Error('defect');
  await assert.rejects(
    during('Data download failed', async () => {
      throw defect;
    }),
    defect,
  );
});
