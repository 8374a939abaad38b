import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, ana, anonymous, otherAccount, root, sageMaker, trainer } from './policy.fixture.ts';
import { compilePrincipal, type PrincipalText, type Reach } from './principal.ts';
import type { PolicyPrincipal } from './request.ts';

const rootArn = `arn:aws:iam::${account}:root`;
const plain = { hasBoundary: false, effect: 'Deny' } as const;

test('how a principal reaches a caller', () => {
  const rows: [principals: PrincipalText, caller: PolicyPrincipal, expected: Reach | undefined][] = [
    [{ AWS: ['*'] }, trainer, 'direct'],
    [{ AWS: ['*'] }, anonymous, 'direct'],
    [{ AWS: ['*'] }, sageMaker, 'direct'],
    [{ AWS: [account] }, trainer, 'account'],
    [{ AWS: [rootArn] }, ana, 'account'],
    [{ AWS: [rootArn] }, root, 'direct'],
    [{ AWS: [otherAccount, `arn:aws:iam::${otherAccount}:root`] }, trainer, undefined],
    [{ AWS: [trainer.roleArn] }, trainer, 'role'],
    [{ AWS: [`arn:aws:iam::${account}:role/Train`] }, trainer, undefined],
    [{ AWS: ['AROAEXAMPLEEXAMPLEEXA'] }, trainer, 'role'],
    [{ AWS: [trainer.arn] }, trainer, 'direct'],
    [{ AWS: [trainer.arn.replace('s1', 's2')] }, trainer, undefined],
    [{ AWS: [account, trainer.roleArn, trainer.arn] }, trainer, 'direct'],
    [{ AWS: [account, trainer.roleArn] }, trainer, 'role'],
    [{ AWS: [ana.arn] }, ana, 'direct'],
    [{ AWS: [ana.id] }, ana, 'direct'],
    [{ AWS: [ana.arn.toUpperCase()] }, ana, undefined],
    [{ AWS: [rootArn] }, anonymous, undefined],
    [{ Service: ['sagemaker.amazonaws.com'] }, sageMaker, 'direct'],
    [{ Service: ['lambda.amazonaws.com'] }, sageMaker, undefined],
    [{ Service: [trainer.arn] }, trainer, undefined],
    [{ Federated: ['accounts.google.com'] }, { kind: 'federated', provider: 'accounts.google.com' }, 'direct'],
    [{ AWS: ['accounts.google.com'] }, { kind: 'federated', provider: 'accounts.google.com' }, undefined],
    [{}, trainer, undefined],
  ];
  for (const [principals, caller, expected] of rows) {
    const name = JSON.stringify([principals, caller]);
    assert.equal(compilePrincipal(principals, false).reach(caller, plain), expected, name);
  }
});

test('NotPrincipal leaves out who is named at every level', () => {
  const rows: [principals: PrincipalText, caller: PolicyPrincipal, isReached: boolean][] = [
    [{ AWS: [ana.arn, rootArn] }, ana, false],
    [{ AWS: [ana.arn] }, ana, true],
    [{ AWS: [rootArn] }, ana, true],
    [{ AWS: [rootArn] }, root, false],
    [{ AWS: [trainer.arn, trainer.roleArn, rootArn] }, trainer, false],
    [{ AWS: [trainer.arn, trainer.roleArn] }, trainer, true],
    [{ AWS: [trainer.roleArn, rootArn] }, trainer, true],
    [{ AWS: [ana.arn, rootArn] }, anonymous, true],
    [{ AWS: [ana.arn, rootArn] }, sageMaker, true],
    [{ Service: ['sagemaker.amazonaws.com'] }, sageMaker, false],
    [{ AWS: ['*'] }, anonymous, false],
  ];
  for (const [principals, caller, isReached] of rows) {
    const reach = compilePrincipal(principals, true).reach(caller, plain);
    assert.equal(reach, isReached ? 'direct' : undefined, JSON.stringify([principals, caller]));
  }
});

test('a NotPrincipal that denies spares nobody who has a boundary', () => {
  const element = compilePrincipal({ AWS: [ana.arn, rootArn] }, true);
  assert.equal(element.reach(ana, { hasBoundary: true, effect: 'Deny' }), 'direct');
  assert.equal(element.reach(ana, { hasBoundary: true, effect: 'Allow' }), undefined);
});
