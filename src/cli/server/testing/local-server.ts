import type { LocalServer } from '../find-server.ts';

/** A server as its state folder tells of it; nothing needs to run there. */
export function localServer(values: Partial<LocalServer> = {}): LocalServer {
  return {
    url: 'http://127.0.0.1:4566',
    pid: process.pid,
    startedAt: new Date().toISOString(),
    version: '0.1.0',
    region: 'eu-west-1',
    account: '000000000000',
    directory: '/state',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
    ...values,
  };
}
