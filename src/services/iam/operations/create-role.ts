import type { CreateRoleRequest, CreateRoleResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { quotaExceeded, roleAlreadyExists } from '../errors.ts';
import { uniqueId } from '../identifiers.ts';
import { wireRole, wireRoleTags } from '../role-wire.ts';
import { countRoles, findRole, insertRole, type Role, roleArn } from '../roles.ts';
import type { IamState } from '../state.ts';
import { readTags, requestTagContext } from '../tags.ts';
import { wholeSecond } from '../time.ts';
import { checkTrustPolicy } from '../trust.ts';

const rolesPerAccount = 1000;

export const createRole: Operation<IamState, CreateRoleRequest, CreateRoleResponse> = {
  name: 'CreateRole',
  fields: {
    Path: 'real',
    RoleName: 'real',
    AssumeRolePolicyDocument: 'real',
    Description: 'real',
    MaxSessionDuration: 'real',
    PermissionsBoundary: 'refused',
    Tags: 'real',
  },
  authorize({ RoleName, Path = '/', Tags }, { account }) {
    const resource = roleArn(account, Path, RoleName);
    const context = requestTagContext(Tags);
    const create = { action: 'iam:CreateRole', resource, context };
    return Tags?.length ? [create, { ...create, action: 'iam:TagRole' }] : [create];
  },
  run(input, { account, now }, state) {
    const { RoleName: name, Path: path = '/', Description, MaxSessionDuration = 3600 } = input;
    const tags = readTags(input.Tags);
    if (findRole(name, account, state)) throw roleAlreadyExists(name);
    const role: Role = {
      ...{ account, name, path, tags, created: wholeSecond(now), lastUsed: undefined, lastUsedRegion: null },
      id: uniqueId('AROA', state),
      arn: roleArn(account, path, name),
      trustPolicy: checkTrustPolicy(input.AssumeRolePolicyDocument, account, state),
      description: Description ?? null,
      maxSessionDuration: MaxSessionDuration,
    };
    if (countRoles(account, state) >= rolesPerAccount) throw quotaExceeded('RolesPerAccount', rolesPerAccount);
    insertRole(role, state);
    return { Role: { ...wireRole(role), ...wireRoleTags(role) } };
  },
};
