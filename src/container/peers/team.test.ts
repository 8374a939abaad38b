import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { runtimeVersions } from '../../engine/index.ts';
import { whippetVersion } from '../../entry/index.ts';
import { addressOf } from './address.ts';
import { dialLeader } from './dial.ts';
import { type Link, openLink } from './link.ts';
import { type FromFollower, type FromLeader, peersProtocol, readFromLeader } from './messages.ts';
import type { PeerHosts, PeerTiming } from './options.ts';
import { openTeam, type Team } from './team.ts';
import { secret, temporaryDirectory } from './testing/hosts.ts';
import { timingOf } from './timing.ts';

const hosts = ['algo-1', 'algo-2', 'algo-3'];
const hello: FromFollower = {
  type: 'hello',
  protocol: peersProtocol,
  version: whippetVersion(),
  runtime: runtimeVersions(),
};

interface Stage {
  readonly path: string;
  readonly team: Team;
  readonly strangers: string[];
  readonly heard: { readonly host: string; readonly message: FromFollower }[];
  /** Resolves with why the job cannot go on. */
  readonly failure: Promise<Error & { code: string }>;
}

/** A leader with two followers to come. `onMessage` throws at `next`. */
async function openStage(context: TestContext, wish: Partial<PeerTiming> = {}): Promise<Stage> {
  const path = join(temporaryDirectory(context), 's');
  const strangers: string[] = [];
  const heard: Stage['heard'][number][] = [];
  const team = await openTeam({
    ...{ secret, address: { path }, followers: hosts.slice(1), timing: timingOf(wish) },
    onMessage(host, message) {
      if (message.type === 'next') throw new Error('nobody asked');
      heard.push({ host, message });
    },
    onStranger: (message) => strangers.push(message),
  });
  context.after(() => team.close({ type: 'released', ok: true, reason: '' }));
  const failure = once(team.failed, 'abort').then(() => team.failed.reason as Error & { code: string });
  return { path, team, strangers, heard, failure };
}

const peersAt = (path: string, current: string, more: Partial<PeerHosts> = {}): PeerHosts => ({
  ...{ hosts, current, secret, addresses: { 'algo-1': `unix:${path}` } },
  ...more,
});

function dial(peers: PeerHosts, wish: Partial<PeerTiming> = {}, signal = new AbortController().signal) {
  const timing = timingOf(wish);
  return dialLeader({ peers, leader: 'algo-1', address: addressOf('algo-1', peers), timing, signal });
}

interface Follower {
  readonly link: Link<FromFollower>;
  readonly socket: Socket;
  /** The next message. */
  next(): Promise<FromLeader>;
  readonly ended: Promise<string>;
}

async function connected(path: string, current: string, wish: Partial<PeerTiming> = {}): Promise<Follower> {
  const socket = await dial(peersAt(path, current), wish);
  const messages: FromLeader[] = [];
  let look = (): void => {};
  let end = (_reason: string): void => {};
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  const link = openLink<FromFollower>(socket, {
    timing: timingOf(wish),
    onMessage(header) {
      messages.push(readFromLeader(header));
      look();
    },
    onEnd: (reason) => end(reason),
  });
  return {
    ...{ link, socket, ended },
    next: () =>
      new Promise((resolve) => {
        look = () => {
          const message = messages.shift();
          if (!message) return;
          look = () => {};
          resolve(message);
        };
        look();
      }),
  };
}

async function introduced(path: string, current: string, wish: Partial<PeerTiming> = {}): Promise<Follower> {
  const follower = await connected(path, current, wish);
  follower.link.send(hello);
  assert.deepEqual(await follower.next(), { type: 'welcome' });
  return follower;
}

test('hosts that know the secret are let in by name, over a fresh key, and hear of each other nothing', async (context) => {
  const { path, team, heard } = await openStage(context);
  const [two, three] = await Promise.all([introduced(path, 'algo-2'), introduced(path, 'algo-3')]);
  assert.equal((two.socket as TLSSocket).getCipher().name, 'ECDHE-PSK-CHACHA20-POLY1305');
  two.link.send({ type: 'inventory', last: true }, Buffer.from('{}'));
  team.send('algo-3', { type: 'enough' });
  assert.deepEqual(await three.next(), { type: 'enough' });
  two.link.send({ type: 'file', id: 1, found: false });
  while (heard.length < 2) await new Promise(setImmediate);
  await team.close({ type: 'released', ok: false, reason: 'why' });
  assert.deepEqual(await two.next(), { type: 'released', ok: false, reason: 'why' });
  assert.deepEqual(heard.slice(0, 1), [{ host: 'algo-2', message: { type: 'inventory', last: true } }]);
  assert.equal(team.failed.aborted, false);
});

