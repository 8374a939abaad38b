import type { Channel } from '@aws-sdk/client-sagemaker';
import { parseS3Uri, type S3Location } from '../s3-uri.ts';
import type { ObjectEntry, RoleObjects } from '../state.ts';
import { failed, JobFailure } from '../training/outcome.ts';
import { checkLocalNames, isFolderMarker, localName } from './local-names.ts';

/** A file of a channel: an object and where it comes to lie. */
export interface ChannelFile extends ObjectEntry {
  readonly bucket: string;
  /** Below the channel's folder, with slashes. */
  readonly path: string;
}

export interface ListingGround {
  readonly objects: RoleObjects;
  readonly roleArn: string;
  readonly region: string;
  readonly signal: AbortSignal;
}

/** A manifest names objects: as much text as some hundred thousand of them need. It is read as a whole, and names of a letter are many. */
const largestManifest = 32 * 1024 * 1024;

/**
 * The files that a channel has, in the order of their keys.
 * @throws JobFailure where there are none or a key cannot be a file; AwsFault as S3 does.
 */
export async function listChannel(channel: Channel, ground: ListingGround): Promise<ChannelFile[]> {
  const source = channel.DataSource?.S3DataSource;
  const uri = source?.S3Uri ?? '';
  const location = parseS3Uri(uri, `S3Uri of channel "${channel.ChannelName}"`);
  const files =
    source?.S3DataType === 'ManifestFile' ? await ofManifest(location, ground) : await ofPrefix(location, ground);
  if (files.length === 0) throw nothingFound(uri, ground);
  checkLocalNames(files, uri);
  return files;
}

async function ofPrefix(
  { bucket, key: prefix }: S3Location,
  { objects, signal }: ListingGround,
): Promise<ChannelFile[]> {
  const files: ChannelFile[] = [];
  for await (const entry of objects.list(bucket, prefix)) {
    signal.throwIfAborted();
    if (!isFolderMarker(entry)) files.push({ ...entry, bucket, path: localName(entry.key, prefix) });
  }
  return files;
}

/**
 * `[{"prefix": "s3://bucket/photos/"}, "a.jpg", "b/c.jpg"]`.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
 */
async function ofManifest(location: S3Location, ground: ListingGround): Promise<ChannelFile[]> {
  const [head, ...names] = await readManifest(location, ground);
  const prefix = (head as { prefix?: unknown } | null)?.prefix;
  if (typeof prefix !== 'string' || !names.every((name) => typeof name === 'string')) {
    throw badManifest(location, 'it is not of the form [{"prefix": "s3://bucket/folder/"}, "name", …]');
  }
  const { bucket, key: folder } = parseS3Uri(prefix, 'prefix of the manifest');
  const files = await inPortions([...new Set(names)], async (name) => {
    ground.signal.throwIfAborted();
    const entry = await ground.objects.head(bucket, folder + name);
    if (entry === undefined)
      throw badManifest(location, `it names s3://${bucket}/${folder}${name}, which is not there`);
    return { ...entry, bucket, path: name };
  });
  return files.sort((a, b) => (a.key < b.key ? -1 : 1));
}

async function readManifest({ bucket, key }: S3Location, { objects }: ListingGround): Promise<unknown[]> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of await objects.read(bucket, key)) {
    size += (chunk as Buffer).length;
    if (size > largestManifest) throw badManifest({ bucket, key }, `it is larger than ${largestManifest} bytes`);
    chunks.push(chunk as Buffer);
  }
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // Said below.
  }
  throw badManifest({ bucket, key }, 'it is no JSON array');
}

const portion = 64;

/** So many at a time, in their order. Where it throws, none of them is at work any more. */
export async function inPortions<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += portion) {
    const settled = await Promise.allSettled(items.slice(at, at + portion).map(work));
    for (const each of settled) {
      if (each.status === 'rejected') throw each.reason;
      results.push(each.value);
    }
  }
  return results;
}

function badManifest({ bucket, key }: S3Location, problem: string): JobFailure {
  return new JobFailure(
    failed('ClientError', `Data download failed: the manifest s3://${bucket}/${key} cannot be used: ${problem}.`),
  );
}

function nothingFound(
  uri: string,
  { region, roleArn }: { readonly region: string; readonly roleArn: string },
): JobFailure {
  return new JobFailure(failed('ClientError', noObjects(uri, { region, roleArn })));
}

/** AWS's words. */
export function noObjects(
  uri: string,
  { region, roleArn }: { readonly region: string; readonly roleArn: string },
): string {
  const { bucket } = parseS3Uri(uri, 'S3Uri');
  return (
    `No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists in the selected ` +
    `region (${region}), that objects exist under that S3 prefix, and that the role "${roleArn}" has "s3:ListBucket" permissions ` +
    `on bucket "${bucket}".`
  );
}

/**
 * What each of `hosts` gets: all, or, ShardedByS3Key, every so-many-th object in the order of keys, so that the folders of classes
 * are spread evenly too. AWS says only that each gets about as many.
 */
export function shardsOf(
  files: readonly ChannelFile[],
  { hosts, distribution }: { readonly hosts: number; readonly distribution: string | undefined },
): (readonly ChannelFile[])[] {
  return Array.from({ length: hosts }, (_, host) =>
    distribution === 'ShardedByS3Key' ? files.filter((_file, at) => at % hosts === host) : files,
  );
}
