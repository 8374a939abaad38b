import { failed, JobFailure } from '../training/outcome.ts';

/** An object, and where it comes to lie. */
export interface Located {
  readonly key: string;
  readonly size: number;
  /** Below the channel's folder, with slashes. */
  readonly path: string;
}

/**
 * Where an object of an S3 prefix lies below the channel, as SageMaker does it: `s3://b/dogs` is the folder dogs where keys go on with
 * a slash, the object itself where there is one of that key, and else the beginning of names in the folder above.
 */
export function localName(key: string, prefix: string): string {
  if (key === prefix) return prefix.slice(prefix.lastIndexOf('/') + 1);
  const rest = key.slice(prefix.length);
  if (prefix === '' || prefix.endsWith('/')) return rest;
  return rest.startsWith('/') ? rest.slice(1) : key.slice(prefix.lastIndexOf('/') + 1);
}

/** Consoles make empty objects whose keys end with a slash, to show them as folders. */
export function isFolderMarker({ key, size }: { readonly key: string; readonly size: number }): boolean {
  return key.endsWith('/') && size === 0;
}

/** What file systems take for one name. Whole keys are short enough: S3 has 1,024 bytes. */
const longestName = 255;

/**
 * Keys may be anything, files may not: never is one outside of the channel's folder, or in the way of another.
 * @throws JobFailure that names the key.
 */
export function checkLocalNames(files: readonly Located[], uri: string): void {
  const paths = new Map<string, string>();
  for (const { key, path } of files) {
    const problem = problemOf(path);
    if (problem !== undefined) throw refusal(uri, `the object ${JSON.stringify(key)} cannot become a file: ${problem}`);
    const other = paths.get(path);
    if (other !== undefined && other !== key) {
      throw refusal(uri, `the objects ${JSON.stringify(other)} and ${JSON.stringify(key)} would be the same file`);
    }
    paths.set(path, key);
  }
  for (const { key, path } of files) {
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      const file = paths.get(path.slice(0, slash));
      if (file === undefined) continue;
      throw refusal(
        uri,
        `the object ${JSON.stringify(file)} would be a file where ${JSON.stringify(key)} needs a folder`,
      );
    }
  }
}

function problemOf(path: string): string | undefined {
  if (path.includes('\0')) return 'it contains a NUL character';
  for (const name of path.split('/')) {
    if (name === '') return 'a part of its name between slashes is empty';
    if (name === '.' || name === '..') return `a part of its name is "${name}"`;
    if (Buffer.byteLength(name) > longestName) return `a part of its name is longer than ${longestName} bytes`;
  }
  return undefined;
}

function refusal(uri: string, problem: string): JobFailure {
  return new JobFailure(failed('ClientError', `Data download failed: of ${uri}, ${problem}.`));
}
