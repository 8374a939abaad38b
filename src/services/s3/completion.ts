/** Which parts CompleteMultipartUpload puts together, and what comes of them. */
import { createHash } from 'node:crypto';
import type { CompletedPart } from '@aws-sdk/client-s3';
import { badDigest, entityTooSmall, invalidPart, invalidPartOrder, invalidRequest, malformedXml } from './errors.ts';
import { algorithms, type ChecksumMembers } from './integrity.ts';
import type { Checksum, NewVersion } from './objects.ts';
import type { Upload, UploadedPart } from './uploads.ts';
import { wholeChecksum } from './whole-checksum.ts';

/** Of every part but the last. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const minimumPartBytes = 5 * 1024 ** 2;

/** What the client says of the whole. */
export interface CompletionClaims extends ChecksumMembers {
  readonly ChecksumType?: string | undefined;
  readonly MpuObjectSize?: number | undefined;
}

/**
 * The object that the listed parts make. Nothing is read or copied: it is the list of their blobs.
 * @throws AwsFault MalformedXML, InvalidPartOrder, InvalidPart, EntityTooSmall, InvalidRequest, BadDigest.
 */
export function assemble(
  upload: Upload,
  { listed, stored }: { listed: readonly CompletedPart[]; stored: readonly UploadedPart[] },
  claims: CompletionClaims,
): NewVersion {
  const chosen = chooseParts(upload, listed, stored);
  checkSizes(upload, chosen);
  const size = chosen.reduce((sum, { blob }) => sum + blob.size, 0);
  if (claims.MpuObjectSize !== undefined && claims.MpuObjectSize !== size) {
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${claims.MpuObjectSize} does not match what was computed: ${size}`,
    );
  }
  const { key, headers, metadata, tags } = upload;
  return {
    ...{ key, size, headers, metadata, tags },
    etag: multipartEtag(chosen.map(({ etag }) => etag)),
    parts: chosen.map(({ blob }) => blob),
    checksum: checkedChecksum(upload, chosen, claims),
  };
}

/** A list as one value, to tell whether a repeated request is the same. */
export function listDigest(listed: readonly CompletedPart[]): string {
  const lines = listed.map(({ PartNumber, ETag }) => `${PartNumber} ${ETag?.replaceAll('"', '')}`);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** MD5 of the parts' MD5s, and how many they are. @param etags Hexadecimal. */
export function multipartEtag(etags: readonly string[]): string {
  return `${createHash('md5')
    .update(Buffer.from(etags.join(''), 'hex'))
    .digest('hex')}-${etags.length}`;
}

function chooseParts(
  upload: Upload,
  listed: readonly CompletedPart[],
  stored: readonly UploadedPart[],
): readonly UploadedPart[] {
  if (listed.length === 0) throw malformedXml();
  const byNumber = new Map(stored.map((part) => [part.number, part]));
  let before = 0;
  return listed.map((item) => {
    const { PartNumber: number, ETag: etag } = item;
    if (number === undefined || etag === undefined) throw malformedXml();
    if (number <= before) throw invalidPartOrder(upload.id);
    before = number;
    const part = byNumber.get(number);
    const named = { upload: upload.id, number, etag: etag.replaceAll('"', '') };
    if (part === undefined || part.etag !== named.etag) throw invalidPart(named);
    if (!checksumsAgree(item, { upload, part })) throw invalidPart(named);
    return part;
  });
}

/** A composite needs the parts' checksums from the client too: only then does it vouch for them. @throws AwsFault InvalidRequest. */
function checksumsAgree(item: CompletedPart, { upload, part }: { upload: Upload; part: UploadedPart }): boolean {
  const { checksum } = upload;
  const sent = algorithms.filter((algorithm) => item[`Checksum${algorithm}`] !== undefined);
  if (checksum === undefined) return sent.length === 0;
  if (sent.length === 0 && checksum.type === 'COMPOSITE') {
    throw invalidRequest(
      `The upload was created using a ${checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${part.number} in the request.`,
    );
  }
  return sent.every(
    (algorithm) => algorithm === checksum.algorithm && item[`Checksum${algorithm}`] === part.checksum?.value,
  );
}

function checkSizes(upload: Upload, parts: readonly UploadedPart[]): void {
  for (const { number, etag, blob } of parts.slice(0, -1)) {
    if (blob.size < minimumPartBytes) {
      throw entityTooSmall({ upload: upload.id, number, etag }, blob.size, minimumPartBytes);
    }
  }
}

function checkedChecksum(
  { checksum }: Upload,
  parts: readonly UploadedPart[],
  claims: CompletionClaims,
): Checksum | undefined {
  const { ChecksumType: type } = claims;
  if (type !== undefined && type.toUpperCase() !== checksum?.type) {
    throw invalidRequest(
      `The upload was created using the ${checksum?.type ?? 'null'} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  // Without an algorithm of the upload, S3 ignores what the client says of the whole.
  if (checksum === undefined) return undefined;
  const whole = wholeChecksum(
    checksum,
    parts.map((part) => ({ size: part.blob.size, value: part.checksum?.value ?? '' })),
  );
  for (const algorithm of algorithms) {
    const expected = claims[`Checksum${algorithm}`];
    if (expected === undefined) continue;
    // The number of parts at the end of a composite may be left out.
    const holds = algorithm === whole.algorithm && [whole.value, whole.value.split('-')[0]].includes(expected);
    if (!holds) throw badDigest(checksum.algorithm, { expected, calculated: whole.value });
  }
  return whole;
}
