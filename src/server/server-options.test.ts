import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkedOptions, type ServerOptions } from './server-options.ts';

describe('options of startServer', () => {
  it('have defaults', () => {
    const { port, state, listen, region } = checkedOptions({});
    assert.deepEqual(
      { port, state, listen, region },
      {
        ...{ port: 4566, state: '.whippet', listen: '127.0.0.1', region: 'us-east-1' },
      },
    );
    assert.equal(checkedOptions({ port: 0, state: 'memory' }).state, 'memory');
  });

  it('are refused with the value when they are no such thing', () => {
    const wrong: [object, RegExp][] = [
      [{ port: 'x' }, /port is "x", expected a whole number from 0 to 65535/],
      [{ port: 70_000 }, /port is "70000"/],
      [{ port: -1 }, /port/],
      [{ port: 1.5 }, /port/],
      [{ state: '' }, /state is "", expected the path of a folder/],
      [{ state: 5 }, /state is "5"/],
      [{ state: 'a\0b' }, /state/],
      [{ listen: ' ' }, /listen/],
      [{ region: 'US East' }, /region is "US East"/],
      [{ onLog: true }, /onLog/],
    ];
    for (const [options, message] of wrong) {
      assert.throws(() => checkedOptions(options as ServerOptions), { code: 'WHIPPET_SERVER_OPTION', message });
    }
  });

  it('with a name that is none are refused, and the name that was meant is told', () => {
    const wrong: [object, RegExp][] = [
      [{ prot: 1 }, /"prot", expected port/],
      [{ certificate: 'x' }, /"certificate", expected one of port, state, listen/],
      [JSON.parse('{"__proto__": 1}'), /"__proto__"/],
    ];
    for (const [options, message] of wrong) {
      assert.throws(() => checkedOptions(options as ServerOptions), { code: 'WHIPPET_SERVER_OPTION', message });
    }
  });
});
