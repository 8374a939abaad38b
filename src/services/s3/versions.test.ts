import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { copyObject } from './operations/copy-object.ts';
import { createBucket } from './operations/create-bucket.ts';
import { deleteBucket } from './operations/delete-bucket.ts';
import { deleteObject } from './operations/delete-object.ts';
import { getObject } from './operations/get-object.ts';
import { listObjectVersions } from './operations/list-object-versions.ts';
import { listObjectsV2 } from './operations/list-objects-v2.ts';
import { putBucketVersioning } from './operations/put-bucket-versioning.ts';
import { putObject } from './operations/put-object.ts';
import { bodyOf, collectedBlobs, type OpenState, openState } from './testing/s3.fixture.ts';

const bucket = 'history';
const keys = ['a', 'b/c'] as const;
type Key = (typeof keys)[number];

/** An id that no version has. */
const absent = 'A'.repeat(32);

type Step =
  | { readonly do: 'put'; readonly key: Key; readonly content: string }
  | { readonly do: 'delete'; readonly key: Key }
  /** One of the key's versions, counted from the newest. */
  | { readonly do: 'delete-version'; readonly key: Key; readonly nth: number }
  | { readonly do: 'copy'; readonly from: Key; readonly nth: number | undefined; readonly to: Key }
  | { readonly do: 'versioning'; readonly status: 'Enabled' | 'Suspended' }
  | { readonly do: 'collect' };

const key = fc.constantFrom(...keys);
const nth = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('put'), key, content: fc.string({ maxLength: 2 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete'), key }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete-version'), key, nth }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('copy'), from: key, nth: fc.option(nth, { nil: undefined }), to: key }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('versioning'), status: fc.constantFrom('Enabled', 'Suspended') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('collect') }) },
) as fc.Arbitrary<Step>;

/** An entry in the history of a key; without content a delete marker. */
interface Entry {
  readonly version: string;
  readonly content: string | undefined;
}

/** What the user guide says of versioning, in the plainest form: per key a list, newest first. */
class Model {
  versioning: 'Enabled' | 'Suspended' | undefined;
  readonly history = new Map<Key, Entry[]>(keys.map((name) => [name, []]));

  entries(name: Key): Entry[] {
    return this.history.get(name) as Entry[];
  }

  current(name: Key): Entry | undefined {
    const [newest] = this.entries(name);
    return newest?.content === undefined ? undefined : newest;
  }

  add(name: Key, entry: Entry): void {
    this.history.set(name, [entry, ...this.entries(name).filter(({ version }) => version !== entry.version)]);
  }

  remove(name: Key, version: string): void {
    this.history.set(
      name,
      this.entries(name).filter((entry) => entry.version !== version),
    );
  }
}

/** Does the same to both, and takes over ids, which only the implementation can choose. */
async function apply(step: Step, model: Model, { state, call }: OpenState): Promise<void> {
  const Bucket = bucket;
  const check = (given: string | undefined): string => {
    // No id before versioning was ever on, 'null' while it is suspended, a new one else.
    if (model.versioning === undefined) assert.equal(given, undefined);
    else if (model.versioning === 'Suspended') assert.equal(given, 'null');
    else assert.match(given ?? '', /^[\w-]{32}$/);
    return given ?? 'null';
  };
  switch (step.do) {
    case 'versioning':
      await putBucketVersioning.run({ Bucket, VersioningConfiguration: { Status: step.status } }, call, state);
      model.versioning = step.status;
      return;
    case 'collect':
      await state.store.blobs.collect();
      return;
    case 'put': {
      const { VersionId } = await putObject.run({ Bucket, Key: step.key, Body: bodyOf(step.content) }, call, state);
      model.add(step.key, { version: check(VersionId), content: step.content });
      return;
    }
    case 'delete': {
      const { VersionId, DeleteMarker } = await deleteObject.run({ Bucket, Key: step.key }, call, state);
      const version = check(VersionId);
      assert.equal(DeleteMarker ?? false, model.versioning !== undefined);
      if (model.versioning === undefined) model.remove(step.key, 'null');
      else model.add(step.key, { version, content: undefined });
      return;
    }
    case 'delete-version': {
      const entry = model.entries(step.key)[step.nth];
      const version = entry?.version ?? absent;
      const answer = await deleteObject.run({ Bucket, Key: step.key, VersionId: version }, call, state);
      const isMarker = entry !== undefined && entry.content === undefined;
      assert.deepEqual(answer, { ...(isMarker && { DeleteMarker: true }), VersionId: version });
      model.remove(step.key, version);
      return;
    }
    case 'copy': {
      const source = step.nth === undefined ? model.current(step.from) : model.entries(step.from)[step.nth];
      const CopySource = `${bucket}/${step.from}${step.nth === undefined ? '' : `?versionId=${source?.version ?? absent}`}`;
      const copy = async () =>
        copyObject.run({ Bucket, CopySource, Key: step.to, MetadataDirective: 'REPLACE' }, call, state);
      if (source?.content === undefined) {
        await assert.rejects(copy, ({ code }: { code: string }) =>
          /^(NoSuchKey|NoSuchVersion|InvalidRequest)$/.test(code),
        );
        return;
      }
      const { VersionId } = await copy();
      model.add(step.to, { version: check(VersionId), content: source.content });
    }
  }
}

