/**
 * The one file that knows sharp (libvips). Its threads are switched off: several pictures in flight beat several threads on one,
 * and libuv's pool bounds them. Its cache is off too, as no picture is decoded twice.
 */
import sharp from 'sharp';
import { userError } from '../../errors/index.ts';
import type { PictureFormat } from './picture.ts';
import type { Raster } from './resample.ts';

sharp.concurrency(1);
sharp.cache(false);

/** Decoding more than this is refused from the header alone: a guard against decompression bombs. */
export const pixelLimit = 100_000_000;

export interface Header {
  /** After EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** An embedded colour profile that is not sRGB itself. */
  readonly foreignProfile: boolean;
}

/** What to decode: the window (of the upright picture) is scaled to `width × height`. */
export interface DecodePlan {
  readonly window?: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  readonly width: number;
  readonly height: number;
}

const formatNames: Readonly<Record<string, PictureFormat>> = {
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  tiff: 'tiff',
  heif: 'avif',
};

/** 'error' and not the stricter default: cameras and old tools write files that every viewer opens with a warning. */
const tolerance = { failOn: 'error', limitInputPixels: pixelLimit } as const;

function corrupt(source: string, error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  const reason = text
    .split('\n')[0]!
    .replace(/^Input (file|buffer) has corrupt header: ?/, '')
    .replace(/^(Input )?(file|buffer):? ?/i, '')
    .trim()
    .replace(/\.$/, '');
  return userError('WHIPPET_IMAGE_CORRUPT', { source, reason: reason || 'its header cannot be read' }, error);
}

/** Nearly every tagged photo is tagged as what it would be without a tag; converting those costs time and rounding. */
function isStandardProfile(icc: Buffer): boolean {
  return /sRGB/i.test(icc.subarray(128).toString('latin1').replaceAll('\0', ''));
}

/**
 * Reads the header only.
 * @throws WHIPPET_IMAGE_TOO_LARGE, WHIPPET_IMAGE_CORRUPT (also when libvips sees another format than the sniffer).
 */
export async function readHeader(bytes: Uint8Array, format: PictureFormat, source: string): Promise<Header> {
  const metadata = await sharp(bytes, { ...tolerance, limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw corrupt(source, error);
    });
  if (formatNames[metadata.format] !== format) {
    throw corrupt(source, `it begins as ${format} and continues as ${metadata.format}`);
  }
  const { width, height } = metadata.autoOrient;
  if (width * height > pixelLimit) {
    throw userError('WHIPPET_IMAGE_TOO_LARGE', { source, width, height, limit: pixelLimit });
  }
  return { width, height, foreignProfile: metadata.icc !== undefined && !isStandardProfile(metadata.icc) };
}

/**
 * Decodes the first frame upright, to 8-bit sRGB over white.
 * @throws WHIPPET_IMAGE_CORRUPT
 */
export async function decodeRgb(
  bytes: Uint8Array,
  plan: DecodePlan,
  options: { source: string; header: Header },
): Promise<Raster> {
  const { header, source } = options;
  const { window, width, height } = plan;
  let pipeline = sharp(bytes, { ...tolerance, ignoreIcc: !header.foreignProfile }).autoOrient();
  if (window !== undefined) pipeline = pipeline.extract(window);
  const from = window ?? header;
  if (width !== from.width || height !== from.height) {
    pipeline = pipeline.resize(width, height, { fit: 'fill', kernel: 'cubic' });
  }
  const { data, info } = await pipeline
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw corrupt(source, error);
    });
  // Satellite pictures and the like.
  if (info.channels !== 3) throw corrupt(source, `it has ${info.channels} channels instead of colours`);
  return { width, height, data };
}

const asRaw = ({ data, width, height }: Raster) => sharp(data, { raw: { width, height, channels: 3 } });

/** Lossless, for pictures with drawn edges (heat maps). */
export async function encodePng(rgb: Uint8Array, size: { width: number; height: number }): Promise<Uint8Array> {
  return asRaw({ data: rgb, ...size })
    .png({ compressionLevel: 6 })
    .toBuffer();
}

/** @param options `quality` 1–100, 82 by default: artefacts are invisible at gallery size. */
export async function encodeJpeg(
  rgb: Uint8Array,
  options: { width: number; height: number; quality?: number },
): Promise<Uint8Array> {
  const { quality = 82, width, height } = options;
  return asRaw({ data: rgb, width, height }).jpeg({ quality }).toBuffer();
}

/**
 * For drawings of our own only: SVG from elsewhere can be made to take for ever, so it is never decoded as a picture.
 * @returns a JPEG.
 */
export async function rasteriseSvg(
  svg: string,
  options: { width: number; height: number; quality: number },
): Promise<Uint8Array> {
  const { width, height, quality } = options;
  return sharp(Buffer.from(svg))
    .resize(width, height, { fit: 'fill' })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality })
    .toBuffer();
}

/** For the record in a model's manifest. */
export const codecVersions: Readonly<Record<'sharp' | 'vips', string>> = {
  sharp: sharp.versions.sharp ?? 'unknown',
  vips: sharp.versions.vips,
};
