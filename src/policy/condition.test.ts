// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write variables so
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileCondition, parseOperator } from './condition.ts';
import { lookUpIn } from './context.ts';
import type { ContextValue, RequestContext } from './request.ts';

function holds(operator: string, values: string | readonly string[], context: RequestContext | ContextValue): boolean {
  const isContext = typeof context === 'object' && !Array.isArray(context) && !(context instanceof Date);
  const line = { operator, key: 'aws:Key', values: typeof values === 'string' ? [values] : values };
  const lookup = lookUpIn(isContext ? (context as RequestContext) : { 'AWS:key': context as ContextValue });
  return compileCondition(line, { variables: true }).holds(lookup);
}

type Row = [operator: string, policy: string | readonly string[], request: ContextValue, expected: boolean];

function check(rows: readonly Row[]): void {
  for (const row of rows) assert.equal(holds(row[0], row[1], row[2]), row[3], JSON.stringify(row));
}

describe('operators on one value', () => {
  test('text', () => {
    check([
      ['StringEquals', 'red', 'red', true],
      ['StringEquals', 'red', 'Red', false],
      ['StringEquals', ['blue', 'red'], 'red', true],
      ['StringEquals', 're*', 'red', false],
      ['StringEquals', 'true', true, true],
      ['StringEquals', '7', 7, true],
      ['StringEquals', '2026-11-21T10:20:30Z', new Date('2026-11-21T10:20:30.400Z'), true],
      ['StringEquals', [], 'red', false],
      ['StringNotEquals', 'red', 'blue', true],
      ['StringNotEquals', ['blue', 'red'], 'red', false],
      ['StringEqualsIgnoreCase', 'RED', 'red', true],
      ['StringNotEqualsIgnoreCase', 'RED', 'red', false],
      ['StringLike', 're?*', 'red', true],
      ['StringLike', 'Re*', 'red', false],
      ['StringNotLike', 're*', 'red', false],
      ['stringlike', 're*', 'red', true],
    ]);
  });

  test('ARNs, part by part', () => {
    const topic = 'arn:aws:sns:us-east-1:000000000000:photos:raw';
    check([
      ['ArnEquals', topic, topic, true],
      ['ArnEquals', 'arn:aws:sns:*:*:photos*', topic, true],
      ['ArnLike', 'arn:aws:sns:*:000000000000:*', topic, true],
      ['ArnLike', 'arn:aws:sns:us-*:photos:raw', topic, false],
      ['ArnLike', 'arn:aws:sns:*:photos:raw', topic, false],
      ['ArnLike', 'arn:aws:sns', topic, true],
      ['ArnLike', '*', topic, true],
      ['ArnLike', 'arn:aws:sns:*:*:*', 'no arn', false],
      ['ArnNotEquals', 'arn:aws:sns:*:*:photos*', topic, false],
      ['ArnNotLike', 'arn:aws:sqs:*:*:*', topic, true],
    ]);
  });

  test('numbers', () => {
    check([
      ['NumericEquals', '10', 10, true],
      ['NumericEquals', '1e1', '10.0', true],
      ['NumericNotEquals', '10', 10, false],
      ['NumericLessThan', '10', 9, true],
      ['NumericLessThan', '10', 10, false],
      ['NumericLessThanEquals', '10', 10, true],
      ['NumericGreaterThan', '10', 11, true],
      ['NumericGreaterThanEquals', '10', 9, false],
      ['NumericLessThan', '10', 'few', false],
      ['NumericLessThan', 'many', 9, false],
      ['NumericEquals', '0', '', false],
      ['NumericNotEquals', 'many', 9, true],
    ]);
  });

  test('dates, as dates, ISO text or seconds', () => {
    const noon = new Date('2026-11-21T12:00:00Z');
    check([
      ['DateEquals', '2026-11-21T12:00:00Z', noon, true],
      ['DateEquals', '2026-11-21T13:00:00+01:00', noon, true],
      ['DateEquals', String(noon.getTime() / 1000), noon, true],
      ['DateNotEquals', '2026-11-21', noon, true],
      ['DateLessThan', '2026-11-22', noon, true],
      ['DateLessThanEquals', '2026-11-21T12:00:00Z', noon, true],
      ['DateGreaterThan', '2026-11-21T12:00:00Z', noon, false],
      ['DateGreaterThanEquals', '2026-11-21', noon, true],
      ['DateGreaterThan', '2026-11-21', noon.getTime() / 1000, true],
      ['NumericGreaterThan', '1700000000', noon.getTime() / 1000, true],
      ['DateLessThan', '2026-11-22', '2026-11-21', true],
      ['DateLessThan', '2026-11-22', 'yesterday', false],
    ]);
  });

  test('booleans, bytes, addresses', () => {
    check([
      ['Bool', 'true', true, true],
      ['Bool', 'True', 'true', true],
      ['Bool', 'false', true, false],
      ['BinaryEquals', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', 'QmluYXJ5VmFsdWVJbkJhc2U2NA', true],
      ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ6', false],
      ['IpAddress', '203.0.113.0/24', '203.0.113.7', true],
      ['IpAddress', ['10.0.0.0/8', '2001:db8::/32'], '2001:db8::1', true],
      ['IpAddress', 'here', '203.0.113.7', false],
      ['NotIpAddress', '203.0.113.0/24', '203.0.113.7', false],
      ['NotIpAddress', ['10.0.0.0/8', '192.0.2.0/24'], '203.0.113.7', true],
    ]);
  });
});

describe('a key that the request lacks', () => {
  const plain = [
    'StringEquals',
    'StringLike',
    'ArnLike',
    'NumericLessThan',
    'DateLessThan',
    'Bool',
    'IpAddress',
    'BinaryEquals',
  ];
  const negated = [
    'StringNotEquals',
    'StringNotLike',
    'ArnNotEquals',
    'NumericNotEquals',
    'DateNotEquals',
    'NotIpAddress',
  ];

  test('fails a plain operator and satisfies a negated one', () => {
    for (const operator of plain) assert.equal(holds(operator, '1', {}), false, operator);
    for (const operator of negated) assert.equal(holds(operator, '1', {}), true, operator);
  });

  test('satisfies every …IfExists', () => {
    for (const operator of [...plain, ...negated]) assert.equal(holds(`${operator}IfExists`, '1', {}), true, operator);
    check([
      ['StringEqualsIfExists', 'red', 'red', true],
      ['StringEqualsIfExists', 'red', 'blue', false],
      ['BoolIfExists', 'true', false, false],
      ['ForAnyValue:StringEqualsIfExists', 'red', undefined, true],
      ['ForAnyValue:StringEqualsIfExists', 'red', ['blue'], false],
    ]);
  });

  test('Null asks for just that', () => {
    check([
      ['Null', 'true', undefined, true],
      ['Null', 'true', 'x', false],
      ['Null', 'false', 'x', true],
      ['Null', 'FALSE', undefined, false],
      ['Null', ['true', 'false'], 'x', true],
      ['Null', 'true', [], true],
    ]);
  });
});

describe('several values in the request', () => {
  test('ForAllValues: every one must do', () => {
    check([
      ['ForAllValues:StringEquals', ['a', 'b', 'c'], ['a', 'b'], true],
      ['ForAllValues:StringEquals', ['a', 'b', 'c'], ['a', 'd'], false],
      ['ForAllValues:StringEquals', ['a', 'b', 'c'], 'a', true],
      ['ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'd'], true],
      ['ForAllValues:StringNotEquals', ['a', 'b'], ['a', 'd'], false],
      ['forallvalues:stringlike', 'team-*', ['team-a', 'team-b'], true],
    ]);
  });

  test('ForAnyValue: one must do', () => {
    check([
      ['ForAnyValue:StringEquals', ['a', 'b', 'c'], ['x', 'b'], true],
      ['ForAnyValue:StringEquals', ['a', 'b', 'c'], ['x', 'y'], false],
      ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'x'], true],
      ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b'], false],
      ['ForAnyValue:NumericGreaterThan', '5', ['1', '9'], true],
    ]);
  });

  test('none at all satisfies ForAllValues and fails ForAnyValue', () => {
    for (const none of [undefined, [], '', ['', '']]) {
      check([
        ['ForAllValues:StringEquals', 'a', none, true],
        ['ForAllValues:StringNotEquals', 'a', none, true],
        ['ForAnyValue:StringEquals', 'a', none, false],
        ['ForAnyValue:StringNotEquals', 'a', none, false],
      ]);
    }
  });

  test('without a qualifier they are alternatives', () => {
    check([
      ['StringEquals', 'a', ['x', 'a'], true],
      ['StringNotEquals', 'a', ['x', 'a'], false],
      ['StringNotEquals', 'a', ['x', 'y'], true],
    ]);
  });
});

