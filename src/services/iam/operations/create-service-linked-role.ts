import type { CreateServiceLinkedRoleRequest, CreateServiceLinkedRoleResponse } from '@aws-sdk/client-iam';
import type { Operation } from '../../operation.ts';
import { attach } from '../attachments.ts';
import { invalidInput } from '../errors.ts';
import { uniqueId } from '../identifiers.ts';
import { wireRole } from '../role-wire.ts';
import { findRole, insertRole, type Role, roleArn } from '../roles.ts';
import { linkedServices, type ServicePrincipal, serviceLinkedPath, serviceTrust } from '../service-linked.ts';
import type { IamState } from '../state.ts';
import { wholeSecond } from '../time.ts';

export const createServiceLinkedRole: Operation<
  IamState,
  CreateServiceLinkedRoleRequest,
  CreateServiceLinkedRoleResponse
> = {
  name: 'CreateServiceLinkedRole',
  fields: {
    AWSServiceName: Object.keys(linkedServices),
    Description: 'real',
    // "Some services do not support the CustomSuffix parameter": none of these does.
    CustomSuffix: 'refused',
  },
  authorize({ AWSServiceName: service }, { account }) {
    const name = linkedServices[service as ServicePrincipal]?.roleName ?? '*';
    const resource = roleArn(account, serviceLinkedPath(service), name);
    return [{ action: 'iam:CreateServiceLinkedRole', resource, context: { 'iam:AWSServiceName': service } }];
  },
  run({ AWSServiceName: service, Description }, { account, now }, state) {
    const { roleName: name, policy } = linkedServices[service as ServicePrincipal];
    if (findRole(name, account, state)) {
      throw invalidInput(`Service role name ${name} has been taken in this account, please try a different suffix.`);
    }
    const path = serviceLinkedPath(service);
    const role: Role = {
      ...{ account, name, path, tags: [], created: wholeSecond(now), lastUsed: undefined, lastUsedRegion: null },
      id: uniqueId('AROA', state),
      arn: roleArn(account, path, name),
      trustPolicy: serviceTrust(service),
      description: Description ?? null,
      maxSessionDuration: 3600,
    };
    state.database.transaction(() => {
      insertRole(role, state);
      attach(policy, role, state);
    });
    return { Role: wireRole(role) };
  },
};
