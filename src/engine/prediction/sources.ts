import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { userError } from '../../errors/index.ts';

const pictureNames = [
  '**/*.{jpg,jpeg,jpe,jfif,png,webp,avif,gif,tif,tiff,heic,heif,JPG,JPEG,PNG,WEBP,GIF,TIF,TIFF,HEIC,HEIF}',
];

/**
 * The files that arguments stand for: a file itself, a folder's pictures at any depth, a glob's matches. Sorted within each argument,
 * each file once.
 * @throws WHIPPET_IMAGE_UNREADABLE for a name that is none of the three
 */
export async function findPictures(names: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const name of names) {
    const status = await stat(name).catch(() => undefined);
    const matches = status?.isDirectory()
      ? (await glob(pictureNames, { cwd: name, followSymbolicLinks: false })).map((match) => join(name, match))
      : status
        ? [name]
        : await glob([name.replaceAll('\\', '/')]);
    if (matches.length === 0) {
      const reason = status ? 'the folder holds no pictures' : 'there is no such file, folder or glob match';
      throw userError('WHIPPET_IMAGE_UNREADABLE', { source: name, reason });
    }
    for (const match of matches.sort()) found.add(match);
  }
  return [...found];
}
