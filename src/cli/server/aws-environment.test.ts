import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { awsEnvironment, changed, sealedEnvironment } from './aws-environment.ts';
import { localServer } from './testing/local-server.ts';

const server = localServer({ url: 'http://127.0.0.1:4566' });

describe('the environment of AWS clients', () => {
  it('names the server, its key and its region in every spelling that SDKs read', () => {
    assert.deepEqual(awsEnvironment(server, {}), {
      set: {
        AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
        AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_DEFAULT_REGION: 'eu-west-1',
        AWS_REGION: 'eu-west-1',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
      unset: [],
    });
  });

  it('takes away what leads elsewhere, and nothing else', () => {
    const kept = {
      PATH: '/bin',
      AWS_PAGER: '',
      AWS_MAX_ATTEMPTS: '2',
      MY_AWS_PROFILE: 'x',
      AWS_DEFAULT_OUTPUT: 'json',
    };
    const misleading = {
      AWS_PROFILE: 'prod',
      AWS_SESSION_TOKEN: 'token',
      AWS_ENDPOINT_URL_S3: 'https://s3.example.com',
      AWS_DYNAMODB_ENDPOINT: 'https://example.com',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      AWS_CA_BUNDLE: '/etc/ca.pem',
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/Deploy',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.2/x',
      AWS_USE_FIPS_ENDPOINT: 'true',
    };
    const variables = { ...kept, ...misleading, AWS_ACCESS_KEY_ID: 'AKIAREAL' };
    const change = awsEnvironment(server, variables);
    assert.deepEqual(change.unset, Object.keys(misleading).sort());
    assert.deepEqual(changed(variables, change), { ...kept, ...change.set });
  });

  it('keeps proxies from the server, where there are any', () => {
    const noProxy = (variables: Record<string, string>): string | undefined =>
      awsEnvironment(server, variables).set.NO_PROXY;
    assert.equal(noProxy({ NO_PROXY: 'example.com' }), undefined);
    assert.equal(noProxy({ https_proxy: 'http://proxy:3128' }), '127.0.0.1,localhost');
    const proxied = { HTTP_PROXY: 'http://proxy:3128', no_proxy: 'example.com, localhost' };
    assert.equal(noProxy(proxied), 'example.com,localhost,127.0.0.1');
    assert.equal(awsEnvironment(server, proxied).set.no_proxy, 'example.com,localhost,127.0.0.1');
    assert.equal(noProxy({ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: '*' }), undefined);
  });

  it('hides the profiles of the user from a command that shall know of nothing else', () => {
    const { set } = sealedEnvironment(server, { AWS_CONFIG_FILE: '/home/me/.aws/config' });
    assert.equal(set.AWS_CONFIG_FILE, '/dev/null');
    assert.equal(set.AWS_SHARED_CREDENTIALS_FILE, '/dev/null');
  });
});
