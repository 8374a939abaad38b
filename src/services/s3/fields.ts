/** What becomes of the members that several operations share. Those of one operation alone are said there. */

/** Encryption is S3's own (AES256) or none of the client's business. */
export const customerKeyFields = {
  SSECustomerAlgorithm: 'refused',
  SSECustomerKey: 'refused',
  SSECustomerKeyMD5: 'refused',
} as const;

export const copySourceKeyFields = {
  CopySourceSSECustomerAlgorithm: 'refused',
  CopySourceSSECustomerKey: 'refused',
  CopySourceSSECustomerKeyMD5: 'refused',
} as const;

/** A new object: content headers, metadata, who may see it, how it is kept. */
export const newObjectFields = {
  // With ACLs disabled, as they are in every new bucket, these two change nothing.
  ACL: ['private', 'bucket-owner-full-control'],
  GrantFullControl: 'refused',
  GrantRead: 'refused',
  GrantReadACP: 'refused',
  GrantWriteACP: 'refused',
  CacheControl: 'stored',
  ContentDisposition: 'stored',
  ContentEncoding: 'stored',
  ContentLanguage: 'stored',
  ContentType: 'stored',
  Expires: 'stored',
  Metadata: 'real',
  StorageClass: 'stored',
  WebsiteRedirectLocation: 'stored',
  Tagging: 'real',
  ServerSideEncryption: ['AES256'],
  ...customerKeyFields,
  SSEKMSKeyId: 'refused',
  SSEKMSEncryptionContext: 'refused',
  BucketKeyEnabled: [false],
  ObjectLockMode: 'refused',
  ObjectLockRetainUntilDate: 'refused',
  ObjectLockLegalHoldStatus: 'refused',
  ObjectLockEventHold: 'refused',
  ObjectLockEventHoldDurationDays: 'refused',
  ObjectLockEventHoldDurationYears: 'refused',
} as const;

/** Checksums of what is sent. */
export const checksumFields = {
  ChecksumCRC32: 'real',
  ChecksumCRC32C: 'real',
  ChecksumCRC64NVME: 'real',
  ChecksumSHA1: 'real',
  ChecksumSHA256: 'real',
  ChecksumSHA512: 'refused',
  ChecksumMD5: 'refused',
  ChecksumXXHASH64: 'refused',
  ChecksumXXHASH3: 'refused',
  ChecksumXXHASH128: 'refused',
} as const;

/** Conditions on the source of a copy. */
export const copySourceFields = {
  CopySource: 'real',
  CopySourceIfMatch: 'real',
  CopySourceIfModifiedSince: 'real',
  CopySourceIfNoneMatch: 'real',
  CopySourceIfUnmodifiedSince: 'real',
  ...copySourceKeyFields,
  ExpectedSourceBucketOwner: 'real',
} as const;

/** Of every request on an object. Nobody pays here, as the owner of a bucket that is not "requester pays" does not. */
export const objectFields = {
  Bucket: 'real',
  Key: 'real',
  ExpectedBucketOwner: 'real',
  RequestPayer: ['requester'],
} as const;
