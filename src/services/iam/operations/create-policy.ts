import type { CreatePolicyRequest, CreatePolicyResponse } from '@aws-sdk/client-iam';
import { policySize } from '../../../policy/index.ts';
import type { Operation } from '../../operation.ts';
import { checkDocument } from '../documents.ts';
import { policyAlreadyExists, quotaExceeded } from '../errors.ts';
import { uniqueId } from '../identifiers.ts';
import { countPolicies, findPolicyByName, insertPolicy, type ManagedPolicy, policyArn } from '../policies.ts';
import { wirePolicy } from '../policy-wire.ts';
import type { IamState } from '../state.ts';
import { readTags, requestTagContext, wireTags } from '../tags.ts';
import { wholeSecond } from '../time.ts';

const managedSize = 6144;
const policiesPerAccount = 1500;

export const createPolicy: Operation<IamState, CreatePolicyRequest, CreatePolicyResponse> = {
  name: 'CreatePolicy',
  fields: { PolicyName: 'real', Path: 'real', PolicyDocument: 'real', Description: 'real', Tags: 'real' },
  authorize({ PolicyName, Path = '/', Tags }, { account }) {
    const resource = policyArn(account, Path, PolicyName);
    const create = { action: 'iam:CreatePolicy', resource, context: requestTagContext(Tags) };
    return Tags?.length ? [create, { ...create, action: 'iam:TagPolicy' }] : [create];
  },
  run(input, { account, now }, state) {
    const { PolicyName: name, Path: path = '/', PolicyDocument: document, Description } = input;
    const tags = readTags(input.Tags);
    checkDocument(document, 'identity');
    if (policySize(document) > managedSize) throw quotaExceeded('PolicySize', managedSize);
    if (findPolicyByName(name, account, state)) throw policyAlreadyExists(name);
    if (countPolicies(account, state) >= policiesPerAccount) {
      throw quotaExceeded('PoliciesPerAccount', policiesPerAccount);
    }
    const created = wholeSecond(now);
    const policy: ManagedPolicy = {
      ...{ name, path, tags, created, updated: created, defaultVersion: 'v1', managedBy: 'account' },
      arn: policyArn(account, path, name),
      id: uniqueId('ANPA', state),
      description: Description ?? null,
    };
    insertPolicy(policy, { account, document }, state);
    return { Policy: { ...wirePolicy(policy, 0), ...(tags.length > 0 && { Tags: wireTags(tags) }) } };
  },
};
