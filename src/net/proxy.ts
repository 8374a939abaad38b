import { BlockList, isIP } from 'node:net';
import { userError } from '../errors/index.ts';

/** As in the environment variables of the same names; whoever reads the environment passes them on. */
export interface ProxySettings {
  /** HTTPS_PROXY: for https addresses. */
  readonly https?: string;
  /** HTTP_PROXY: for http addresses. */
  readonly http?: string;
  /** NO_PROXY: hosts, domain suffixes, addresses or networks (10.0.0.0/8), each with an optional port, separated by commas; `*` for all. */
  readonly no?: string;
}

/**
 * The proxy that an address goes through, if any. A setting without a scheme is taken as http://, as curl does.
 * @throws WHIPPET_NET_PROXY for a setting that is no http(s) URL.
 */
export function proxyFor(url: URL, settings: ProxySettings): URL | undefined {
  const setting = url.protocol === 'https:' ? settings.https : settings.http;
  if (setting === undefined || setting.trim() === '' || isExempt(url, settings.no ?? '')) return undefined;
  const text = setting.includes('://') ? setting.trim() : `http://${setting.trim()}`;
  if (!URL.canParse(text)) throw userError('WHIPPET_NET_PROXY', { proxy: 'setting', reason: 'it is not a URL' });
  const proxy = new URL(text);
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') {
    throw userError('WHIPPET_NET_PROXY', {
      proxy: proxy.host,
      reason: `its scheme ${proxy.protocol} is not supported`,
    });
  }
  return proxy;
}

function isExempt(url: URL, exempt: string): boolean {
  const host = bareHost(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const entries = exempt
    .split(/[,\s]+/)
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');
  return entries.some((entry) => matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInNetwork(host, entry);
  // A bare IPv6 address has colons of its own; with a port it is written in brackets.
  const withPort = isIP(entry) === 6 ? null : /^(.*):(\d+)$/.exec(entry);
  if (withPort && withPort[2] !== port) return false;
  const name = bareHost(withPort?.[1] ?? entry).replace(/^\*?\./, '');
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
}

function isInNetwork(host: string, network: string): boolean {
  const [address = '', bits] = network.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits ?? '')) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const name = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(address, Number(bits), name);
  return list.check(host, name);
}

/** URL.hostname keeps IPv6 addresses in brackets. */
function bareHost(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
