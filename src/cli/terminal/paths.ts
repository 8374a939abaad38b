import { relative } from 'node:path';

/** A path as a person would type it here: relative, unless the absolute one is shorter. */
export function shortPath(path: string, here = process.cwd()): string {
  const near = relative(here, path) || '.';
  return near.length < path.length ? near : path;
}
