import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Isolation } from './instance.ts';
import { processIdentity } from './process-identity.ts';
import { childrenOf } from './signals.ts';
import { openGround, withoutBubblewrap } from './testing/ground.ts';

/** Waits for SIGTERM, and says so when it comes. */
const waits = `
  process.on('SIGTERM', () => { console.log('asked to end'); process.exit(7); });
  setInterval(() => {}, 1000);
  console.log('ready');
`;
const ignores = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
/** Ends neither at SIGTERM nor when its input ends, and has a child like that. */
const deaf = `
  ${ignores}
  const child = require('node:child_process').spawn(
    process.execPath,
    ['-e', "${ignores} console.log('ready', process.pid)"],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
`;

for (const isolation of ['process', 'bubblewrap'] as const satisfies readonly Isolation[]) {
  const skip = isolation === 'bubblewrap' && withoutBubblewrap;
  describe(isolation, { skip }, () => {
    test('lines of both streams and events come whole; the environment is its own', async () => {
      await using ground = await openGround({ isolation });
      const streams: string[] = [];
      const instance = await ground.run(
        `
        process.stdout.write('grü'); process.stdout.write('n\\r\\nno end');
        console.error(process.cwd());
        console.error(Object.keys(process.env).filter((name) => name !== 'PWD').sort().join());
        require('node:fs').writeSync(3, '{"type":"hello","text":"ä"}\\n{"type":"phase"}\\n');
        `,
        { environment: { OWN: '1' }, onLine: (line, stream) => streams.push(`${stream} ${line}`) },
      );
      assert.deepEqual(await instance.exited, { code: 0, signal: null });
      assert.deepEqual(
        streams.filter((line) => line.startsWith('stdout')),
        ['stdout grün', 'stdout no end'],
      );
      assert.deepEqual(
        streams.filter((line) => line.startsWith('stderr')),
        [`stderr ${join(ground.folder, 'tree')}`, 'stderr OWN,WHIPPET_INSTANCE'],
      );
      assert.deepEqual(instance.events, [{ type: 'hello', text: 'ä' }, { type: 'phase' }]);
    });

    test('it reads what it is told line by line; what nobody reads is lost', async () => {
      await using ground = await openGround({ isolation });
      const instance = await ground.run(
        `process.stdin.once('data', (text) => { console.log(JSON.stringify(String(text))); process.exit(); });`,
      );
      instance.tell('grün');
      assert.deepEqual(await instance.exited, { code: 0, signal: null });
      assert.deepEqual(instance.lines, ['"grün\\n"']);
      instance.tell('too late');
    });

    test('it is recorded while it runs, and ends in its own way when it is stopped', async () => {
      await using ground = await openGround({ isolation });
      const instance = await ground.run(waits);
      await instance.said('ready');
      const recorded = () => ground.store.database.all('SELECT name FROM instance_processes').length;
      assert.deepEqual([recorded(), ground.host.running().map(({ name }) => name)], [1, ['test']]);
      const exits = await Promise.all([instance.stop(60), instance.stop(60), instance.exited]);
      assert.deepEqual(exits, Array(3).fill({ code: 7, signal: null }));
      assert.ok(instance.lines.includes('asked to end'));
      assert.deepEqual([recorded(), ground.host.running()], [0, []]);
      assert.deepEqual(await instance.stop(0), { code: 7, signal: null });
    });

    test('who does not end in time is killed, and all that it started', async () => {
      await using ground = await openGround({ isolation });
      const instance = await ground.run(deaf);
      const child = Number((await instance.said('ready')).split(' ')[1]);
      assert.deepEqual(await instance.stop(0.05), { code: null, signal: 'SIGKILL' });
      // In a sandbox ids are its own, and all of it is gone with its first process.
      if (isolation === 'process') assert.equal(processIdentity(child), undefined);
      assert.equal(processIdentity(instance.pid), undefined);
    });

    test('who is stopped before it has begun ends at once', async () => {
      await using ground = await openGround({ isolation });
      const instance = await ground.run(waits);
      const { code, signal } = await instance.stop(60);
      assert.ok(code === 7 || signal !== null, `${code} ${signal}`);
    });

    test('kill -9 is told as a signal', async () => {
      await using ground = await openGround({ isolation });
      const instance = await ground.run(waits);
      await instance.said('ready');
      process.kill(instance.pid, 'SIGKILL');
      assert.deepEqual(await instance.exited, { code: null, signal: 'SIGKILL' });
      assert.equal(processIdentity(instance.pid), undefined);
    });

    test('what is left of it when it ends is ended', async () => {
      await using ground = await openGround({ isolation });
      const instance = await ground.run(`${deaf} process.on('SIGUSR1', () => process.exit(3));`);
      const child = Number((await instance.said('ready')).split(' ')[1]);
      const program = isolation === 'process' ? instance.pid : childrenOf(instance.pid)[0];
      process.kill(program as number, 'SIGUSR1');
      assert.deepEqual(await instance.exited, { code: 3, signal: null });
      if (isolation === 'process') assert.equal(processIdentity(child), undefined);
    });

    test('it does not end while its input is open', async () => {
      await using ground = await openGround({ isolation });
      const instance = await ground.run(`process.stdin.on('end', () => process.exit(9)).resume(); ${waits}`);
      await instance.said('ready');
      assert.deepEqual(await instance.stop(60), { code: 7, signal: null });
    });

    test('what cannot be started is an error with its reason', async () => {
      await using ground = await openGround({ isolation });
      await assert.rejects(ground.run('', { command: [join(ground.folder, 'nothing')] }), {
        code: 'WHIPPET_HOST_START',
        message: /The process test \(.*nothing\) cannot be started: there is no such program\./,
      });
      await assert.rejects(ground.run('', { environment: { LONG: 'x'.repeat(200_000) } }), {
        code: 'WHIPPET_HOST_START',
        message: /arguments and environment are too long/,
      });
      assert.deepEqual(ground.host.running(), []);
    });

    test('closing ends all; nothing starts afterwards', async () => {
      await using ground = await openGround({ isolation });
      const instances = await Promise.all([ground.run(waits), ground.run(waits)]);
      await Promise.all(instances.map((instance) => instance.said('ready')));
      await ground.host.close(60);
      for (const instance of instances) assert.deepEqual(await instance.exited, { code: 7, signal: null });
      await assert.rejects(ground.run(waits), { code: 'WHIPPET_HOST_STOPPING' });
    });

    test('who floods waits, and can be stopped', async () => {
      await using ground = await openGround({ isolation, flow: { full: 1 << 20, perSecond: 1 } });
      let characters = 0;
      let tellFull = (): void => {};
      const full = new Promise<void>((resolve) => {
        tellFull = resolve;
      });
      const instance = await ground.run('', {
        command: ['/usr/bin/yes', 'x'.repeat(999)],
        onLine(line) {
          characters += line.length;
          if (characters > 700_000) tellFull();
        },
      });
      await full;
      // Turns of the event loop in which more would be read, were it not that nobody reads.
      for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve));
      assert.ok(characters < 2 << 20, `${characters} characters`);
      assert.deepEqual(await instance.stop(60), { code: null, signal: 'SIGTERM' });
    });

    test('events that cannot be read are told of once, and cost no others', async () => {
      await using ground = await openGround({ isolation });
      const instance = await ground.run(`
        const { writeSync } = require('node:fs');
        const all = (text) => { const bytes = Buffer.from(text); for (let at = 0; at < bytes.length; at += writeSync(3, bytes, at)); };
        all('{"n":1}\\nnot JSON\\n17\\n' + 'x'.repeat(3 << 20) + '\\n{"n":2}\\n{"half": ');
      `);
      await instance.exited;
      assert.deepEqual(instance.events, [{ n: 1 }, { n: 2 }]);
      assert.deepEqual(
        ground.journal.map(({ message, instance: name, detail }) => [message, name, detail]),
        [['an event that cannot be read was ignored, and so are further ones', 'test', 'not JSON']],
      );
    });

    test('a listener that fails is told of, and hears the next line all the same', async () => {
      await using ground = await openGround({ isolation });
      const instance = await ground.run(`console.log('one'); console.log('two')`, {
        onLine() {
          throw new Error('a mistake');
        },
      });
      assert.deepEqual(await instance.exited, { code: 0, signal: null });
      assert.deepEqual(instance.lines, ['one', 'two']);
      assert.match(String(ground.journal[0]?.detail), /a mistake/);
      assert.equal(ground.journal.length, 1);
    });

    test('sockets in a folder that it may write are reached from both sides', async () => {
      await using ground = await openGround({ isolation });
      const meeting = join(ground.folder, 'meeting');
      await mkdir(meeting);
      const ours = createServer((socket) => socket.end('from outside')).listen(join(meeting, 'ours'));
      await once(ours, 'listening');
      const instance = await ground.run(
        `
        const net = require('node:net');
        net.createServer((socket) => socket.end('from inside')).listen('${meeting}/theirs', () => {
          net.connect('${meeting}/ours').on('data', (text) => console.log('heard ' + text));
        });
        `,
        { writable: [meeting] },
      );
      await instance.said('heard from outside');
      const { connect } = await import('node:net');
      const [answer] = await once(connect(join(meeting, 'theirs')), 'data');
      assert.equal(String(answer), 'from inside');
      ours.close();
    });

    test('the network is there for who may use it', async () => {
      await using ground = await openGround({ isolation });
      const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      const script = `
        require('node:net').connect(${port}, '127.0.0.1')
          .on('data', (text) => console.log('heard ' + text)).on('error', ({ code }) => console.log(code));`;
      const [open, shut] = await Promise.all([ground.run(script, { network: true }), ground.run(script)]);
      await Promise.all([open.exited, shut.exited]);
      assert.deepEqual(open.lines, ['heard hello']);
      assert.deepEqual(shut.lines, [isolation === 'process' ? 'heard hello' : 'ECONNREFUSED']);
      server.close();
    });
  });
}

