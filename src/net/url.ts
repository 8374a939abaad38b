import { userError } from '../errors/index.ts';

/** How messages call an address: credentials and query are left out, as both may be secrets (signed URLs). */
export function displayName(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** @throws WHIPPET_NET_URL unless it is a http(s) URL without credentials. */
export function parseHttpUrl(text: string): URL {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  if (!URL.canParse(text)) throw userError('WHIPPET_NET_URL', { url: shown, reason: 'it is not a complete URL' });
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    const reason = `its scheme is ${url.protocol}, not http: or https:`;
    // A data: URL would fill the screen.
    throw userError('WHIPPET_NET_URL', { url: shown.slice(0, 40), reason });
  }
  if (url.username !== '' || url.password !== '') {
    throw userError('WHIPPET_NET_URL', { url: displayName(url), reason: 'it contains a user name or password' });
  }
  url.hash = '';
  return url;
}

/**
 * The same file on a mirror: the origin is replaced, the mirror's path goes first. `{host}` in the mirror stands for the
 * original host, for mirrors that keep several: `https://mirror.example/{host}`.
 * @throws WHIPPET_NET_URL when the mirror is not a http(s) URL.
 */
export function onMirror(url: URL, mirror: string): URL {
  const base = parseHttpUrl(mirror.replaceAll('{host}', url.host));
  const mirrored = new URL(base);
  mirrored.pathname = `${base.pathname.replace(/\/+$/, '')}${url.pathname}`;
  mirrored.search = url.search;
  return mirrored;
}