test('another secret and another name are refused at once, and said without the secret', async (context) => {
  const { path, strangers, team } = await openStage(context);
  const refused = { code: 'WHIPPET_PEERS_SECRET' };
  const other = 'ab'.repeat(24);
  await assert.rejects(dial(peersAt(path, 'algo-2', { secret: other })), refused);
  await assert.rejects(dial(peersAt(path, 'algo-9')), refused);
  await assert.rejects(dial(peersAt(path, 'algo-1')), refused);
  await introduced(path, 'algo-2');
  assert.deepEqual(strangers, [
    'A connection was refused: it has another secret.',
    ...Array(2).fill('A connection was refused: it has the name of no host of this job.'),
  ]);
  assert.equal(team.failed.aborted, false);
  await assert.rejects(dial(peersAt(path, 'algo-2', { secret: 'secret' })), (error: Error & { code: string }) => {
    return error.code === 'WHIPPET_PEERS_OPTIONS' && !error.message.includes('"secret"');
  });
});

test('garbage, silence and crowds of strangers keep nobody out', async (context) => {
  const { path, strangers, team } = await openStage(context);
  const closed: Promise<unknown>[] = [];
  const bother = (bytes: string | Buffer): void => {
    const socket = connect(path, () => bytes.length > 0 && socket.write(bytes));
    socket.on('error', () => {}).resume();
    context.after(() => socket.destroy());
    closed.push(new Promise((resolve) => socket.on('close', resolve)));
  };
  bother('GET / HTTP/1.1\r\n\r\n');
  bother(Buffer.alloc(100_000, 0xff));
  bother(Buffer.from('160303ffff', 'hex'));
  await Promise.all(closed.slice(0, 2));
  // They say nothing, and would be waited for.
  for (let count = 0; count < 60; count++) bother('');
  await introduced(path, 'algo-2');
  await introduced(path, 'algo-3');
  // All but the last ones had to make room.
  await Promise.all(closed.slice(0, 40));
  assert.equal(strangers[0], 'A connection was refused: it does not speak the protocol of hosts.');
  assert.equal(strangers.length, 6);
  assert.equal(strangers[5], 'Further ones are refused in silence.');
  assert.equal(team.failed.aborted, false);
});

test('who connects and does not go on is turned away in time', async (context) => {
  const { path, team, strangers } = await openStage(context, { introduction: 50 });
  const raw = connect(path);
  const closed = new Promise((resolve) =>
    raw
      .on('error', () => {})
      .on('close', resolve)
      .resume(),
  );
  const silent = await connected(path, 'algo-2');
  await Promise.all([closed, silent.ended]);
  assert.deepEqual(strangers, ['A connection was refused: it did not prove in time who it is.']);
  await introduced(path, 'algo-2');
  assert.equal(team.failed.aborted, false);
});

test('a second host of a name is refused, and the first stays', async (context) => {
  const { path, team } = await openStage(context);
  const first = await introduced(path, 'algo-2');
  const second = await connected(path, 'algo-2');
  second.link.send(hello);
  const answer = await second.next();
  assert.ok(answer.type === 'refused' && answer.error.code === 'WHIPPET_PEERS_TAKEN');
  team.send('algo-2', { type: 'enough' });
  assert.deepEqual(await first.next(), { type: 'enough' });
  assert.equal(team.failed.aborted, false);
});

test('a host with other programs ends the job, and hears why', async (context) => {
  const { path, failure } = await openStage(context);
  const other = await connected(path, 'algo-2');
  other.link.send({ ...hello, runtime: ['decoder 1'] });
  const answer = await other.next();
  assert.ok(answer.type === 'refused' && answer.error.code === 'WHIPPET_PEERS_VERSION');
  const { code, message } = await failure;
  assert.equal(code, 'WHIPPET_PEERS_VERSION');
  assert.match(message, /^algo-2 runs other programs than the leading host: .*decoder 1, not /);
});

test('a host whose connection closes is lost at once', async (context) => {
  const { path, failure } = await openStage(context);
  const { socket } = await introduced(path, 'algo-3');
  socket.destroy();
  const { code, message } = await failure;
  assert.deepEqual([code, message], ['WHIPPET_PEERS_LOST', 'The host algo-3 was lost: its connection closed.']);
});

test('a host that says nothing any more is lost; one that only breathes is not', async (context) => {
  const timing = { beat: 20, silence: 100 };
  const { path, team, failure } = await openStage(context, timing);
  const breathing = await introduced(path, 'algo-2', timing);
  // It answers nothing: the leader's beats fall silent on it too.
  const mute = await introduced(path, 'algo-3', { beat: 60_000, silence: 600_000 });
  const { code, message } = await failure;
  assert.equal(code, 'WHIPPET_PEERS_LOST');
  assert.match(message, /algo-3 was lost: nothing was heard/);
  team.send('algo-2', { type: 'enough' });
  assert.deepEqual(await breathing.next(), { type: 'enough' });
  mute.link.destroy();
});

