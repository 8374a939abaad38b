import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readableXml, withReferences } from './xml-characters.ts';

test('characters that XML does not know are replaced, all others stay', () => {
  const fine = '\t\n\r aé犬🐕\ud7ff\ue000\ufffd';
  assert.equal(readableXml(fine), fine);
  assert.equal(withReferences(fine), fine);
  assert.equal(readableXml('a\u0000b\u001fc\ufffe\uffff'), 'a\ufffdb\ufffdc\ufffd\ufffd');
  assert.equal(withReferences('a\u0001b\uffff'), 'a&#x1;b&#xffff;');
});
