import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkLocalNames, isFolderMarker, localName } from './local-names.ts';

test('an object lies where SageMaker puts it', () => {
  assert.equal(localName('dogs/a/1.jpg', 'dogs/'), 'a/1.jpg');
  assert.equal(localName('dogs/a/1.jpg', 'dogs'), 'a/1.jpg');
  assert.equal(localName('data/dogs.csv', 'data/dogs.csv'), 'dogs.csv');
  assert.equal(localName('data/dogs-1.csv', 'data/dogs'), 'dogs-1.csv');
  assert.equal(localName('data/dogs-old/1.jpg', 'data/dogs'), 'dogs-old/1.jpg');
  assert.equal(localName('a/1.jpg', ''), 'a/1.jpg');
});

test('empty objects with a slash at the end are folders, others are not', () => {
  assert.equal(isFolderMarker({ key: 'a/', size: 0 }), true);
  assert.equal(isFolderMarker({ key: 'a/', size: 1 }), false);
  assert.equal(isFolderMarker({ key: 'a', size: 0 }), false);
});

const files = (...paths: string[]) => paths.map((path) => ({ key: path, path, size: 1 }));

test('keys that cannot be files are named with the reason', () => {
  const refused: [string, RegExp][] = [
    ['a/../b', /a part of its name is "\.\."/],
    ['./a', /a part of its name is "\."/],
    ['/etc/passwd', /between slashes is empty/],
    ['a//b', /between slashes is empty/],
    ['a/', /between slashes is empty/],
    ['', /between slashes is empty/],
    ['a\0b', /NUL/],
    ['é'.repeat(128), /longer than 255 bytes/],
  ];
  for (const [path, reason] of refused) {
    assert.throws(() => checkLocalNames(files('good', path), 's3://b/x'), reason, JSON.stringify(path));
  }
  assert.throws(
    () => checkLocalNames(files('a', 'a/b'), 's3://b/x'),
    /"a" would be a file where "a\/b" needs a folder/,
  );
  const twice = [
    { key: 'x/a', path: 'a', size: 1 },
    { key: 'y/a', path: 'a', size: 1 },
  ];
  assert.throws(() => checkLocalNames(twice, 's3://b/x'), /"x\/a" and "y\/a" would be the same file/);
  checkLocalNames(files('a/b', 'a/c', 'ab', 'é'.repeat(127)), 's3://b/x');
});

test('whatever passes stays in the folder', () => {
  const part = fc.oneof(fc.constantFrom('.', '..', '', 'a', '\0', '\\', '..a'), fc.string({ maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      const path = parts.join('/');
      try {
        checkLocalNames(files(path), 's3://b/x');
      } catch {
        return true;
      }
      return new URL(`file:///top/${path.split('/').map(encodeURIComponent).join('/')}`).pathname.startsWith('/top/');
    }),
  );
});
