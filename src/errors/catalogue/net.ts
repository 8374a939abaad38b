import { defineError } from '../definition.ts';

interface Address {
  /** Without credentials and query, which may be secret. */
  url: string;
}

function remedyForStatus({ status }: { status: number }): string {
  if (status === 401 || status === 403)
    return 'Check that you may read it: it may need a token, or may have been withdrawn.';
  if (status === 404 || status === 410) return 'Check the address; if a mirror is set, check that it holds this file.';
  if (status === 429) return 'The server asks for patience: try again later, or set a mirror.';
  if (status >= 500) return 'The server has a problem: try again later, or set a mirror. What was received is kept.';
  return 'Open the address in a browser to see what the server says.';
}

export const netErrors = {
  WHIPPET_NET_URL: defineError<Address & { reason: string }>({
    message: ({ url, reason }) => `"${url}" cannot be fetched: ${reason}.`,
    remedy: 'Give a complete http:// or https:// address without a user name and password.',
  }),
  WHIPPET_NET_STATUS: defineError<Address & { status: number }>({
    message: ({ url, status }) => `${url} answered with HTTP status ${status}.`,
    remedy: remedyForStatus,
  }),
  WHIPPET_NET_UNREACHABLE: defineError<Address & { reason: string; attempts: number }>({
    message: ({ url, reason, attempts }) =>
      `${url} could not be fetched${attempts > 1 ? ` in ${attempts} attempts` : ''}: ${reason}.`,
    remedy:
      'Check the network (and HTTPS_PROXY, if you need a proxy) and run it again: a download continues where it stopped.',
  }),
  WHIPPET_NET_TIMEOUT: defineError<Address & { seconds: number }>({
    message: ({ url, seconds }) => `${url} was not delivered within ${seconds} s.`,
    remedy: 'Use a faster server, or send the bytes themselves.',
  }),
  WHIPPET_NET_TLS: defineError<Address & { reason: string }>({
    message: ({ url, reason }) => `The certificate of ${url} is not trusted: ${reason}.`,
    remedy:
      'If your network inspects TLS, name its certificate authority in NODE_EXTRA_CA_CERTS; otherwise do not trust this server.',
  }),
  WHIPPET_NET_PROXY: defineError<{ proxy: string; reason: string }>({
    message: ({ proxy, reason }) => `The proxy ${proxy} cannot be used: ${reason}.`,
    remedy: 'Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY: http://[user:password@]host:port.',
  }),
  WHIPPET_NET_REDIRECT: defineError<Address & { reason: string }>({
    message: ({ url, reason }) => `The redirection of ${url} was not followed: ${reason}.`,
    remedy: 'Give the final address itself.',
  }),
  WHIPPET_NET_RESPONSE: defineError<Address & { reason: string }>({
    message: ({ url, reason }) => `${url} gave an answer that makes no sense: ${reason}.`,
    remedy: 'A proxy or mirror on the way may alter answers: try without it.',
  }),
  WHIPPET_NET_CHECKSUM: defineError<Address & { expected: string; actual: string }>({
    message: ({ url, expected, actual }) => `${url} has the SHA-256 ${actual}, expected was ${expected}.`,
    remedy: 'The file was changed or damaged on its way and is not used. Try again, or fetch it from another source.',
  }),
  WHIPPET_NET_SIZE: defineError<Address & { expected: number; actual: number }>({
    message: ({ url, expected, actual }) => `${url} has ${actual} bytes, expected were ${expected}.`,
    remedy:
      'The file was changed or is served incompletely and is not used. Try again, or fetch it from another source.',
  }),
  WHIPPET_NET_TOO_LARGE: defineError<Address & { limit: number }>({
    message: ({ url, limit }) => `${url} is larger than the limit of ${limit} bytes.`,
    remedy: 'Use a smaller file, or raise the limit.',
  }),
  WHIPPET_NET_ADDRESS: defineError<{ host: string; kind: string }>({
    message: ({ host, kind }) => `${host} is ${kind}: such addresses are not fetched from.`,
    remedy: 'Send the bytes themselves; whoever runs the server may allow the host with --url-allow HOST[:PORT].',
  }),
  WHIPPET_NET_DISK_FULL: defineError<{ path: string; needed: number }>({
    message: ({ path, needed }) => `There is no room for ${path}: ${needed} more bytes are needed.`,
    remedy: 'Free some space, or choose a folder on another disk, and run it again.',
  }),
  WHIPPET_NET_DISK: defineError<{ path: string; reason: string }>({
    message: ({ path, reason }) => `${path} cannot be written: ${reason}.`,
    remedy: 'Check that the folder exists and that you may write to it, or choose another one.',
  }),
};
