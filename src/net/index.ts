export {
  type DownloadEvent,
  type DownloadOptions,
  type DownloadResult,
  download,
  downloadDefaults,
} from './download.ts';
export type { ProxySettings } from './proxy.ts';
