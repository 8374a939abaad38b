import type { PictureFormat } from './picture.ts';

/** What a file is by its first bytes. Names and Content-Types are not asked: they lie too often. */
export type Sniffed =
  | { readonly kind: 'picture'; readonly format: PictureFormat }
  | { readonly kind: 'heic' }
  /** An image format that is not decoded here. */
  | { readonly kind: 'unsupported'; readonly format: string }
  /** No image at all; `what` is a guess at what it is instead, when there is one. */
  | { readonly kind: 'other'; readonly what?: string };

interface Signature {
  readonly at?: number;
  /** Latin-1. */
  readonly magic: string;
  readonly result: Sniffed;
}

const picture = (format: PictureFormat): Sniffed => ({ kind: 'picture', format });
const unsupported = (format: string): Sniffed => ({ kind: 'unsupported', format });
const other = (what: string): Sniffed => ({ kind: 'other', what });

const signatures: readonly Signature[] = [
  { magic: '\xff\xd8\xff', result: picture('jpeg') },
  { magic: '\x89PNG\r\n\x1a\n', result: picture('png') },
  { magic: 'GIF87a', result: picture('gif') },
  { magic: 'GIF89a', result: picture('gif') },
  { magic: 'II*\0', result: picture('tiff') },
  { magic: 'MM\0*', result: picture('tiff') },
  { magic: 'II+\0', result: picture('tiff') },
  { magic: 'MM\0+', result: picture('tiff') },
  { at: 8, magic: 'WEBP', result: picture('webp') },
  { magic: 'BM', result: unsupported('a Windows bitmap (BMP)') },
  { magic: '\0\0\0\x0cjP  ', result: unsupported('JPEG 2000') },
  { magic: '\xff\x4f\xff\x51', result: unsupported('JPEG 2000') },
  { magic: '\0\0\0\x0cJXL ', result: unsupported('JPEG XL') },
  { magic: '\xff\x0a', result: unsupported('JPEG XL') },
  { magic: '8BPS', result: unsupported('a Photoshop document (PSD)') },
  { magic: '\0\0\x01\0', result: unsupported('a Windows icon (ICO)') },
  { magic: 'qoif', result: unsupported('QOI') },
  { magic: '\x76\x2f\x31\x01', result: unsupported('OpenEXR') },
  { magic: '#?RADIANCE', result: unsupported('Radiance HDR') },
  { magic: 'FUJIFILMCCD-RAW', result: unsupported('a camera raw file') },
  { magic: '%PDF-', result: other('a PDF document') },
  { magic: 'PK\x03\x04', result: other('a ZIP archive') },
  { magic: '\x1f\x8b', result: other('a gzip archive') },
  { magic: '\x1aE\xdf\xa3', result: other('a Matroska or WebM video') },
];

/** The formats of the ISO base media file family tell themselves apart by their brands (ISO/IEC 14496-12 §4.3). */
function sniffBrands(head: string): Sniffed | undefined {
  if (head.slice(4, 8) !== 'ftyp') return undefined;
  const end = Math.min(head.length, 64, Math.max(16, head.charCodeAt(2) * 256 + head.charCodeAt(3)));
  const brands: string[] = [];
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12) brands.push(head.slice(at, at + 4));
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return picture('avif');
  if (brands.some((brand) => /^(hei[cxms]|hev[cxms])$/.test(brand))) return { kind: 'heic' };
  if (brands.some((brand) => /^(mif1|msf1)$/.test(brand))) return unsupported('HEIF with an unknown codec');
  if (brands[0] === 'crx ') return unsupported('a camera raw file');
  return other('a video (MP4, MOV)');
}

function sniffText(head: string): Sniffed | undefined {
  const text = head.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^<svg[\s>]/i.test(text) || (/^<(\?xml|!doctype svg|!--)/i.test(text) && /<svg[\s>]/i.test(text))) {
    return unsupported('SVG');
  }
  // What a failed download leaves behind.
  if (/^<(!doctype html|html|head|body)/i.test(text)) return other('a web page (HTML)');
  if (/^P[1-7]\s/.test(text)) return unsupported('a portable anymap (PNM)');
  if (/^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(head)) return other('text');
  return undefined;
}

/** Looks at no more than the first 1,024 bytes. */
export function sniff(bytes: Uint8Array): Sniffed {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1');
  const signature = signatures.find(({ at = 0, magic }) => head.startsWith(magic, at));
  return signature?.result ?? sniffBrands(head) ?? sniffText(head) ?? { kind: 'other' };
}
