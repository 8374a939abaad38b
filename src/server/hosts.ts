import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { WireResponse } from '../wire/index.ts';

/**
 * A page that the user visits can point a name of its own at 127.0.0.1 and talk to this server (DNS rebinding), or just send
 * requests here. The first carries a foreign Host, the second a foreign Origin.
 * @param listening Address that the server listens on.
 * @returns the refusal, or undefined.
 */
export function allowedHost({ host, origin }: IncomingHttpHeaders, listening: string): WireResponse | undefined {
  const name = hostName(host);
  if (name === undefined || !(isLocalName(name) || isIP(name) || name === listening)) {
    return refusal(
      `The Host header ${quote(host)} names no address of this server. Use http://127.0.0.1 or localhost.`,
    );
  }
  if (origin === undefined) return undefined;
  const page = URL.canParse(origin) ? new URL(origin).hostname.replace(/^\[|\]$/g, '') : '';
  return isLocalName(page) || isLoopback(page)
    ? undefined
    : refusal(`A page of ${quote(origin)} may not talk to this server.`);
}

/** `localhost:4566` → `localhost`, `[::1]:80` → `::1`. */
function hostName(host: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/@\s]+))(?::\d{1,5})?$/i.exec(host ?? '');
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/** localhost, and the buckets of virtual-hosted requests below it. No resolver takes these elsewhere (RFC 6761). */
function isLocalName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

function isLoopback(name: string): boolean {
  return name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

function quote(text: string | undefined): string {
  return JSON.stringify((text ?? '').slice(0, 100));
}

function refusal(message: string): WireResponse {
  return { status: 403, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: `${message}\n` };
}
