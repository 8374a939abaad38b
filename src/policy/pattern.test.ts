// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write variables so
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePattern } from './pattern.ts';

const known = new Map([
  ['aws:username', 'ana'],
  ['aws:principaltag/team', 'red*'],
  ['aws:principaltag/empty', ''],
]);

function matches(
  text: string,
  value: string,
  options: { variables?: boolean; wildcards?: boolean; ignoreCase?: boolean } = {},
) {
  return compilePattern(text, { variables: true, ...options }).matches(value, (key) => known.get(key));
}

test('variables stand for values, whatever the case of their names', () => {
  assert.ok(matches('home/${aws:username}/*', 'home/ana/a.jpg'));
  assert.ok(matches('home/${AWS:UserName}/*', 'home/ana/a.jpg'));
  assert.ok(!matches('home/${aws:username}/*', 'home/bo/a.jpg'));
  assert.ok(matches('${aws:username}-${aws:username}', 'ana-ana'));
});

test('wildcards in the value of a variable are plain text', () => {
  assert.ok(matches('${aws:PrincipalTag/team}/x', 'red*/x'));
  assert.ok(!matches('${aws:PrincipalTag/team}/x', 'redder/x'));
});

test('a variable without value matches nothing, or its default', () => {
  assert.ok(!matches('${aws:PrincipalTag/none}*', ''));
  assert.ok(!matches('a${aws:PrincipalTag/none}b', 'ab'));
  assert.ok(matches("${aws:PrincipalTag/none, 'company-wide'}/*", 'company-wide/x'));
  assert.ok(matches("${aws:PrincipalTag/none,'with, comma'}", 'with, comma'));
  assert.ok(matches("${aws:username, 'nobody'}", 'ana'));
  assert.ok(matches("a${aws:PrincipalTag/empty, 'x'}b", 'ab'));
});

test('escapes are the characters themselves', () => {
  assert.ok(matches('a${*}b', 'a*b'));
  assert.ok(!matches('a${*}b', 'axb'));
  assert.ok(matches('a${?}b', 'a?b'));
  assert.ok(matches('${$}{aws:username}', '${aws:username}'));
});

test('before version 2012-10-17 there are no variables', () => {
  assert.ok(matches('${aws:username}', '${aws:username}', { variables: false }));
  assert.ok(!matches('${aws:username}', 'ana', { variables: false }));
  assert.ok(matches('a${*}', 'a${anything}', { variables: false }));
});

test('case counts unless told otherwise', () => {
  assert.ok(!matches('Photos*', 'photos/a'));
  assert.ok(matches('Photos*', 'photos/a', { ignoreCase: true }));
  assert.ok(matches('X-${aws:username}', 'x-ANA', { ignoreCase: true }));
});

test('without wildcards a star is a star', () => {
  assert.ok(matches('a*', 'a*', { wildcards: false }));
  assert.ok(!matches('a*', 'ab', { wildcards: false }));
  assert.ok(matches('${aws:username}*', 'ana*', { wildcards: false }));
});

test('what is no variable is plain text', () => {
  for (const text of ['${', '${a', '$', '{}', 'a}b', '${'.repeat(50_000)])
    assert.ok(matches(text, text), text.slice(0, 9));
});
