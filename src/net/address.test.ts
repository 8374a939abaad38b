import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { refusalOf } from './address.ts';

const refused: Readonly<Record<string, readonly string[]>> = {
  unspecified: ['0.0.0.0', '0.1.2.3', '::'],
  private: [
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    'fc00::1',
    'fd00:ec2::254',
    'fec0::1',
  ],
  'carrier-grade': ['100.64.0.1', '100.127.255.255', '100.100.100.200'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  'link-local': ['169.254.169.254', '169.254.170.2', 'fe80::1', 'febf::1', 'fe80::1%eth0'],
  reserved: [
    '192.0.0.192',
    '192.0.2.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.7',
    '203.0.113.9',
    '240.0.0.1',
    '255.255.255.255',
    '2001:db8::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    '100::1',
    '1::1',
  ],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
  metadata: ['168.63.129.16'],
  'written as IPv6': ['::ffff:8.8.8.8', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '::7f00:1', '::8.8.8.8'],
  translated: ['64:ff9b::8.8.8.8', '64:ff9b::7f00:1', '64:ff9b:1::1'],
  tunnelled: ['2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2002:7f00:1::', '2002:808:808::1'],
  'no IP': ['', 'localhost', '1.2.3', '0x7f.1', '2130706433', '127.0.0.1 '],
};

test('addresses that only this machine or its network can reach are refused and named', () => {
  for (const [kind, addresses] of Object.entries(refused)) {
    for (const address of addresses)
      assert.ok(refusalOf(address)?.includes(kind), `${address}: ${refusalOf(address)}, not ${kind}`);
  }
});

test('the neighbours of refused networks are public', () => {
  const open = [
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
  ];
  const more = [
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
  ];
  const six = ['2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450::1', '2003::1', '2600::'];
  for (const address of [...open, ...more, ...six]) assert.equal(refusalOf(address), undefined, address);
});

test('every IPv4 address is refused in each of its IPv6 disguises', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      for (const prefix of ['::ffff:', '::', '64:ff9b::']) assert.notEqual(refusalOf(prefix + address), undefined);
      const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
      const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
      assert.notEqual(refusalOf(`2002:${hex}::1`), undefined);
      assert.notEqual(refusalOf(`::ffff:${hex}`), undefined);
    }),
  );
});
