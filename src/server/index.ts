export { probeSandbox, type SandboxProbe } from '../host/index.ts';
export { checkStore, repairStore, type StoreFinding } from '../store/index.ts';
export { type Discovery, discoveryFile } from './discovery.ts';
export type { ServerOptions } from './server-options.ts';
export { startServer, type WhippetServer } from './start-server.ts';