test('variables in text and ARNs, nowhere else', () => {
  const context = {
    'aws:Key': 'arn:aws:iam::000000000000:user/ana',
    'aws:username': 'ana',
    'aws:n': '7',
    'aws:TagKeys': ['a'],
  };
  assert.ok(holds('ArnLike', 'arn:aws:iam::*:user/${aws:username}', context));
  assert.ok(
    holds('ArnLike', 'arn:aws:iam::${aws:PrincipalAccount}:user/*', {
      ...context,
      'aws:PrincipalAccount': '000000000000',
    }),
  );
  assert.ok(
    !holds('ArnLike', 'arn:aws:iam::${aws:PrincipalAccount}:user/*', { ...context, 'aws:PrincipalAccount': '1' }),
  );
  assert.ok(holds('StringLike', '*/${aws:username}', context));
  assert.ok(!holds('StringEquals', '${aws:TagKeys}', { ...context, 'aws:Key': 'a' }), 'a list is no value');
  assert.ok(!holds('NumericEquals', '${aws:n}', { ...context, 'aws:Key': 7 }));
});

test('which operators there are', () => {
  assert.deepEqual(
    ['StringEquals', 'ForAnyValue:ArnLikeIfExists', 'FORALLVALUES:Null'].map((name) => {
      const { operator, set, ifExists } = parseOperator(name) ?? {};
      return [operator?.name, set, ifExists];
    }),
    [
      ['StringEquals', undefined, false],
      ['ArnLike', 'any', true],
      [undefined, 'all', false],
    ],
  );
  for (const name of [
    '',
    'IfExists',
    'NullIfExists',
    'StringEqual',
    'ForSomeValue:StringEquals',
    'BoolNot',
    'toString',
    '__proto__',
  ]) {
    assert.equal(parseOperator(name), undefined, name);
  }
});
