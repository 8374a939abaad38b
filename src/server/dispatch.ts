import {
  AwsFault,
  loadModel,
  loadProtocol,
  type Protocol,
  type RequestHead,
  readCborPath,
  type ServiceModel,
  type ServiceName,
  serviceFacts,
} from '../wire/index.ts';

/** Which service a request is for, and how it speaks. */
export interface Destination {
  readonly service: ServiceModel;
  readonly protocol: Protocol;
}

export interface Dispatcher {
  /**
   * Host header, then what the protocol names, then the credential scope.
   * @param signingName Service of the credential scope; undefined for unsigned and SigV2 requests, which only S3 takes.
   * @throws AwsFault 501 for a service that is not served.
   */
  destination(head: RequestHead, signingName: string | undefined): Promise<Destination>;
  /** For refusing what has no destination, in the shape that its client reads. */
  nowhere(head: RequestHead): Promise<Destination>;
}

export function createDispatcher(): Dispatcher {
  const models = new Map<ServiceName, Promise<ServiceModel>>();
  const protocols = new Map<string, Promise<Protocol>>();
  const protocolOf = (name: Spoken, service: ServiceModel): Promise<Protocol> => {
    const key = `${name} ${service.name}`;
    const protocol = protocols.get(key) ?? loadProtocol(name, service);
    protocols.set(key, protocol);
    return protocol;
  };
  const modelOf = (name: ServiceName): Promise<ServiceModel> => {
    const model = models.get(name) ?? loadModel(name);
    models.set(name, model);
    return model;
  };
  return {
    async destination(head, signingName) {
      const { service: name, protocol } = recognise(head, signingName);
      const service = await modelOf(name);
      return { service, protocol: await protocolOf(protocol, service) };
    },
    nowhere: async (head) => ({ service: nobody, protocol: await loadProtocol(looksLike(head), nobody) }),
  };
}

/** Without operations, and without loading a client. */
const nobody: ServiceModel = { name: 's3', signingName: '', operations: new Map(), shapeOfCode: new Map() };

/** Before anybody knows which service is meant, the head tells the protocol. */
function looksLike(head: RequestHead): Spoken {
  if (head.headers.has('x-amz-target')) return jsonVersion(head);
  if (head.headers.get('smithy-protocol') === 'rpc-v2-cbor') return 'rpc-v2-cbor';
  if (isForm(head)) return 'query';
  const named = /\/([a-z0-9-]{1,64})\/aws4_request/.exec(head.headers.get('authorization') ?? '')?.[1];
  // Of services that AWS has and this server has not, those without target and form speak REST-JSON: Lambda, API Gateway.
  return named === undefined || entries.some(([, { signingName }]) => signingName === named) ? 'rest-xml' : 'rest-json';
}

function jsonVersion({ headers }: RequestHead): 'json-1.0' | 'json-1.1' {
  return /json-1\.0/.test(headers.get('content-type') ?? '') ? 'json-1.0' : 'json-1.1';
}

/** What the query protocol sends. */
function isForm({ headers, rawPath }: RequestHead): boolean {
  return rawPath === '/' && /^application\/x-www-form-urlencoded/.test(headers.get('content-type') ?? '');
}

type Spoken = Protocol['name'];

function recognise(head: RequestHead, signingName: string | undefined): { service: ServiceName; protocol: Spoken } {
  const target = head.headers.get('x-amz-target')?.split('.')[0];
  if (target !== undefined) {
    return { service: byTarget(target, head.headers.get('x-amz-target') ?? ''), protocol: jsonVersion(head) };
  }
  const cbor = readCborPath(head.rawPath)?.target;
  if (cbor !== undefined && head.headers.get('smithy-protocol') === 'rpc-v2-cbor') {
    return { service: byTarget(cbor, head.rawPath), protocol: 'rpc-v2-cbor' };
  }
  if (signingName === undefined) return unsigned(head);
  const service = bySigningName(signingName);
  return { service, protocol: service === 's3' ? 'rest-xml' : 'query' };
}

/** Who does not sign speaks to S3, unless it sends the form of the query protocol, which then tells it to sign. */
function unsigned(head: RequestHead): { service: ServiceName; protocol: Spoken } {
  return isForm(head) ? { service: 'sts', protocol: 'query' } : { service: 's3', protocol: 'rest-xml' };
}

function byTarget(target: string, whole: string): ServiceName {
  const found = entries.find(([, facts]) => facts.target === target);
  if (found) return found[0];
  throw notServed(whole);
}

function bySigningName(signingName: string): ServiceName {
  const found = entries.find(([, facts]) => facts.signingName === signingName);
  if (found) return found[0];
  throw notServed(signingName);
}

const entries = Object.entries(serviceFacts) as [ServiceName, (typeof serviceFacts)[ServiceName]][];

/** What Whippet does not serve is said to be so, by name. */
export function notServed(what: string): AwsFault {
  return new AwsFault({
    code: 'NotImplemented',
    status: 501,
    message: `${brief(what)} is not served by Whippet. What is served: docs/services/README.md.`,
  });
}

/** Nobody knows such an operation; each family says so in its own way. */
export function unknownOperation(
  name: string | undefined,
  { head, protocol: { name: protocol } }: { head: RequestHead; protocol: Protocol },
): AwsFault {
  if (protocol === 'rest-xml') {
    // The SDK has no such operation, since it is for browsers.
    if (head.headers.get('content-type')?.startsWith('multipart/form-data')) return notServed('s3 POST of a form');
    return new AwsFault({
      code: 'MethodNotAllowed',
      status: 405,
      message: 'The specified method is not allowed against this resource.',
    });
  }
  if (protocol === 'query') {
    const message = name === undefined ? 'The action is missing.' : `Could not find operation ${brief(name)}.`;
    return new AwsFault({ code: name === undefined ? 'MissingAction' : 'InvalidAction', status: 400, message });
  }
  return new AwsFault({ code: 'UnknownOperationException', status: 400, message: brief(name ?? '') });
}

function brief(name: string): string {
  return name.length > 120 ? `${name.slice(0, 120)}…` : name;
}
