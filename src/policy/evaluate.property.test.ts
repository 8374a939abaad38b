import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { evaluate } from './evaluate.ts';
import {
  account,
  ana,
  anonymous,
  bucketPolicy,
  otherAccount,
  policy,
  root,
  type StatementText,
  sageMaker,
  trainer,
} from './policy.fixture.ts';
import type { AuthorizationRequest, Decision, NamedPolicy, PolicySet } from './request.ts';

const actions = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 'sts:AssumeRole'];
const actionPatterns = ['*', 's3:*', 's3:Get*', '*:*Object', ...actions];
const resources = ['arn:aws:s3:::a/1', 'arn:aws:s3:::a/2', 'arn:aws:s3:::b'];
const resourcePatterns = ['*', 'arn:aws:s3:::a/*', 'arn:aws:s3:::?', ...resources];
const principals = [
  '*',
  { AWS: account },
  { AWS: trainer.arn },
  { AWS: trainer.roleArn },
  { AWS: [ana.arn, otherAccount] },
];

const some = (values: readonly string[]) => fc.subarray([...values], { minLength: 1, maxLength: 3 });

const conditionText: fc.Arbitrary<StatementText> = fc
  .record({
    operator: fc.constantFrom(
      'StringEquals',
      'StringNotLike',
      'ForAllValues:StringLike',
      'Null',
      'StringEqualsIfExists',
    ),
    key: fc.constantFrom('aws:a', 'aws:b'),
    values: some(['x', 'y*', 'true']),
  })
  .map(({ operator, key, values }) => ({ Condition: { [operator]: { [key]: values } } }));

function statementText(effect: fc.Arbitrary<string>): fc.Arbitrary<StatementText> {
  return fc
    .record({
      Effect: effect,
      action: fc.tuple(fc.constantFrom('Action', 'NotAction'), some(actionPatterns)),
      resource: fc.tuple(fc.constantFrom('Resource', 'NotResource'), some(resourcePatterns)),
      condition: fc.option(conditionText, { nil: {} }),
    })
    .map(({ Effect, action, resource, condition }) => ({
      Effect,
      [action[0]]: action[1],
      [resource[0]]: resource[1],
      ...condition,
    }));
}

const anyEffect = fc.constantFrom('Allow', 'Allow', 'Deny');
const statements = fc.array(statementText(anyEffect), { minLength: 1, maxLength: 4 });
const named = statements.map((list) => policy(...list));

/** S3 refuses pairs of action and resource that cannot meet; whether they can is not what is tested here. */
const attached = fc
  .array(fc.tuple(anyEffect, fc.constantFrom(...principals), some(['s3:*', 's3:Get*', '*'])), {
    minLength: 1,
    maxLength: 4,
  })
  .map((list) => bucketPolicy(...list.map(([Effect, Principal, Action]) => ({ Effect, Principal, Action }))));

const policies: fc.Arbitrary<PolicySet> = fc.record({
  identity: fc.array(named, { maxLength: 3 }),
  resource: fc.option(attached, { nil: undefined }),
  boundary: fc.option(named, { nil: undefined }),
  session: fc.option(fc.array(named, { maxLength: 2 }), { nil: undefined }),
});

const requests: fc.Arbitrary<AuthorizationRequest> = fc.record({
  action: fc.constantFrom(...actions),
  resource: fc.constantFrom(...resources),
  principal: fc.constantFrom(trainer, ana, root, anonymous, sageMaker),
  resourceAccount: fc.constantFrom(account, account, otherAccount),
  context: fc.record({ 'aws:a': fc.constantFrom('x', 'y1', 'z', undefined), 'aws:b': fc.subarray(['x', 'y2', 'z']) }),
});

const kinds = ['identity', 'session', 'boundary', 'resource'] as const;

/** The same policies and one statement more. A kind that has no policy is left alone: a first boundary takes away. */
function withStatement(set: PolicySet, kind: (typeof kinds)[number], statement: StatementText): PolicySet {
  const grow = (one: NamedPolicy): NamedPolicy => {
    const { Effect, Condition } = statement;
    const more =
      kind === 'resource' ? bucketPolicy({ Effect, ...(Condition ? { Condition } : {}) }) : policy(statement);
    return {
      ...one,
      document: { ...one.document, statements: [...one.document.statements, ...more.document.statements] },
    };
  };
  switch (kind) {
    case 'identity':
      return { ...set, identity: [...set.identity, policy(statement)] };
    case 'session':
      return { ...set, session: set.session?.map(grow) };
    default:
      return { ...set, [kind]: set[kind] && grow(set[kind]) };
  }
}

/** What of a decision does not depend on which of several statements came first. */
function outcome(decision: Decision): object {
  return { ...decision, statement: undefined };
}

describe('for all policies and requests', () => {
  test('a deny that is added never allows', () => {
    const deny = statementText(fc.constant('Deny'));
    const property = fc.property(requests, policies, fc.constantFrom(...kinds), deny, (asked, set, kind, statement) => {
      if (!evaluate(asked, set).allowed) assert.ok(!evaluate(asked, withStatement(set, kind, statement)).allowed);
    });
    fc.assert(property, { numRuns: 800 });
  });

  test('an allow that is added never denies', () => {
    const allow = statementText(fc.constant('Allow'));
    const property = fc.property(
      requests,
      policies,
      fc.constantFrom(...kinds),
      allow,
      (asked, set, kind, statement) => {
        if (evaluate(asked, set).allowed) assert.ok(evaluate(asked, withStatement(set, kind, statement)).allowed);
      },
    );
    fc.assert(property, { numRuns: 800 });
  });

  test('the order of policies and of statements does not matter', () => {
    const reversed = (one: NamedPolicy): NamedPolicy => ({
      ...one,
      document: { ...one.document, statements: one.document.statements.toReversed() },
    });
    const property = fc.property(requests, policies, (asked, set) => {
      const turned: PolicySet = {
        identity: set.identity.map(reversed).toReversed(),
        resource: set.resource && reversed(set.resource),
        boundary: set.boundary && reversed(set.boundary),
        session: set.session?.map(reversed).toReversed(),
      };
      assert.deepEqual(outcome(evaluate(asked, turned)), outcome(evaluate(asked, set)));
    });
    fc.assert(property, { numRuns: 800 });
  });

  test('limits only take away', () => {
    const property = fc.property(requests, policies, (asked, set) => {
      const unlimited = { ...set, boundary: undefined, session: undefined };
      if (evaluate(asked, set).allowed) assert.ok(evaluate(asked, unlimited).allowed);
    });
    fc.assert(property, { numRuns: 600 });
  });
});
