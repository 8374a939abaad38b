import { userError } from '../../errors/index.ts';
import type { Route } from './metrics.ts';

const routes: Readonly<Record<string, { readonly route: Route; readonly methods: readonly string[] }>> = {
  '/ping': { route: 'ping', methods: ['GET', 'HEAD'] },
  '/invocations': { route: 'invocations', methods: ['POST'] },
  '/metrics': { route: 'metrics', methods: ['GET', 'HEAD'] },
};

export interface Target {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly route: Route;
}

/** Splits the request target (RFC 9112 §3.2: a path, or a whole URL when sent through a proxy). */
export function targetOf(url: string): Target {
  const [whole = '', ...query] = url.replace(/^https?:\/\/[^/?]*/i, '').split('?');
  const path = whole === '' ? '/' : whole;
  return { path, query: new URLSearchParams(query.join('?')), route: routeOf(path)?.route ?? 'other' };
}

function routeOf(path: string): (typeof routes)[string] | undefined {
  return Object.hasOwn(routes, path) ? routes[path] : undefined;
}

/** @throws WHIPPET_SERVE_NOT_FOUND, WHIPPET_SERVE_METHOD */
export function checkRoute({ path }: Target, method: string): void {
  const known = routeOf(path);
  if (!known) throw userError('WHIPPET_SERVE_NOT_FOUND', { path: path.slice(0, 100) });
  if (known.methods.includes(method)) return;
  throw userError('WHIPPET_SERVE_METHOD', { method: method.slice(0, 20), path, allowed: known.methods.join(' or ') });
}

/** For the Allow header of a 405. */
export function allowedMethods(path: string): string {
  return routeOf(path)?.methods.join(', ') ?? '';
}
