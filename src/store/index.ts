export type {
  BlobFile,
  BlobFinding,
  BlobId,
  Blobs,
  ByteRange,
  IsReferenced,
  Part,
  WriteOptions,
  WrittenBlob,
} from './blobs.ts';
export { checkStore, type StoreFinding, type StoreReport } from './check.ts';
export type { Database, SqlValue } from './database.ts';
export { isStoreFault, StoreFault, type StoreFaultKind } from './fault.ts';
export type { FileSystem, ReadableFile, WritableFile } from './file-system.ts';
export { type RepairReport, repairStore } from './repair.ts';
export type { TableSchema } from './schema.ts';
export { openStore, type Store, type StoreOptions } from './store.ts';
