const route = /^\/service\/([A-Za-z0-9_]{1,100})\/operation\/([A-Za-z0-9_]{1,100})$/;

/** The service and the operation that a CBOR path names. https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html#requests */
export function readCborPath(rawPath: string): { readonly target: string; readonly operation: string } | undefined {
  const [, target, operation] = route.exec(rawPath) ?? [];
  return target === undefined || operation === undefined ? undefined : { target, operation };
}
