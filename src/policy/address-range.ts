import { BlockList, isIP } from 'node:net';

/** An address (`203.0.113.7`, `2001:db8::1`) or a CIDR range of them. */
export interface AddressRange {
  contains(address: string): boolean;
}

/** @returns undefined for what is no address or range. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [network = '', bits, ...rest] = text.split('/');
  const family = isIP(network);
  if (family === 0 || rest.length > 0 || network.includes('%')) return undefined;
  const widest = family === 4 ? 32 : 128;
  if (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > widest)) return undefined;
  const list = new BlockList();
  list.addSubnet(network, Number(bits ?? widest), family === 4 ? 'ipv4' : 'ipv6');
  return { contains: (address) => isIn(list, address) };
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address);
  // A listener on :: sees IPv4 callers as ::ffff:192.0.2.1; BlockList takes these for the IPv4 addresses that they are.
  return family !== 0 && !address.includes('%') && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
