import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { evaluation, type Shell, shellLines, shellOf } from './shell-lines.ts';

const nasty = 'it\'s "$HOME" `id` \\ $(id) ; & | # ünï\n two lines !';

/** What a shell makes of the lines: the value, and whether the other variable is gone. */
const probes: Record<Shell, { program: string; probe: string }> = {
  sh: { program: 'sh', probe: 'test -z "$GONE" && printf "%s|gone" "$GIVEN"' },
  fish: { program: 'fish', probe: 'set -q GONE; and echo no; or printf "%s|gone" $GIVEN' },
  powershell: {
    program: 'pwsh',
    probe: '[Console]::Out.Write("$env:GIVEN|" + $(if ($env:GONE) { "no" } else { "gone" }))',
  },
};

describe('lines for a shell', () => {
  for (const [shell, { program, probe }] of Object.entries(probes) as [Shell, (typeof probes)[Shell]][]) {
    const skip = spawnSync(program, ['-c', 'exit']).error ? `${program} is not installed` : false;
    it(`set and unset variables in ${shell}, whatever the values hold`, { skip }, () => {
      const lines = shellLines({ set: { GIVEN: nasty }, unset: ['GONE'] }, shell);
      const { stdout, stderr } = spawnSync(program, ['-c', `${lines}${probe}`], {
        encoding: 'utf8',
        env: { ...process.env, GONE: 'here' },
      });
      assert.equal(stdout, `${nasty}|gone`, stderr);
    });
  }

  it('are those of the shell that the user has', () => {
    assert.equal(shellOf('/usr/bin/fish'), 'fish');
    assert.equal(shellOf('/usr/bin/pwsh'), 'powershell');
    assert.equal(shellOf('/bin/zsh'), 'sh');
    assert.equal(shellOf(undefined), 'sh');
    assert.equal(evaluation('whippet env', 'fish'), 'whippet env | source');
  });
});
