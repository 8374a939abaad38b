import type {
  Checksum as ChecksumAnswer,
  GetObjectAttributesOutput,
  GetObjectAttributesParts,
  GetObjectAttributesRequest,
  StorageClass,
} from '@aws-sdk/client-s3';
import type { Operation, Validated } from '../../operation.ts';
import { readDemand } from '../demands.ts';
import { customerKeyFields, objectFields } from '../fields.ts';
import { checksumMembers } from '../integrity.ts';
import { isMultipart, type ObjectVersion } from '../objects.ts';
import { getDemand, requestedVersion } from '../reading.ts';
import type { S3State } from '../state.ts';

const maximumParts = 1000;

type Input = Validated<GetObjectAttributesRequest>;

export const getObjectAttributes: Operation<S3State, GetObjectAttributesRequest, GetObjectAttributesOutput> = {
  name: 'GetObjectAttributes',
  fields: {
    ...objectFields,
    ...customerKeyFields,
    VersionId: 'real',
    MaxParts: 'real',
    PartNumberMarker: 'real',
    ObjectAttributes: 'real',
  },
  authorize(input, _call, state) {
    const object = input.VersionId === undefined ? 'Object' : 'ObjectVersion';
    return [getDemand(input, state), readDemand(`s3:Get${object}Attributes`, input, state)];
  },
  run(input, call, state) {
    const { bucket, version } = requestedVersion(input, call, state);
    const { checksum, etag, headers, size } = version;
    const wanted = new Set(input.ObjectAttributes);
    return {
      LastModified: version.modified,
      ...(bucket.versioning && { VersionId: version.version }),
      // Here without quotes.
      ...(wanted.has('ETag') && { ETag: etag }),
      ...(wanted.has('Checksum') && checksum && { Checksum: checksumAnswer(checksum) }),
      ...(wanted.has('ObjectParts') && isMultipart(version) && { ObjectParts: partsPage(version, input) }),
      ...(wanted.has('StorageClass') && { StorageClass: (headers.StorageClass ?? 'STANDARD') as StorageClass }),
      ...(wanted.has('ObjectSize') && { ObjectSize: size }),
    };
  },
};

/** Here a composite has no count at its end. */
function checksumAnswer(checksum: NonNullable<ObjectVersion['checksum']>): ChecksumAnswer {
  return checksumMembers({ ...checksum, value: checksum.value.split('-')[0] as string });
}

/** S3 lists the parts of objects with a composite checksum only, and counts them for the others. */
function partsPage(
  { parts, checksum }: ObjectVersion,
  { MaxParts, PartNumberMarker }: Input,
): GetObjectAttributesParts {
  const sums = checksum?.parts;
  if (checksum === undefined || sums === undefined) return { TotalPartsCount: parts.length };
  const limit = Math.min(MaxParts ?? maximumParts, maximumParts);
  const after = Number(PartNumberMarker ?? 0);
  const page = parts.slice(after, after + limit).map(({ size }, index) => ({
    PartNumber: after + index + 1,
    Size: size,
    [`Checksum${checksum.algorithm}`]: sums[after + index],
  }));
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(after + page.length),
    MaxParts: limit,
    IsTruncated: after + page.length < parts.length,
    Parts: page,
  };
}
