import type { Fidelity } from '../service.ts';

/** Plain sentences, true ones. Whoever changes what S3 does here changes them too. */
export const fidelity: Fidelity = {
  faithful: [
    'Keys are any UTF-8 of up to 1,024 bytes, and are listed by their bytes.',
    'Listings of keys and versions by prefix and delimiter, in pages by token or marker; encoding-type=url writes names as forms do, and without it characters that XML 1.0 cannot hold are numeric references.',
    'Bucket policies count in every request, for roles and for nobody in particular; a policy about another bucket, or with an action that its resources cannot have, is refused.',
    'Tags and versioning of buckets. What Terraform and the consoles read beside is answered as for a bucket where nothing was set up.',
    'Bodies are streamed both ways and held against Content-MD5, CRC32, CRC32C, CRC64NVME, SHA-1 and SHA-256, in headers and in trailers; what does not match is not kept.',
    'An object is written whole or not at all, and is on the disk before the answer.',
    'Conditional reads, writes, copies and deletes; of many who write with If-None-Match: * one succeeds.',
    'Versions, delete markers, null versions and suspended versioning, in reads, copies, tags and deletes.',
    'Multipart uploads of up to 10,000 parts: composite checksums, CRCs combined into that of the whole, ranges of other objects as parts, reads by part number; a repeated CompleteMultipartUpload is answered again for a day.',
    'A copy has the MD5 of its bytes for an ETag, also where its source was uploaded in parts.',
    'Presigned URLs carry headers in their query; checksums there are ignored, as S3 ignores them.',
  ],
  missing: [
    'Setting ACLs, CORS, encryption, lifecycle rules, logging, notifications, ownership, public access blocks, replication, requester pays, acceleration and websites; analytics, inventories, metrics and intelligent tiering altogether.',
    'Encryption with keys of KMS or of the client: such requests are refused. Objects say AES256, and lie in the state folder as they are.',
    'Object Lock, ACLs other than private and bucket-owner-full-control, SelectObjectContent, RestoreObject, browser uploads by POST, torrents, annotations.',
    'The checksums SHA-512, MD5, XXHASH3, XXHASH64 and XXHASH128.',
    'Directory buckets, access points, Outposts and Multi-Region Access Points.',
  ],
  different: [
    "A bucket answers in whichever region a request is signed for; S3 redirects to the bucket's own.",
    'Nothing blocks public access: a bucket policy may let everybody in. Its principals need not exist, and actions that nobody knows are not refused.',
    'An object that comes without a checksum gets none. S3 adds a CRC64NVME.',
    'Storage classes are stored and returned; nothing is archived, so nothing needs to be restored.',
    'A copy shares the bytes of its source, and takes no further room.',
    'CompleteMultipartUpload is done when it answers; S3 may answer 200 first and send an error in the body.',
  ],
};
