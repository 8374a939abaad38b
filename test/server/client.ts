/** A client of a server under test: signs, sends, and keeps what came back. */
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { type Keys, type RawRequest, type Signing, signed } from './signing.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 32, timeout: 5_000 });

/** Sends a request as it is. @throws when the connection breaks before there is an answer. */
export function send(url: string, { method, target, headers, body }: RawRequest): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { agent, hostname, port, method, path: target, headers: { 'content-length': body.length, ...headers } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const whole = Buffer.concat(chunks);
          const { statusCode = 0 } = incoming;
          resolve({ status: statusCode, headers: incoming.headers, body: whole, text: whole.toString('utf8') });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends bytes as they are; what came back until the server closed, or `until` matched. */
export function sendBytes(url: string, bytes: string | Uint8Array, until?: RegExp): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (until?.test(text)) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    socket.write(bytes);
  });
}

type Options = Partial<Omit<RawRequest, 'body'>> & { readonly body?: string | Uint8Array };

/** A request to the server at `url`, not signed yet. */
export function rawRequest(
  url: string,
  { method = 'GET', target = '/', headers = {}, body = '' }: Options,
): RawRequest {
  const { host } = new URL(url);
  return { method, target, headers: { host, ...headers }, body: typeof body === 'string' ? Buffer.from(body) : body };
}

export interface Caller {
  s3(method: string, target: string, options?: Options): Promise<Answer>;
  /** Query: IAM, STS, CloudWatch. */
  query(service: string, parameters: Readonly<Record<string, string>>): Promise<Answer>;
  /** JSON 1.1, `Logs_20140328.CreateLogGroup`. */
  json(service: string, target: string, body: unknown): Promise<Answer>;
  send(request: RawRequest, signing: Omit<Signing, 'keys'>): Promise<Answer>;
}

/** Calls of one key pair. */
export function callerOf(url: string, keys: Keys, clock: () => Date = () => new Date()): Caller {
  const sendSigned = async (request: RawRequest, signing: Omit<Signing, 'keys'>): Promise<Answer> =>
    send(url, await signed(request, { date: clock(), ...signing, keys }));
  return {
    send: sendSigned,
    s3: (method, target, options = {}) =>
      sendSigned(rawRequest(url, { ...options, method, target }), { service: 's3' }),
    query: (service, parameters) => sendSigned(queryRequest(url, service, parameters), { service }),
    json: (service, target, body) => sendSigned(jsonRequest(url, target, body), { service }),
  };
}

const versions: Readonly<Record<string, string>> = { iam: '2010-05-08', sts: '2011-06-15', monitoring: '2010-08-01' };

export function queryRequest(url: string, service: string, parameters: Readonly<Record<string, string>>): RawRequest {
  const body = new URLSearchParams({ Version: versions[service] ?? '', ...parameters }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  return rawRequest(url, { method: 'POST', headers, body });
}

export function jsonRequest(url: string, target: string, body: unknown, version = '1.1'): RawRequest {
  const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target };
  return rawRequest(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** The code of a refusal, in whichever shape it came; `200` and the like for a success. */
export function codeOf({ status, text, headers }: Answer): string {
  if (status < 300) return `${status}`;
  if (text.startsWith('{')) {
    return String((JSON.parse(text) as { __type?: string }).__type ?? headers['x-amzn-errortype']);
  }
  return /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? headers['x-amzn-errortype']?.toString() ?? `${status}`;
}

/** The text of an element of an XML answer, unescaped. */
export function element(text: string, name: string): string {
  const content = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return content.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

/** Makes a role that the account's root may assume, with one inline policy, and assumes it. */
export async function assumeNewRole(
  root: Caller,
  name: string,
  { policy, session, url }: { readonly policy: object; readonly session?: object; readonly url: string },
): Promise<{ readonly keys: Keys; readonly caller: Caller }> {
  const trust = statement({ Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'sts:AssumeRole' });
  const answers = [
    await root.query('iam', {
      ...{ Action: 'CreateRole', RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) },
    }),
    await root.query('iam', {
      ...{ Action: 'PutRolePolicy', RoleName: name, PolicyName: 'only', PolicyDocument: JSON.stringify(policy) },
    }),
    await root.query('sts', {
      ...{ Action: 'AssumeRole', RoleArn: `arn:aws:iam::000000000000:role/${name}`, RoleSessionName: 'test' },
      ...(session && { Policy: JSON.stringify(session) }),
    }),
  ];
  for (const { status, text } of answers) if (status !== 200) throw new Error(text);
  const { text = '' } = answers[2] ?? {};
  const keys = {
    accessKeyId: element(text, 'AccessKeyId'),
    secretAccessKey: element(text, 'SecretAccessKey'),
    sessionToken: element(text, 'SessionToken'),
  };
  return { keys, caller: callerOf(url, keys) };
}

/** A policy document of one statement that allows, unless told otherwise. */
export function statement(content: object): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...content }] };
}
