/**
 * What stands on the AWS SDK is loaded when it is first needed: its codecs cost 25 ms and 10 MB, each client 20 to 70 ms and up to
 * 12 MB, and most servers are only ever asked for one or two services.
 */
import type { ServiceModel } from './model.ts';
import type { Protocol } from './protocols/protocol.ts';
import type { ServiceName } from './schemas.ts';

export async function loadModel(name: ServiceName): Promise<ServiceModel> {
  const { readModel } = await import('./model.ts');
  return readModel(name);
}

/** Keep it: what it has compiled for an operation serves the next request too. */
export async function loadProtocol(name: Protocol['name'], service: ServiceModel): Promise<Protocol> {
  switch (name) {
    case 'json-1.0':
      return (await import('./protocols/json.ts')).jsonProtocol('1.0');
    case 'json-1.1':
      return (await import('./protocols/json.ts')).jsonProtocol('1.1');
    case 'rest-json':
      return (await import('./protocols/rest-json.ts')).restJsonProtocol(service);
    case 'rest-xml':
      return (await import('./protocols/rest-xml.ts')).restXmlProtocol(service);
    case 'query':
      return (await import('./protocols/query.ts')).queryProtocol();
    case 'rpc-v2-cbor':
      return (await import('./protocols/cbor.ts')).cborProtocol();
  }
}
