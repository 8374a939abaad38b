import { isIPv6 } from 'node:net';
import { userError } from '../../errors/index.ts';
import { defaultPort, type PeerHosts } from './options.ts';

/** Where something listens, as node:net takes it. */
export type Address = { readonly path: string } | { readonly host: string; readonly port: number };

/** The address of the leader. @throws WHIPPET_PEERS_OPTIONS */
export function addressOf(leader: string, { addresses }: Pick<PeerHosts, 'addresses'>): Address {
  if (addresses === undefined) return { host: leader, port: defaultPort };
  const text = addresses[leader];
  if (text === undefined) throw userError('WHIPPET_PEERS_OPTIONS', { problem: `there is no address of ${leader}` });
  const address = parseAddress(text);
  if (address !== undefined) return address;
  const problem = `the address of ${leader} is neither unix:/PATH nor HOST:PORT, but "${text}"`;
  throw userError('WHIPPET_PEERS_OPTIONS', { problem });
}

/** `unix:/PATH`, `HOST:PORT` or, as in URLs, `[IPV6]:PORT`; undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  if (text.startsWith('unix:/')) return { path: text.slice('unix:'.length) };
  const { name, literal, digits } =
    /^(?:(?<name>[^\s:[\]]+)|\[(?<literal>.+)\]):(?<digits>\d+)$/.exec(text)?.groups ?? {};
  const host = name ?? literal;
  if (host === undefined || (literal !== undefined && !isIPv6(literal))) return undefined;
  const port = Number(digits);
  return port > 0 && port < 65_536 ? { host, port } : undefined;
}

export function describeAddress(address: Address): string {
  if ('path' in address) return address.path;
  const { host, port } = address;
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
