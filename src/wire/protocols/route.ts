import type { RequestHead } from '../message.ts';
import { decodePercent, parseQuery } from '../message.ts';
import type { OperationModel, ServiceModel } from '../model.ts';

interface Route {
  readonly operation: OperationModel;
  readonly pattern: RegExp;
  /** Names of the pattern's groups. */
  readonly labels: readonly string[];
  /** Query parameters and headers without which it is another operation: `partNumber` of UploadPart, x-amz-copy-source of CopyObject. */
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
}

export interface RouteMatch {
  readonly operation: OperationModel;
  /** Undecoded path parts by member. */
  readonly labels: ReadonlyMap<string, string>;
}

/** The routes of a REST service, compiled once. */
export function compileRoutes(service: ServiceModel): readonly Route[] {
  return [...service.operations.values()].map((operation) => {
    const labels: string[] = [];
    const source = operation.http.path.replace(/\{([A-Za-z0-9]+)(\+?)\}|[.*+?^${}()|[\]\\]/g, (text, label, greedy) => {
      if (label === undefined) return `\\${text}`;
      labels.push(label);
      return greedy ? '(.+)' : '([^/]+)';
    });
    const required = operation.input.isStructSchema()
      ? [...operation.input.structIterator()]
          .slice(0, requiredCount(operation))
          .map(([, member]) => member.getMergedTraits())
      : [];
    return {
      operation,
      pattern: new RegExp(`^${source}/?$`, 's'),
      labels,
      requiredQuery: required.flatMap(({ httpQuery }) => httpQuery ?? []),
      requiredHeaders: required.flatMap(({ httpHeader }) => httpHeader?.toLowerCase() ?? []),
    };
  });
}

/** The SDK puts required members first and counts them. */
function requiredCount({ input }: OperationModel): number {
  return (input.getSchema() as unknown as { readonly 6?: number })[6] ?? 0;
}

/**
 * Several operations share method and path: of those whose parameters and headers are all there, the one that asks for most.
 * `PUT /b/k` is PutObject, with partNumber and uploadId UploadPart, with x-amz-copy-source too UploadPartCopy.
 */
export function findRoute(request: RequestHead, routes: readonly Route[]): RouteMatch | undefined {
  const path = request.bucket === undefined ? request.rawPath : `/${request.bucket}${request.rawPath}`;
  const query = new Map(parseQuery(request.rawQuery));
  let best: { route: Route; groups: RegExpExecArray; weight: number } | undefined;
  for (const route of routes) {
    const { http } = route.operation;
    if (http.method !== request.method || !http.query.every(([name, value]) => query.get(name) === value)) continue;
    if (!route.requiredQuery.every((name) => query.has(name))) continue;
    if (!route.requiredHeaders.every((name) => request.headers.has(name))) continue;
    const groups = route.pattern.exec(path);
    const weight = http.query.length + route.requiredQuery.length + route.requiredHeaders.length;
    if (groups && (best === undefined || moreSpecific(route, weight, best))) best = { route, groups, weight };
  }
  if (best === undefined) return undefined;
  const { route, groups } = best;
  return {
    operation: route.operation,
    labels: new Map(route.labels.map((label, index) => [label, groups[index + 1] as string])),
  };
}

/** `/{Bucket}/{Key+}` also matches what `/{Bucket}` matches when a bucket's path ends in '/': fewer labels win then. */
function moreSpecific(route: Route, weight: number, best: { route: Route; weight: number }): boolean {
  return weight > best.weight || (weight === best.weight && route.labels.length < best.route.labels.length);
}

/** A decoded label. `undefined` where its bytes are no UTF-8. */
export function decodeLabel(text: string): string | undefined {
  const decoded = decodePercent(text);
  return decoded === text && text.includes('%') ? undefined : decoded;
}
