import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyFor } from './proxy.ts';

const settings = { https: 'http://secure.proxy:3128', http: 'plain.proxy:8080' };

function hostFor(url: string, no = ''): string | undefined {
  return proxyFor(new URL(url), { ...settings, no })?.host;
}

test('the scheme of the address chooses the proxy; one without a scheme is http', () => {
  assert.equal(hostFor('https://example.com/'), 'secure.proxy:3128');
  assert.equal(hostFor('http://example.com/'), 'plain.proxy:8080');
  assert.equal(proxyFor(new URL('https://example.com/'), { http: 'plain.proxy' }), undefined);
  assert.equal(proxyFor(new URL('https://example.com/'), { https: '  ' }), undefined);
});

test('NO_PROXY names hosts, suffixes, ports, addresses, networks or everything', () => {
  const exempt: readonly (readonly [url: string, no: string])[] = [
    ['https://example.com/', '*'],
    ['https://example.com/', 'other.org, example.com'],
    ['https://EXAMPLE.com/', 'Example.COM'],
    ['https://a.b.example.com/', 'example.com'],
    ['https://a.example.com/', '.example.com'],
    ['https://a.example.com/', '*.example.com'],
    ['https://example.com/', '.example.com'],
    ['https://example.com:8443/', 'example.com:8443'],
    ['https://example.com/', 'example.com:443'],
    ['http://example.com/', 'example.com:80'],
    ['http://127.0.0.1:9/', '127.0.0.1'],
    ['http://10.1.2.3/', '10.0.0.0/8'],
    ['http://[fd00::1]/', 'fd00::/8'],
    ['http://[::1]:8080/', '::1'],
    ['http://[::1]:8080/', '[::1]:8080'],
  ];
  for (const [url, no] of exempt) assert.equal(hostFor(url, no), undefined, `${url} ${no}`);
  const proxied: readonly (readonly [url: string, no: string])[] = [
    ['https://notexample.com/', 'example.com'],
    ['https://example.com.evil.org/', 'example.com'],
    ['https://example.com/', 'example.com:8443'],
    ['http://11.1.2.3/', '10.0.0.0/8'],
    ['http://10.1.2.3/', '0.0.0.0/x, 10.0.0.0/99, 2.3'],
    ['https://example.com/', ''],
  ];
  for (const [url, no] of proxied) assert.notEqual(hostFor(url, no), undefined, `${url} ${no}`);
});

test('a setting that is no http proxy is refused without showing its password', () => {
  for (const https of ['socks5://me:secret@proxy:1080', 'http://me:secret@']) {
    assert.throws(
      () => proxyFor(new URL('https://example.com/'), { https }),
      (error: Error & { code?: string }) => error.code === 'WHIPPET_NET_PROXY' && !error.message.includes('secret'),
    );
  }
});
