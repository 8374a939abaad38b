import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assumeNewRole, codeOf, element, rawRequest, send, statement } from './client.ts';
import { fileScope, type Running, running } from './running.ts';

const file = fileScope(after);
let at: Running;
before(async () => {
  at = await running(file);
  assert.equal((await at.root.s3('PUT', '/bucket')).status, 200);
  assert.equal((await at.root.s3('PUT', '/bucket/kept', { body: 'kept bytes' })).status, 200);
});

const arn = 'arn:aws:s3:::bucket';

describe('rights', () => {
  const user = (role: string): string => `User: arn:aws:sts::000000000000:assumed-role/${role}/test`;

  test('of a role with one permission are this one, and denials say why', async () => {
    const policy = statement({ Action: 's3:GetObject', Resource: `${arn}/kept` });
    const { caller } = await assumeNewRole(at.root, 'reader', { policy, url: at.url });
    assert.equal((await caller.s3('GET', '/bucket/kept')).text, 'kept bytes');
    assert.equal((await caller.s3('HEAD', '/bucket/kept')).status, 200);
    assert.equal((await caller.query('sts', { Action: 'GetCallerIdentity' })).status, 200);
    const because = (action: string): string => `because no identity-based policy allows the ${action} action`;
    const denied = [
      [await caller.s3('GET', '/bucket/put'), 's3:GetObject', `${arn}/put`],
      [await caller.s3('PUT', '/bucket/kept', { body: 'x' }), 's3:PutObject', `${arn}/kept`],
      [await caller.s3('DELETE', '/bucket/kept'), 's3:DeleteObject', `${arn}/kept`],
      [await caller.s3('GET', '/bucket?list-type=2'), 's3:ListBucket', arn],
      [await caller.query('iam', { Action: 'DeleteRole', RoleName: 'reader' }), 'iam:DeleteRole', 'role reader'],
      [
        await caller.json('logs', 'Logs_20140328.CreateLogGroup', { logGroupName: 'g' }),
        'logs:CreateLogGroup',
        'arn:aws:logs:us-east-1:000000000000:log-group:g',
      ],
    ] as const;
    for (const [answer, action, resource] of denied) {
      const code = answer.text.startsWith('{') ? 'AccessDeniedException' : 'AccessDenied';
      assert.equal(codeOf(answer), code, action);
      const message = answer.text.startsWith('{')
        ? (JSON.parse(answer.text) as { message: string }).message
        : element(answer.text, 'Message');
      const expected = `${user('reader')} is not authorized to perform: ${action} on resource: `;
      assert.ok(message.startsWith(expected), message);
      assert.ok(message.includes(resource), message);
      assert.ok(message.endsWith(because(action)), message);
    }
    assert.equal((await at.root.s3('GET', '/bucket/kept')).text, 'kept bytes');
  });

  test('are cut down by a session policy', async () => {
    const policy = statement({ Action: 's3:*', Resource: '*' });
    const session = statement({ Action: 's3:GetObject', Resource: '*' });
    const { caller } = await assumeNewRole(at.root, 'cut', { policy, session, url: at.url });
    assert.equal((await caller.s3('GET', '/bucket/kept')).status, 200);
    const answer = await caller.s3('PUT', '/bucket/cut', { body: 'x' });
    assert.equal(
      element(answer.text, 'Message'),
      `${user('cut')} is not authorized to perform: s3:PutObject on resource: "${arn}/cut" because no session policy allows the s3:PutObject action`,
    );
  });

  test('come from a bucket policy too, for who does not sign and for roles; a denial there wins', async () => {
    await at.root.s3('PUT', '/public');
    await at.root.s3('PUT', '/public/page', { body: 'page' });
    await at.root.s3('PUT', '/public/secret', { body: 'secret' });
    const anyone = { Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::public/*' };
    const nobody = { ...anyone, Resource: 'arn:aws:s3:::public/secret' };
    const document = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', ...anyone },
        { Effect: 'Deny', ...nobody },
      ],
    };
    const put = await at.root.s3('PUT', '/public?policy', { body: JSON.stringify(document) });
    assert.equal(put.status, 204, put.text);
    const anonymous = (target: string, method = 'GET') => send(at.url, rawRequest(at.url, { method, target }));
    assert.equal((await anonymous('/public/page')).text, 'page');
    assert.equal((await anonymous('/public/secret')).status, 403);
    assert.equal((await anonymous('/public/page', 'DELETE')).status, 403);
    assert.equal((await anonymous('/public')).status, 403);

    const policy = statement({ Action: 's3:*', Resource: '*' });
    const { caller } = await assumeNewRole(at.root, 'all-of-s3', { policy, url: at.url });
    assert.equal((await caller.s3('GET', '/public/page')).text, 'page');
    const denied = await caller.s3('GET', '/public/secret');
    assert.equal(
      element(denied.text, 'Message'),
      `${user('all-of-s3')} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::public/secret" with an explicit deny in a resource-based policy`,
    );
    const own = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 's3:*', Resource: '*' },
        { Effect: 'Deny', Action: 's3:PutObject', Resource: `${arn}/locked/*` },
      ],
    };
    const locked = await assumeNewRole(at.root, 'locked-out', { policy: own, url: at.url });
    assert.equal((await locked.caller.s3('PUT', '/bucket/open', { body: 'x' })).status, 200);
    const explicit = await locked.caller.s3('PUT', '/bucket/locked/a', { body: 'x' });
    assert.match(element(explicit.text, 'Message'), /with an explicit deny in an identity-based policy$/);
  });

  test('are written down as they were decided, for the root user to read', async () => {
    const policy = statement({ Action: 's3:GetObject', Resource: `${arn}/kept` });
    const { caller } = await assumeNewRole(at.root, 'watched', { policy, url: at.url });
    for (let i = 0; i < 3; i++) await caller.s3('GET', '/bucket/kept');
    await caller.s3('GET', '/bucket/other');
    const request = rawRequest(at.url, { target: '/_whippet/v1/decisions?limit=1000' });
    const { text } = await at.root.send(request, { service: 'whippet' });
    const written = JSON.parse(text) as {
      decisions: { principal: string; action: string; resource: string; allowed: boolean; count: number }[];
    };
    const { decisions } = written;
    const mine = decisions.filter(({ principal }) => principal.endsWith('assumed-role/watched/test'));
    assert.deepEqual(
      mine.map(({ action, resource, allowed, count }) => [action, resource, allowed, count]).sort(),
      [
        ['s3:GetObject', `${arn}/kept`, true, 3],
        ['s3:GetObject', `${arn}/other`, false, 1],
        // Who may list would have been told that the key is missing.
        ...mine
          .filter(({ action }) => action === 's3:ListBucket')
          .map(({ resource, count }) => ['s3:ListBucket', resource, false, count]),
      ].sort(),
    );
    // Made-up names fill neither memory nor disk.
    await send(at.url, rawRequest(at.url, { target: `/bucket/${'endless'.repeat(3000)}` }));
    const after = JSON.parse((await at.root.send(request, { service: 'whippet' })).text) as typeof written;
    const endless = after.decisions.find(({ resource }) => resource.includes('endless'));
    assert.equal(endless?.resource.length, 1500);
    assert.equal((await caller.send(request, { service: 'whippet' })).status, 403);
    assert.equal((await at.root.send(request, { service: 's3' })).status, 403);
    assert.equal((await send(at.url, request)).status, 403);
  });
});
