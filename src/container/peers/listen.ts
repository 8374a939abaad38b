import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { userError } from '../../errors/index.ts';
import { type Address, describeAddress } from './address.ts';
import { leaderTls } from './secret.ts';

export interface ListenOptions {
  readonly address: Address;
  /** Names that may come. */
  readonly followers: readonly string[];
  readonly secret: string;
  /** Milliseconds for a connection to prove who it is. */
  readonly introduction: number;
  /** Of connections that do not belong here, in words without secrets. */
  readonly onStranger: (message: string) => void;
  /** Of one that knows the secret, and the name that it has proved. */
  readonly onPeer: (socket: TLSSocket, host: string) => void;
}

/** Connections that have not proved yet who they are; when one more comes, the oldest has to go. */
const mostStrangers = 16;
/** Strangers that are told of one by one. */
const toldStrangers = 5;
/** Milliseconds that peers have to end their connections by themselves. */
const farewell = 3000;

/** Accepts TLS connections of those who know the secret. @throws WHIPPET_PEERS_LISTEN */
export async function listen(options: ListenOptions): Promise<{ close(): Promise<void> }> {
  const { address, onStranger } = options;
  const strangers = new Set<Socket>();
  const sockets = new Set<Socket>();
  let told = 0;
  const turnAway = (reason: string): void => {
    told++;
    if (told <= toldStrangers) onStranger(`A connection was refused: ${reason}.`);
    if (told === toldStrangers) onStranger('Further ones are refused in silence.');
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    strangers.add(socket);
    const [oldest] = strangers;
    if (strangers.size > mostStrangers && oldest) {
      strangers.delete(oldest);
      oldest.destroy();
    }
    // The TLS socket over it tells of errors.
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      strangers.delete(socket);
    });
    handshake(socket, options, { onKnown: () => strangers.delete(socket), turnAway });
  });
  await bind(server, address);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of strangers) socket.destroy();
        setTimeout(() => {
          for (const socket of sockets) socket.destroy();
        }, farewell).unref();
      }),
  };
}

/** A TLS server of its own for each connection: only so does Node tell which connection became which TLS socket. */
function handshake(
  raw: Socket,
  { followers, secret, introduction, onPeer }: ListenOptions,
  { onKnown, turnAway }: { onKnown: () => void; turnAway: (reason: string) => void },
): void {
  let host: string | undefined;
  const onIdentity = (identity: string): void => {
    host = identity;
  };
  const tls = { ...leaderTls(followers, secret, onIdentity), handshakeTimeout: introduction };
  const server = createTlsServer(tls, (socket) => {
    onKnown();
    if (host === undefined) socket.destroy();
    else onPeer(socket, host);
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    turnAway(strangerReason(error));
    socket.destroy();
  });
  server.emit('connection', raw);
}

/** OpenSSL's own words name places in its source. */
function strangerReason({ code = '', message }: NodeJS.ErrnoException): string {
  if (/PSK_IDENTITY/.test(code)) return 'it has the name of no host of this job';
  if (/DECRYPT|BAD_RECORD_MAC|DIGEST_CHECK/.test(code)) return 'it has another secret';
  if (/TIMEOUT/.test(code)) return 'it did not prove in time who it is';
  if (code.startsWith('ERR_SSL')) return 'it does not speak the protocol of hosts';
  return message;
}

async function bind(server: Server, address: Address): Promise<void> {
  const tryOnce = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      // Of a port every interface: the name of this host may be one of several.
      server.listen('path' in address ? { path: address.path } : { port: address.port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  try {
    await tryOnce().catch(async (error: NodeJS.ErrnoException) => {
      // A killed leader leaves the file of its socket.
      if (error.code !== 'EADDRINUSE' || !('path' in address) || (await answers(address.path))) throw error;
      rmSync(address.path, { force: true });
      await tryOnce();
    });
  } catch (error) {
    const reason = (error as Error).message;
    throw userError('WHIPPET_PEERS_LISTEN', { address: describeAddress(address), reason }, error);
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
