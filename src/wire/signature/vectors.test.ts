import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AwsFault } from '../fault.ts';
import { canonicalRequest, normalisedPath } from './canonical.ts';
import { readSignature } from './claim.ts';
import { headOf } from './testing/heads.ts';
import { createVerifier } from './verify.ts';

const folder = fileURLToPath(new URL('../../../../shared/data/sigv4/', import.meta.url));
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const now = new Date('2015-08-30T12:36:00Z');

/** The suite's own notation, read as bytes. A line that begins with white space is, to the suite, one more value of its header. */
function readVector(path: string) {
  const [head = '', ...rest] = readFileSync(path, 'latin1').replaceAll('\r', '').split('\n\n');
  const [requestLine = '', ...lines] = head.split('\n');
  const [, method, target] = /^(\S+) (.*) HTTP\/1\.1$/.exec(requestLine) as unknown as [string, string, string];
  const headers: [string, string][] = [];
  for (const line of lines) {
    const at = line.indexOf(':');
    if (/^\s/.test(line)) headers.push([headers.at(-1)?.[0] as string, line]);
    else headers.push([line.slice(0, at), line.slice(at + 1).trim()]);
  }
  const bodyHash = createHash('sha256').update(rest.join('\n\n'), 'latin1').digest('hex');
  return { head: headOf({ method, target, headers }), bodyHash };
}

test("AWS's own vectors verify, and fail with any other key", {
  skip: existsSync(folder) ? false : `no ${folder}`,
}, () => {
  const paths = globSync('**/*.sreq', { cwd: folder });
  assert.ok(paths.length >= 30, `${paths.length} vectors`);
  const verifier = createVerifier();
  for (const path of paths) {
    const { head, bodyHash } = readVector(folder + path);
    const claim = readSignature(head);
    assert.ok(claim?.kind === 'sigv4-header', path);
    const canonical = canonicalRequest(head, {
      signedHeaders: claim.signedHeaders,
      payload: bodyHash,
      path: normalisedPath(head.rawPath),
    });
    assert.equal(canonical, readFileSync(folder + path.replace(/sreq$/, 'creq'), 'latin1').replaceAll('\r', ''), path);
    verifier.verify(head, claim, { secret, now, family: 'other', bodyHash });
    assert.throws(
      () => verifier.verify(head, claim, { secret: `${secret}x`, now, family: 'other', bodyHash }),
      (fault: AwsFault) => fault.code === 'SignatureDoesNotMatch' && fault.message.includes(canonical),
      path,
    );
  }
});
