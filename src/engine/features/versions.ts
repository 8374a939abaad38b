import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** To be raised with every change that makes the decoder accept other files or give other pixels or facts. */
const decoderVersion = 'decoder 2';

/**
 * What changes the last bits of a feature besides the picture and the backbone: the programs that decode and compute, and the
 * instruction set. Features made by others are computed again, so that equal inputs and versions give equal models whatever the
 * cache held.
 */
export function runtimeVersions(): readonly string[] {
  const versions = ['sharp', 'onnxruntime-node'].map((name) => `${name} ${packageVersion(name)}`);
  return [decoderVersion, ...versions, process.arch];
}

/** The version of an installed package, read without loading it: these are native, and the process that asks needs none of them. */
export function packageVersion(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  for (let directory = dirname(entry); directory !== dirname(directory); directory = dirname(directory)) {
    const manifest = readManifest(join(directory, 'package.json'));
    if (manifest?.name === name && manifest.version) return manifest.version;
  }
  throw new Error(`${entry} is in no package ${name}`);
}

/** Some packages have a nameless package.json further in, and not all export theirs. */
function readManifest(file: string): { name?: string; version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
