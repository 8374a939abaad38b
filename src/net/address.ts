import { BlockList, isIP } from 'node:net';

/** IPv4 networks that are not the public Internet (IANA special-purpose registry, RFC 6890), and what messages call them. */
const ipv4Networks: readonly (readonly [network: string, bits: number, kind: string])[] = [
  ['0.0.0.0', 8, 'an unspecified address'],
  ['10.0.0.0', 8, 'a private address'],
  ['100.64.0.0', 10, 'a shared (carrier-grade NAT) address'],
  ['127.0.0.0', 8, 'a loopback address'],
  // Clouds answer at 169.254.169.254 with the machine's credentials.
  ['169.254.0.0', 16, 'a link-local address'],
  ['172.16.0.0', 12, 'a private address'],
  ['192.0.0.0', 24, 'a reserved address'],
  ['192.0.2.0', 24, 'a reserved address'],
  ['192.31.196.0', 24, 'a reserved address'],
  ['192.52.193.0', 24, 'a reserved address'],
  ['192.88.99.0', 24, 'a reserved address'],
  ['192.168.0.0', 16, 'a private address'],
  ['192.175.48.0', 24, 'a reserved address'],
  ['198.18.0.0', 15, 'a reserved address'],
  ['198.51.100.0', 24, 'a reserved address'],
  ['203.0.113.0', 24, 'a reserved address'],
  ['224.0.0.0', 4, 'a multicast address'],
  ['240.0.0.0', 4, 'a reserved address'],
  // Azure's metadata and DNS host has a public number.
  ['168.63.129.16', 32, 'a metadata address'],
];

/** Named for the message only: whatever is outside 2000::/3 is refused. */
const ipv6Networks: readonly (readonly [network: string, bits: number, kind: string])[] = [
  ['::', 128, 'an unspecified address'],
  ['::1', 128, 'a loopback address'],
  ['::ffff:0:0', 96, 'an IPv4 address written as IPv6'],
  ['::', 96, 'an IPv4 address written as IPv6'],
  ['64:ff9b::', 96, 'a translated IPv4 address'],
  ['64:ff9b:1::', 48, 'a translated IPv4 address'],
  ['fc00::', 7, 'a private address'],
  ['fe80::', 10, 'a link-local address'],
  ['fec0::', 10, 'a private address'],
  ['ff00::', 8, 'a multicast address'],
  // Within 2000::/3: the protocol assignments hold Teredo (2001::/32) and benchmarks, 2002::/16 is 6to4; both carry IPv4 addresses.
  ['2001::', 23, 'a reserved or tunnelled address'],
  ['2001:db8::', 32, 'a reserved address'],
  ['2002::', 16, 'a tunnelled (6to4) address'],
  ['2620:4f:8000::', 48, 'a reserved address'],
  ['3fff::', 20, 'a reserved address'],
];

const ipv4Lists = ipv4Networks.map(([network, bits, kind]) => ({ list: subnet(network, bits, 'ipv4'), kind }));
const ipv6Lists = ipv6Networks.map(([network, bits, kind]) => ({ list: subnet(network, bits, 'ipv6'), kind }));
const ipv6Public = subnet('2000::', 3, 'ipv6');

function subnet(network: string, bits: number, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list;
}

/** Undefined for an address of the public Internet, else what it is: "a private address". What is no address at all is refused too. */
export function refusalOf(address: string): string | undefined {
  // A zone (fe80::1%eth0) only exists for addresses of the local link.
  if (address.includes('%')) return 'a link-local address';
  const family = isIP(address);
  if (family === 0) return 'no IP address';
  if (family === 4) return ipv4Lists.find(({ list }) => list.check(address, 'ipv4'))?.kind;
  const named = ipv6Lists.find(({ list }) => list.check(address, 'ipv6'))?.kind;
  return named ?? (ipv6Public.check(address, 'ipv6') ? undefined : 'a reserved address');
}
