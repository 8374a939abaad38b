import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

/** Bytes that begin like a JPEG: enough where nothing is decoded. */
export const jpegLike = (content: string): Uint8Array => Buffer.from(`\xff\xd8\xff\xe0${content}`, 'latin1');

/** A temporary folder with these files, removed after the test. A text becomes a file that begins like a JPEG. */
export function dataFolder(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), 'whippet-dataset-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), typeof content === 'string' ? jpegLike(content) : content);
  }
  return root;
}
