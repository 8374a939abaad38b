import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readSection, withSection } from './profile-section.ts';

const settings = { region: 'eu-west-1', endpoint_url: 'http://127.0.0.1:4566' };

describe('a section of a profile file', () => {
  it('is added at the end', () => {
    const section = '[profile whippet]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:4566\n';
    assert.equal(withSection('', 'profile whippet', settings), section);
    assert.equal(
      withSection('[default]\nregion = x\n', 'profile whippet', settings),
      `[default]\nregion = x\n\n${section}`,
    );
    assert.equal(
      withSection('[default]\nregion = x', 'profile whippet', settings),
      `[default]\nregion = x\n\n${section}`,
    );
  });

  it('is changed in its place; comments, other settings and line ends stay', () => {
    const before =
      '# mine\r\n[ profile  whippet ] # local\r\noutput = json\r\nREGION=old\r\n\r\n[profile "other"]\r\nregion = x\r\n';
    assert.equal(
      withSection(before, 'profile whippet', settings),
      '# mine\r\n[ profile  whippet ] # local\r\nregion = eu-west-1\r\nendpoint_url = http://127.0.0.1:4566\r\noutput = json\r\n\r\n[profile "other"]\r\nregion = x\r\n',
    );
  });

  it('is read by its name, without what is nested or commented', () => {
    const text = '[profile a]\n# region = no\ns3 =\n  addressing_style = path\nregion = x\n[profile ab]\nregion = y\n';
    assert.deepEqual(
      [...(readSection(text, 'profile a') ?? [])],
      [
        ['s3', ''],
        ['region', 'x'],
      ],
    );
    assert.equal(readSection(text, 'a'), undefined);
  });

  it('leaves every other byte as it was, and is the same the second time', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '[default]',
        '[profile dev]',
        '[sso-session x]',
        'region = us-east-1',
        '',
        '# note',
        '  nested = 1',
        'a=b=c',
      ),
      fc.string().filter((text) => !/whippet|[\r\n]/.test(text)),
    );
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.boolean(), (lines, newline, complete) => {
        const before = lines.join(newline) + (complete && lines.length > 0 ? newline : '');
        const after = withSection(before, 'profile whippet', settings);
        assert.ok(after.startsWith(before));
        assert.deepEqual(Object.fromEntries(readSection(after, 'profile whippet') ?? []), settings);
        assert.equal(withSection(after, 'profile whippet', settings), after);
        const moved = withSection(after, 'profile whippet', { ...settings, region: 'other' });
        assert.ok(moved.startsWith(before));
      }),
    );
  });
});
