import { userError } from '../../errors/index.ts';
import { defaultPort, type PeerHosts } from './options.ts';

/** Where something listens, as node:net takes it. */
export type Address = { readonly path: string } | { readonly host: string; readonly port: number };

/** The address of the leader. @throws WHIPPET_PEERS_OPTIONS */
export function addressOf(leader: string, { addresses }: Pick<PeerHosts, 'addresses'>): Address {
  if (addresses === undefined) return { host: leader, port: defaultPort };
  const text = addresses[leader];
  if (text === undefined) throw userError('WHIPPET_PEERS_OPTIONS', { problem: `there is no address of ${leader}` });
  if (text.startsWith('unix:')) return { path: text.slice('unix:'.length) };
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(text) ?? [];
  if (host !== undefined && Number(port) > 0 && Number(port) < 65_536) return { host, port: Number(port) };
  const problem = `the address of ${leader} is neither unix:PATH nor HOST:PORT, but "${text}"`;
  throw userError('WHIPPET_PEERS_OPTIONS', { problem });
}

export function describeAddress(address: Address): string {
  return 'path' in address ? address.path : `${address.host}:${address.port}`;
}
