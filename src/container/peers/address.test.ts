import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { type Address, addressOf, describeAddress, parseAddress } from './address.ts';
import { dialLeader } from './dial.ts';
import { listen } from './listen.ts';
import { secret } from './testing/hosts.ts';
import { timingOf } from './timing.ts';

const readable = {
  'unix:/tmp/1.sock': { path: '/tmp/1.sock' },
  'algo-1:7411': { host: 'algo-1', port: 7411 },
  '10.0.0.7:65535': { host: '10.0.0.7', port: 65_535 },
  '[::1]:7411': { host: '::1', port: 7411 },
  '[2001:db8::7]:1': { host: '2001:db8::7', port: 1 },
};
for (const [text, address] of Object.entries(readable)) {
  test(`${text} is an address`, () => assert.deepEqual(parseAddress(text), address));
}

const unreadable = [
  '',
  'algo-1',
  'algo-1:',
  ':7411',
  'algo-1:0',
  'algo-1:65536',
  'algo-1:x',
  'a b:7',
  'unix:',
  'unix:s',
];
// Which colon begins the port cannot be told.
unreadable.push(
  '::1:7411',
  '[::1]',
  '[::1]:0',
  '[algo-1]:7411',
  '[10.0.0.7]:7411',
  '[]:7',
  '[::1:7',
  '::1]:7',
  '[::1]7',
);
for (const text of unreadable) {
  test(`"${text}" is none`, () => assert.equal(parseAddress(text), undefined));
}

test('an address is told as it is written', () => {
  assert.equal(describeAddress({ host: '::1', port: 7411 }), '[::1]:7411');
  assert.equal(describeAddress({ host: 'algo-1', port: 7411 }), 'algo-1:7411');
  assert.throws(() => addressOf('algo-1', { addresses: { 'algo-1': '::1:7411' } }), {
    ...{ code: 'WHIPPET_PEERS_OPTIONS', message: /algo-1 is neither unix:\/PATH nor HOST:PORT, but "::1:7411"/ },
  });
});

/** A port that nothing listens on. */
async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A leader's door, and who comes first: `algo-2 from 127.0.0.1`. */
async function openDoor(address: Address) {
  let tell = (_peer: string): void => {};
  const peer = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const { close } = await listen({
    ...{ address, followers: ['algo-2'], secret, introduction: 10_000, onStranger: (message) => tell(message) },
    onPeer(socket, name) {
      tell(`${name} from ${socket.remoteAddress?.replace('::ffff:', '')}`);
      socket.end();
    },
  });
  return { peer, close };
}

const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));

for (const [host, written] of [
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '[::1]'],
] as const) {
  const skip = !addresses.includes(host) && `this machine has no ${host}`;
  test(`hosts meet at ${written}:PORT`, { skip }, async () => {
    const hosts = ['algo-1', 'algo-2'];
    const peers = { hosts, current: 'algo-2', secret };
    const address = addressOf('algo-1', { addresses: { 'algo-1': `${written}:${await freePort(host)}` } });
    const { close, peer } = await openDoor(address);
    const { signal } = new AbortController();
    const socket = await dialLeader({ peers, leader: 'algo-1', address, timing: timingOf({}), signal });
    assert.equal(await peer, `algo-2 from ${host}`);
    socket.destroy();
    await close();
  });
}
