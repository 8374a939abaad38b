/** IAM and STS through boto3, old and new, and the AWS CLI; `npm run interop` installs them and says where they are. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { awsCli, boto3Runs } from '../python/clients.ts';
import { trustsAccount } from './account.ts';

boto3Runs(join(import.meta.dirname, 'roles.py'));

awsCli('makes, reads and assumes a role', async (aws) => {
  const document = ['--assume-role-policy-document', trustsAccount];
  const arn = await aws('iam', 'create-role', '--role-name', 'cli', ...document, '--query', 'Role.Arn');
  assert.equal(arn, 'arn:aws:iam::000000000000:role/cli');
  const attached = 'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess';
  assert.equal(await aws('iam', 'attach-role-policy', '--role-name', 'cli', '--policy-arn', attached), '');
  const version = ['--version-id', 'v29', '--query', 'PolicyVersion.Document.Statement[0].Action[0]'];
  assert.equal(await aws('iam', 'get-policy-version', '--policy-arn', attached, ...version), 'sagemaker:*');
  const session = ['--role-arn', arn, '--role-session-name', 'me', '--query', 'AssumedRoleUser.Arn'];
  assert.equal(await aws('sts', 'assume-role', ...session), 'arn:aws:sts::000000000000:assumed-role/cli/me');
  await assert.rejects(
    aws('iam', 'delete-role', '--role-name', 'cli'),
    /DeleteConflict.*must detach all policies first/s,
  );
});
