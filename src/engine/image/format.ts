import { userError } from '../../errors/index.ts';
import type { PictureFormat } from './picture.ts';
import { sniff } from './sniff.ts';

/**
 * The format by the first bytes (1,024 are enough).
 * @throws WHIPPET_IMAGE_EMPTY, _HEIC, _UNSUPPORTED, _NOT_AN_IMAGE; `source` names the picture in them.
 */
export function pictureFormat(bytes: Uint8Array, source: string): PictureFormat {
  if (bytes.length === 0) throw userError('WHIPPET_IMAGE_EMPTY', { source });
  const sniffed = sniff(bytes);
  switch (sniffed.kind) {
    case 'picture':
      return sniffed.format;
    case 'heic':
      throw userError('WHIPPET_IMAGE_HEIC', { source });
    case 'unsupported':
      throw userError('WHIPPET_IMAGE_UNSUPPORTED', { source, format: sniffed.format });
    case 'other':
      throw userError('WHIPPET_IMAGE_NOT_AN_IMAGE', { source, what: sniffed.what ?? '' });
  }
}
