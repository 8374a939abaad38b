import type { Dispatcher } from 'undici';
import { type ProxySettings, proxyFor } from './proxy.ts';

export interface ConnectionOptions {
  readonly connectTimeoutMs: number;
  readonly proxy: ProxySettings;
  readonly ca: string | undefined;
}

export interface Connections {
  /** Straight or through the proxy that the settings name for this address. */
  dispatcherFor(url: URL): Dispatcher;
  close(): Promise<void>;
}

/**
 * Connections are opened when asked for and shared by the requests of one download. undici is loaded with the first: that takes as long as
 * loading all of the engine, and most runs download nothing.
 */
export async function openConnections(options: ConnectionOptions): Promise<Connections> {
  const { Agent, ProxyAgent } = await import('undici');
  const dispatchers = new Map<string, Dispatcher>();
  const tls = { timeout: options.connectTimeoutMs, ...(options.ca === undefined ? {} : { ca: options.ca }) };
  const open = (proxy: URL | undefined): Dispatcher =>
    proxy
      ? // Plain http goes through the proxy as a request, as proxies often refuse CONNECT to port 80; https is tunnelled.
        new ProxyAgent({ uri: proxy.href, proxyTunnel: false, proxyTls: tls, requestTls: tls })
      : new Agent({ connect: tls });
  return {
    dispatcherFor(url) {
      const proxy = proxyFor(url, options.proxy);
      const key = proxy?.href ?? '';
      const known = dispatchers.get(key);
      if (known) return known;
      const opened = open(proxy);
      dispatchers.set(key, opened);
      return opened;
    },
    async close() {
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.destroy()));
    },
  };
}
