import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** To be raised with every change that makes the decoder accept other files or give other pixels or facts. */
const decoderVersion = 'decoder 1';

/**
 * What changes the last bits of a feature besides the picture and the backbone: the programs that decode and compute, and the
 * instruction set. Features made by others are computed again, so that equal inputs and versions give equal models whatever the
 * cache held.
 */
export function runtimeVersions(): readonly string[] {
  return [decoderVersion, packageVersion('sharp'), packageVersion('onnxruntime-node'), process.arch];
}

/** Reads the version without loading the package: both are native, and the process that asks needs neither. */
export function packageVersion(name: string): string {
  const file = findPackageJSON(name, import.meta.url);
  if (!file) throw new Error(`${name} is not installed`);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return `${name} ${version}`;
}
