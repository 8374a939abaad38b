import { createHash, randomUUID } from 'node:crypto';
import type { Journal } from '../host/index.ts';
import type { AnyOperation, Call } from '../services/operation.ts';
import type { Credential, Principal } from '../services/principal.ts';
import type { Service } from '../services/service.ts';
import { isStoreFault } from '../store/index.ts';
import {
  AwsFault,
  bodyLimit,
  type Claim,
  type Constraints,
  type OperationModel,
  type RequestHead,
  readSignature,
  type ServiceName,
  type Verifier,
  validate,
  type WireRequest,
  type WireResponse,
  type WireValue,
  wordingOf,
} from '../wire/index.ts';
import { anonymous, type CredentialSource, findCredential } from './authenticate.ts';
import { familyOf, invalidAccessKey, missingAuthentication, wrongService } from './authentication-faults.ts';
import type { Authorizer, Rights } from './authorize.ts';
import { type Destination, type Dispatcher, notServed, unknownOperation } from './dispatch.ts';
import { checkedBody, type IncomingBody, verifiedBody } from './incoming.ts';
import { signatureContext } from './signature-context.ts';
import { refuseUnsupported } from './support.ts';

export interface PipelineParts {
  readonly dispatcher: Dispatcher;
  readonly verifier: Verifier;
  readonly credentials: CredentialSource;
  readonly authorizer: Authorizer;
  /** Loads a service at its first request. */
  readonly service: (name: ServiceName) => Promise<Service>;
  /** What the models demand of the service's inputs, read at its first request. */
  readonly constraints: (name: ServiceName) => Constraints;
  readonly journal: Journal;
  readonly now: () => Date;
  readonly account: string;
  readonly region: string;
}

export interface Exchange {
  readonly head: RequestHead;
  readonly body: IncomingBody;
  /** Address of the client. */
  readonly sourceIp: string;
  readonly url: string;
  readonly signal: AbortSignal;
}

/** What the journal tells of a request; filled on the way, so that a refusal tells how far it came. */
interface Trace {
  service?: string;
  operation?: string;
  principal?: string;
}

/** authenticate → identify → parse → validate → authorize → run → serialize. Every answer comes from here, faults too. */
export async function answer(exchange: Exchange, parts: PipelineParts): Promise<WireResponse> {
  const requestId = randomUUID();
  const started = performance.now();
  const trace: Trace = {};
  const response = await respond(exchange, { parts, requestId, trace });
  parts.journal.write(response.status >= 500 ? 'warn' : 'info', {
    message: 'request',
    requestId,
    method: exchange.head.method,
    path: exchange.head.rawPath,
    ...trace,
    status: response.status,
    milliseconds: Math.round((performance.now() - started) * 10) / 10,
  });
  return response;
}

interface Journey {
  readonly parts: PipelineParts;
  readonly requestId: string;
  readonly trace: Trace;
}

async function respond(exchange: Exchange, journey: Journey): Promise<WireResponse> {
  const { parts, requestId } = journey;
  let destination: Destination | undefined;
  try {
    const claim = readSignature(exchange.head);
    destination = await parts.dispatcher.destination(exchange.head, claim?.scope?.service);
    return await serve(exchange, { ...journey, claim, destination });
  } catch (error) {
    const fault = error instanceof AwsFault ? error : defect(error, journey);
    const { protocol, service } = destination ?? (await parts.dispatcher.nowhere(exchange.head));
    return protocol.writeFault(fault, { requestId, request: exchange.head, service });
  }
}

type Routed = Journey & { readonly claim: Claim | undefined; readonly destination: Destination };

async function serve(exchange: Exchange, routed: Routed): Promise<WireResponse> {
  const { requestId, destination, trace } = routed;
  const { protocol, service: model } = destination;
  trace.service = model.name;
  const { request, credential } = await authenticate(exchange, routed);
  const principal = credential?.principal ?? anonymous;
  trace.principal = principal.kind === 'anonymous' ? 'anonymous' : principal.arn;

  const identified = await identify(request, routed);
  const { operation, handler, service } = identified;
  const input = (await readInput(request, identified, routed)) as never;
  if (credential) await stillHolds(credential, routed);
  const { call, rights } = await prepareCall(exchange, { credential, principal }, routed);
  const denial = rights.denial(handler.authorize(input, call, service.state));
  if (denial !== undefined) throw service.denied(denial);

  const output = ((await handler.run(input, call, service.state)) ?? {}) as WireValue;
  const status = handler.status?.(output as never);
  return protocol.write(output, operation, {
    ...{ requestId, request: exchange.head, service: model },
    ...(status !== undefined && { status }),
  });
}

