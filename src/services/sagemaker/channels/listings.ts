import type { Channel } from '@aws-sdk/client-sagemaker';
import { parseS3Uri } from '../s3-uri.ts';
import { type ChannelFile, type ListingGround, listChannel } from './listing.ts';

/** Lists channels. Jobs that look at the same objects one after another, as the trials of a search do, get the same array. */
export interface Listings {
  /** As `listChannel`. */
  list(channel: Channel, ground: ListingGround): Promise<readonly ChannelFile[]>;
}

/** So many prefixes are remembered, the latest. */
const kept = 4;
/** A file takes some 300 bytes. */
const mostFiles = 50_000;

interface Known {
  readonly revision: string;
  readonly files: readonly ChannelFile[];
}

export function createListings(): Listings {
  const known = new Map<string, Known>();
  const remember = (key: string, listing: Known): void => {
    known.delete(key);
    known.set(key, listing);
    for (const oldest of [...known.keys()].slice(0, -kept)) known.delete(oldest);
  };
  return {
    async list(channel, ground) {
      const source = channel.DataSource?.S3DataSource;
      if (source?.S3DataType === 'ManifestFile') return listChannel(channel, ground);
      const { bucket, key: prefix } = parseS3Uri(source?.S3Uri ?? '', `S3Uri of channel "${channel.ChannelName}"`);
      const key = `${bucket}/${prefix}`;
      const before = await ground.objects.revision(bucket, prefix);
      const last = known.get(key);
      if (last?.revision === before) {
        remember(key, last);
        return last.files;
      }
      const files = await listChannel(channel, ground);
      // A page is listed at a time, and objects may have come and gone in between.
      const revision = await ground.objects.revision(bucket, prefix);
      if (revision === before && files.length <= mostFiles) remember(key, { revision, files });
      return files;
    },
  };
}
