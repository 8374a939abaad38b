import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddressRange } from './address-range.ts';

test('ranges of IPv4 and IPv6', () => {
  const rows: [range: string, address: string, expected: boolean][] = [
    ['203.0.113.0/24', '203.0.113.7', true],
    ['203.0.113.0/24', '203.0.114.7', false],
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['0.0.0.0/0', '203.0.113.7', true],
    ['203.0.113.7/16', '203.0.1.1', true],
    ['2001:db8:1234:5678::/64', '2001:db8:1234:5678::1', true],
    ['2001:db8:1234:5678::/64', '2001:db8:1234:5679::1', false],
    ['::1', '::1', true],
    ['::/0', '2001:db8::1', true],
    ['127.0.0.0/8', '::ffff:127.0.0.1', true],
    ['127.0.0.0/8', '::1', false],
    ['::/0', 'no address', false],
    ['0.0.0.0/0', '', false],
  ];
  for (const [range, address, expected] of rows) {
    assert.equal(parseAddressRange(range)?.contains(address), expected, `${address} in ${range}`);
  }
});

test('what is no range', () => {
  for (const text of [
    '',
    '*',
    '10.0.0/8',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::/129',
    'fe80::1%eth0',
    '10.0.0.0/',
  ]) {
    assert.equal(parseAddressRange(text), undefined, text);
  }
});