test('pipes that an escaped process keeps open hold up no end', async () => {
  await using ground = await openGround({ isolation: 'process' });
  const instance = await ground.run(`
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'inherit' });
    console.log('escaped', child.pid);
    child.unref();
  `);
  const escaped = Number((await instance.said('escaped')).split(' ')[1]);
  assert.deepEqual(await instance.exited, { code: 0, signal: null });
  process.kill(escaped, 'SIGKILL');
});

describe('in a sandbox', { skip: withoutBubblewrap }, () => {
  test('an instance sees its own, what it is given, the system and this package: nothing else', async () => {
    await using ground = await openGround({ isolation: 'bubblewrap' });
    const { folder } = ground;
    for (const name of ['shared', 'other']) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'file'), name);
    }
    const instance = await ground.run(
      `
      const fs = require('node:fs');
      const attempt = (what, work) => { try { work(); console.log(what, 'yes'); } catch ({ code }) { console.log(what, code); } };
      attempt('write its own', () => fs.writeFileSync('own', 'x'));
      attempt('read shared', () => fs.readFileSync('${folder}/shared/file'));
      attempt('write shared', () => fs.writeFileSync('${folder}/shared/file', 'x'));
      attempt('read other', () => fs.readFileSync('${folder}/other/file'));
      attempt('read state', () => fs.readFileSync('${folder}/state/state.db'));
      attempt('write package', () => fs.writeFileSync('${import.meta.dirname}/own', 'x'));
      attempt('read package', () => fs.readFileSync('${import.meta.filename}'));
      attempt('write system', () => fs.writeFileSync('/usr/own', 'x'));
      // Without writing: where this fails the machine is at stake.
      attempt('open kernel settings', () => fs.closeSync(fs.openSync('/proc/sys/kernel/core_pattern', 'r+')));
      attempt('open settings of its own', () => fs.closeSync(fs.openSync('/proc/self/oom_score_adj', 'r+')));
      attempt('read private keys', () => fs.readdirSync('/etc/ssl/private'));
      attempt('read home', () => { if (fs.existsSync('${process.env.HOME}')) throw { code: 'it is there' }; });
      attempt('processor times', () => { if (!/^cpu0 /m.test(fs.readFileSync('/proc/stat', 'utf8'))) throw { code: 'none' }; });
      console.log('processes', fs.readdirSync('/proc').filter((name) => Number(name)).length);
      console.log('capabilities', /CapEff:\\s*(\\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
      `,
      { readable: [join(folder, 'shared')] },
    );
    await instance.exited;
    assert.deepEqual(instance.lines, [
      'write its own yes',
      'read shared yes',
      'write shared EROFS',
      'read other ENOENT',
      'read state ENOENT',
      'write package EROFS',
      'read package yes',
      'write system EROFS',
      'open kernel settings EROFS',
      'open settings of its own EROFS',
      'read private keys ENOENT',
      'read home yes',
      'processor times yes',
      'processes 2',
      'capabilities 0000000000000000',
    ]);
  });

  test('a folder that is not there is said by bubblewrap', async () => {
    await using ground = await openGround({ isolation: 'bubblewrap' });
    const instance = await ground.run('', { readable: [join(ground.folder, 'nowhere')] });
    assert.deepEqual(await instance.exited, { code: 1, signal: null });
    assert.match(instance.lines.join(), /nowhere: No such file or directory/);
  });
});