async function compare(model: Model, { state, call }: OpenState): Promise<void> {
  const listed = await listObjectVersions.run({ Bucket: bucket }, call, state);
  const current = await listObjectsV2.run({ Bucket: bucket }, call, state);
  for (const name of keys) {
    const entries = model.entries(name);
    const versions = listed.Versions?.filter(({ Key }) => Key === name) ?? [];
    const markers = listed.DeleteMarkers?.filter(({ Key }) => Key === name) ?? [];
    assert.deepEqual(
      versions.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
      entries.filter(({ content }) => content !== undefined).map((entry) => [entry.version, entry === entries[0]]),
    );
    assert.deepEqual(
      markers.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
      entries.filter(({ content }) => content === undefined).map((entry) => [entry.version, entry === entries[0]]),
    );
    assert.equal(current.Contents?.some(({ Key }) => Key === name) ?? false, model.current(name) !== undefined);
    assert.equal(await contentOf({ Key: name }, { state, call }), model.current(name)?.content);
    for (const { version, content } of entries) {
      assert.equal(await contentOf({ Key: name, VersionId: version }, { state, call }), content);
    }
  }
}

async function contentOf(
  input: { Key: string; VersionId?: string },
  { state, call }: Pick<OpenState, 'state' | 'call'>,
): Promise<string | undefined> {
  try {
    const { Body } = await getObject.run({ Bucket: bucket, ...input }, call, state);
    const chunks: Uint8Array[] = [];
    for await (const chunk of Body ?? []) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  } catch (error) {
    const { code } = error as { code?: string };
    assert.match(code ?? String(error), /^(NoSuchKey|MethodNotAllowed)$/);
    return undefined;
  }
}

/** Deletes all there is, so that nothing may be left. */
async function purge(model: Model, { state, call }: OpenState): Promise<void> {
  for (const name of keys) {
    for (const { version } of model.entries(name)) {
      await deleteObject.run({ Bucket: bucket, Key: name, VersionId: version }, call, state);
    }
  }
  assert.equal(await collectedBlobs(state), 0);
  await deleteBucket.run({ Bucket: bucket }, call, state);
}

describe('versions of objects', () => {
  it('agree with the rules of the user guide after any sequence of writes, and leave no blob behind', async () => {
    await using open = await openState();
    const { state, call } = open;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30, size: 'max' }), async (steps) => {
        await createBucket.run({ Bucket: bucket }, call, state);
        const model = new Model();
        for (const one of steps) {
          await apply(one, model, open);
          await compare(model, open);
        }
        const contents = [...model.history.values()].flat().flatMap(({ content }) => content || []);
        assert.equal(await collectedBlobs(state), new Set(contents).size);
        await purge(model, open);
      }),
      // A counterexample leaves its bucket behind, so it is not made smaller.
      { numRuns: 100, endOnFailure: true },
    );
  });
});