/** Parsed by the schema, held against digests and constraints, without what the operation does not support. */
async function readInput(
  request: WireRequest,
  { operation, handler, service }: Identified,
  { parts, destination: { protocol, service: model } }: Routed,
): Promise<WireValue> {
  const parsed = await protocol.read(request, operation);
  if (!operation.streams) {
    await service.checkDocument?.(operation.name, request.headers, await request.buffer(bodyLimit));
  }
  const input = validate(parsed, {
    operation: operation.name,
    constraints: parts.constraints(model.name),
    wording: wordingOf(model.name, protocol.name),
  });
  refuseUnsupported(input, handler.fields, `${model.name} ${operation.name}`);
  return input;
}

interface Caller {
  readonly credential: Credential | undefined;
  readonly principal: Principal;
}

/** What the operation may know of the request, and what the caller may do. */
async function prepareCall(
  { head: { headers }, sourceIp, url, signal }: Exchange,
  { credential, principal }: Caller,
  { parts, requestId, claim, destination }: Routed,
): Promise<{ call: Call; rights: Rights }> {
  const now = parts.now();
  const region = claim?.scope?.region ?? parts.region;
  const rights = await parts.authorizer.rightsOf(principal, {
    ...{ sourceIp, secure: false, region, now },
    userAgent: headers.get('user-agent'),
    referer: headers.get('referer'),
    ...(destination.service.name === 's3' && { ofService: signatureContext(claim, { headers, now }) }),
  });
  const call: Call = {
    ...{ requestId, now, account: parts.account, region, principal, headers, url, signal },
    temporary: credential?.sessionToken !== undefined,
    allows: rights.allows,
  };
  return { call, rights };
}

interface Identified {
  readonly operation: OperationModel;
  readonly handler: AnyOperation<unknown>;
  readonly service: Service;
}

/** @throws AwsFault 501 for an operation of AWS's that is not served, 4xx for one that AWS does not know either. */
async function identify(
  request: WireRequest,
  { parts, destination: { protocol, service: model }, trace }: Routed,
): Promise<Identified> {
  const name = await protocol.identify(request, model);
  const operation = name === undefined ? undefined : model.operations.get(name);
  if (operation === undefined) throw unknownOperation(name, { head: request, protocol });
  trace.operation = operation.name;
  const service = await parts.service(model.name);
  const handler = Object.hasOwn(service.operations, operation.name) ? service.operations[operation.name] : undefined;
  if (handler === undefined) throw notServed(`${model.name} ${operation.name}`);
  return { operation, handler, service };
}

/** The request with a body that is checked against the signature, and whose key signed it. */
async function authenticate(
  { head, body }: Exchange,
  { parts, claim, destination }: Routed,
): Promise<{ request: WireRequest; credential?: Credential }> {
  const family = familyOf(destination.protocol);
  if (claim === undefined) {
    if (family !== 's3') throw missingAuthentication(family);
    return { request: { ...head, ...checkedBody(head, body) } };
  }
  const now = parts.now();
  const credential = await findCredential(claim, { credentials: parts.credentials, now, family });
  const { secretAccessKey: secret } = credential;
  if (family === 's3') {
    const verified = parts.verifier.verify(head, claim, { secret, now, family });
    return { request: { ...head, ...checkedBody(head, body, verified) }, credential };
  }
  const { signingName } = destination.service;
  if (claim.scope?.service !== signingName) throw wrongService(signingName, family);
  const bytes = await body.buffer(bodyLimit);
  const bodyHash = createHash('sha256').update(bytes).digest('hex');
  parts.verifier.verify(head, claim, { secret, now, family: 'other', bodyHash });
  return { request: { ...head, ...verifiedBody(body) }, credential };
}

/**
 * A body may take minutes to come. A role that was deleted meanwhile has no rights left, nor shall the session have those of a new role of
 * that name.
 */
async function stillHolds({ accessKeyId, sessionToken }: Credential, { parts, destination }: Routed): Promise<void> {
  if (sessionToken === undefined) return;
  if (await parts.credentials.find(accessKeyId)) return;
  throw invalidAccessKey(accessKeyId, familyOf(destination.protocol));
}

/** Something that should not happen did. The journal gets all of it, the client what concerns it. */
function defect(error: unknown, { parts, requestId, trace }: Journey): AwsFault {
  const isDisk = isStoreFault(error);
  const what = isDisk ? `the disk: ${error.kind}` : 'defect';
  parts.journal.write('error', { message: what, requestId, ...trace, error: String((error as Error)?.stack ?? error) });
  return isDisk && error.kind === 'full'
    ? new AwsFault({ code: 'ServiceUnavailable', status: 503, message: 'The disk of the server is full.' })
    : new AwsFault({
        code: 'InternalError',
        status: 500,
        message: 'We encountered an internal error. Please try again.',
      });
}