for (const [what, send, reason] of [
  ['an unknown message', (link: Link<object>) => link.send({ type: 'nonsense' }), /no known type/],
  ['a frame too large', (_: Link<object>, socket: Socket) => socket.write(Buffer.alloc(8, 0xff)), /too large/],
  ['no frame', (_: Link<object>, socket: Socket) => socket.write(Buffer.from('\x03\0\0\0\0\0\0\0{x}')), /not JSON/],
  ['what nobody asked for', (link: Link<object>) => link.send({ type: 'next' }), /nobody asked/],
] as const) {
  test(`${what} from a host ends the job, and is said`, async (context) => {
    const { path, failure } = await openStage(context);
    const { link, socket } = await introduced(path, 'algo-2');
    send(link as Link<object>, socket);
    const { code, message } = await failure;
    assert.ok(['WHIPPET_PEERS_LOST', 'WHIPPET_PEERS_PROTOCOL'].includes(code), code);
    assert.match(message, /algo-2/);
    assert.match(message, reason);
  });
}

test('hosts that never come are named when patience ends', async (context) => {
  const { path, failure } = await openStage(context, { patience: 500 });
  await introduced(path, 'algo-2');
  const { code, message } = await failure;
  assert.equal(code, 'WHIPPET_PEERS_MISSING');
  assert.match(message, /^Nothing was heard of algo-3 for/);
});

test('a host may come minutes late, and is given up after ten', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { path, team, failure } = await openStage(context);
  await introduced(path, 'algo-2');
  context.mock.timers.tick(9 * 60_000);
  const late = await introduced(path, 'algo-3');
  context.mock.timers.tick(9 * 60_000);
  assert.equal(team.failed.aborted, false);
  late.link.destroy();

  const other = await openStage(context);
  await introduced(other.path, 'algo-2');
  context.mock.timers.tick(10 * 60_000);
  const { code, message } = await other.failure;
  assert.deepEqual([code, message.includes('algo-3')], ['WHIPPET_PEERS_MISSING', true]);
  assert.equal((await failure).code, 'WHIPPET_PEERS_LOST');
});

test('a leader that comes late is waited for, one that never comes is named', async (context) => {
  const path = join(temporaryDirectory(context), 's');
  const early = dial(peersAt(path, 'algo-2'));
  const never = { code: 'WHIPPET_PEERS_MISSING', message: /^Nothing was heard of algo-1 for/ };
  await assert.rejects(dial(peersAt(`${path}-other`, 'algo-2'), { patience: 300 }), never);
  const team = await openTeam({
    ...{ secret, address: { path }, followers: ['algo-2'], timing: timingOf({}) },
    ...{ onMessage: () => {}, onStranger: () => {} },
  });
  context.after(() => team.close({ type: 'released', ok: true, reason: '' }));
  (await early).destroy();

  const controller = new AbortController();
  const aborted = dial(peersAt(`${path}-other`, 'algo-2'), {}, controller.signal);
  controller.abort(new Error('enough'));
  await assert.rejects(aborted, /^Error: enough$/);
});

test('the file of a dead socket is replaced, what lives there is not', async (context) => {
  const path = join(temporaryDirectory(context), 's');
  const options = {
    ...{ secret, address: { path }, followers: ['algo-2'], timing: timingOf({}) },
    ...{ onMessage: () => {}, onStranger: () => {} },
  };
  const taken = createServer().listen(path);
  await once(taken, 'listening');
  await assert.rejects(openTeam(options), { code: 'WHIPPET_PEERS_LISTEN', message: /EADDRINUSE/ });
  taken.close();
  await once(taken, 'close');
  // What a killed process leaves cannot be listened to either.
  writeFileSync(path, '');
  const team = await openTeam(options);
  await (await introduced(path, 'algo-2')).link.destroy();
  await team.close({ type: 'released', ok: true, reason: '' });
});

test('addresses are sockets, hosts and ports, or the name of the leader on the usual port', () => {
  const of = (address: string) => addressOf('a', { addresses: { a: address } });
  assert.deepEqual(of('unix:/run/x.sock'), { path: '/run/x.sock' });
  assert.deepEqual(of('10.0.0.1:80'), { host: '10.0.0.1', port: 80 });
  assert.deepEqual(of('[::1]:8080'), { host: '::1', port: 8080 });
  assert.deepEqual(addressOf('algo-1', {}), { host: 'algo-1', port: 7411 });
  for (const wrong of ['x', 'x:', 'x:0', 'x:70000', ':80']) {
    assert.throws(() => of(wrong), { code: 'WHIPPET_PEERS_OPTIONS' }, wrong);
  }
  assert.throws(() => addressOf('b', { addresses: { a: 'x:1' } }), { code: 'WHIPPET_PEERS_OPTIONS' });
});
