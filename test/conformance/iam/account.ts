import { createHash, createHmac } from 'node:crypto';
import { IAMClient } from '@aws-sdk/client-iam';
import { type Credentials, STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { startServer, type WhippetServer } from '../../../src/server/index.ts';

/** Clients that sign with one key. */
export interface Clients {
  readonly iam: IAMClient;
  readonly sts: STSClient;
}

/** A server of its own, and its account's root user. */
export interface Account extends Clients {
  readonly server: WhippetServer;
  /** With temporary credentials. */
  as(credentials: Credentials | undefined): Clients;
  /** A form as it is, signed by the root user. */
  post(service: 'iam' | 'sts', form: string): Promise<{ readonly status: number; readonly body: string }>;
  close(): Promise<void>;
}

export async function openAccount(): Promise<Account> {
  const server = await startServer({ port: 0, state: 'memory' });
  const opened: Clients[] = [];
  const clients = (credentials: Key): Clients => {
    const options = { endpoint: server.url, region: 'us-east-1', maxAttempts: 1, credentials };
    const made = { iam: new IAMClient(options), sts: new STSClient(options) };
    opened.push(made);
    return made;
  };
  return {
    server,
    ...clients(server.credentials),
    as(credentials) {
      const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = credentials ?? {};
      return clients({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
    },
    post: (service, form) => post(server, service, form),
    async close() {
      for (const { iam, sts } of opened) {
        iam.destroy();
        sts.destroy();
      }
      await server.stop();
    },
  };
}

interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

async function post(server: WhippetServer, service: string, body: string): Promise<{ status: number; body: string }> {
  const { hostname, port, host } = new URL(server.url);
  const signer = new SignatureV4({ credentials: server.credentials, region: 'us-east-1', service, sha256: Sha256 });
  const { headers } = await signer.sign({
    ...{ protocol: 'http:', hostname, port: Number(port), method: 'POST', path: '/', query: {}, body },
    headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
  });
  const response = await fetch(server.url, { method: 'POST', headers, body });
  return { status: response.status, body: await response.text() };
}

/** What the signer asks of a hash. */
class Sha256 {
  private readonly hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytes(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
  reset(): void {}
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}

/** AWS's code, message and status of a call that has to fail. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; message: string; status: number }> {
  const answer = await call.then(
    () => undefined,
    (error: unknown) =>
      error as { Error?: { Code: string }; name: string; message: string; $metadata: { httpStatusCode: number } },
  );
  if (answer === undefined) throw new Error('The call succeeded.');
  if (answer.$metadata === undefined) throw answer;
  return { code: answer.Error?.Code ?? answer.name, message: answer.message, status: answer.$metadata.httpStatusCode };
}

export function document(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

export function allow(Action: string | readonly string[], Resource: string | readonly string[] = '*'): string {
  return document({ Effect: 'Allow', Action, Resource });
}

/** Trusts these principals of AWS. */
export function trust(AWS: string | readonly string[], more: object = {}): string {
  return document({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', ...more });
}

export const trustsAccount = trust('arn:aws:iam::000000000000:root');
