/** Whether an answer's body is what its protocol writes. */
import assert from 'node:assert/strict';
import { cbor } from '@smithy/core/cbor';
import type { Answer } from '../client.ts';

/** @throws AssertionError */
export function assertWellFormed({ status, headers, body, text }: Answer): void {
  const type = headers['content-type'] ?? '';
  if (body.length === 0) return;
  if (status >= 400)
    assert.match(type, /^(application\/x-amz-json-1\.[01]|application\/(xml|cbor|json)|text\/xml|text\/plain)/);
  if (type.startsWith('application/cbor')) assertFault(cbor.deserialize(body), status);
  else if (type.startsWith('application/x-amz-json')) assertFault(JSON.parse(text), status);
  else if (/^(application|text)\/xml/.test(type) && (status >= 400 || text.startsWith('<'))) {
    // S3 writes keys with characters that XML does not know as references: so does AWS.
    assertXml(status < 300 ? text.replace(/&#x(?:[0-9a-f]|1[0-9a-f]|fff[ef]);/g, '?') : text);
    if (status >= 400) assert.match(text, /<Code>[A-Za-z0-9.]+<\/Code><Message>/);
  }
}

function assertFault(document: unknown, status: number): void {
  assert.ok(typeof document === 'object' && document !== null && !Array.isArray(document));
  if (status < 400) return;
  const { __type, message } = document as { __type?: unknown; message?: unknown };
  assert.ok(typeof __type === 'string' && __type !== '' && typeof message === 'string');
}

/** Tags that match, known entities, and none of the characters that XML 1.0 has no place for. */
export function assertXml(text: string): void {
  const strange = [...text].find((character) => !isXmlCharacter(character.codePointAt(0) ?? 0));
  assert.equal(strange, undefined, 'a character that XML does not know');
  const rest = text.replace(/^<\?xml [^>]*\?>\s*/, '');
  const open: string[] = [];
  let roots = 0;
  for (const [token, close, name = '', , selfClosing] of rest.matchAll(
    /<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|[^<]+|</g,
  )) {
    assert.notEqual(token, '<', 'a < that begins no tag');
    if (name === '') {
      assert.doesNotMatch(token, /&(?!(amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)/, 'a & that begins no entity');
      assertReferences(token);
      assert.ok(open.length > 0 || token.trim() === '', 'text outside of the root');
    } else if (close) assert.equal(open.pop(), name, 'tags that do not match');
    else {
      if (open.length === 0) roots++;
      if (!selfClosing) open.push(name);
    }
  }
  assert.deepEqual(open, []);
  assert.equal(roots, 1, 'one root');
}

/** `&#0;` is as wrong as the character itself. */
function assertReferences(text: string): void {
  for (const [whole, hex, decimal] of text.matchAll(/&#(?:x([0-9a-fA-F]+)|(\d+));/g)) {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    assert.ok(isXmlCharacter(code), `${whole} is no character`);
  }
}

/** https://www.w3.org/TR/xml/#charsets */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 9 || code === 10 || code === 13;
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || (code > 0xffff && code < 0x110000);
}
