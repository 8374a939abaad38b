import { AwsFault } from '../../wire/index.ts';

/** Of all names and values together, in bytes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const maximumBytes = 2 * 1024;

/** @throws AwsFault MetadataTooLarge. */
export function checkMetadata(
  metadata: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const entries = Object.entries(metadata ?? {});
  const size = entries.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value, 'latin1'),
    0,
  );
  if (size <= maximumBytes) return metadata ?? {};
  throw new AwsFault({
    code: 'MetadataTooLarge',
    status: 400,
    message: 'Your metadata headers exceed the maximum allowed metadata size',
    fields: { Size: size, MaxSizeAllowed: maximumBytes },
  });
}
