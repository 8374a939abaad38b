export {
  type DownloadEvent,
  type DownloadOptions,
  type DownloadResult,
  download,
  downloadDefaults,
} from './download.ts';
export { allowList, type Fetched, fetchGuarded, type GuardOptions, type Lookup } from './guard.ts';
export type { ProxySettings } from './proxy.ts';
