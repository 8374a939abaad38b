import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allowedHost } from './hosts.ts';

const refusal = (host: string | undefined, origin?: string) =>
  allowedHost({ ...(host !== undefined && { host }), ...(origin !== undefined && { origin }) }, '127.0.0.1')?.status;

describe('the Host header', () => {
  it('may name this machine, a bucket below localhost or an address', () => {
    for (const host of [
      'localhost',
      'localhost:4566',
      '127.0.0.1:80',
      '[::1]:4566',
      'b.localhost',
      'b.s3.localhost:1',
      '10.0.0.7',
    ]) {
      assert.equal(refusal(host), undefined, host);
    }
  });

  it('may name nothing that a stranger could point here', () => {
    for (const host of [
      undefined,
      '',
      'evil.example',
      'localhost.evil.example',
      'evil.example:4566',
      'a b',
      '127.0.0.1.nip.io',
      'x@localhost',
    ]) {
      assert.equal(refusal(host), 403, host);
    }
  });
});

describe('the Origin header', () => {
  it('may name a page of this machine, and no other', () => {
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:1', 'https://app.localhost']) {
      assert.equal(refusal('localhost', origin), undefined, origin);
    }
    for (const origin of ['null', 'https://evil.example', 'http://localhost.evil.example', 'garbage', '']) {
      assert.equal(refusal('localhost', origin), 403, origin);
    }
  });
});
