import { decodeRgb, encodeJpeg, type Header, readHeader } from './codec.ts';
import { pictureFormat } from './format.ts';
import { planDecode, viewGeometry } from './geometry.ts';
import type { DecodedPicture, PictureFormat, Preprocessing, View } from './picture.ts';
import { type Raster, resample } from './resample.ts';
import { thumbprintOf } from './thumbprint.ts';

export interface DecodeOptions {
  /** Names the picture in errors. */
  readonly source: string;
  readonly preprocessing: Pick<Preprocessing, 'size' | 'resize' | 'interpolation'>;
  readonly views: readonly View[];
  /** SHA-256 of the bytes, hex: with a view's seed it fixes the picture's random crops. */
  readonly digest: string;
}

async function open(bytes: Uint8Array, source: string): Promise<{ format: PictureFormat; header: Header }> {
  const format = pictureFormat(bytes, source);
  return { format, header: await readHeader(bytes, format, source) };
}

function mirror(pixels: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(pixels.length);
  for (let row = 0; row < pixels.length; row += size * 3) {
    for (let x = 0; x < size * 3; x += 3) {
      const from = row + (size - 1) * 3 - x;
      result[row + x] = pixels[from]!;
      result[row + x + 1] = pixels[from + 1]!;
      result[row + x + 2] = pixels[from + 2]!;
    }
  }
  return result;
}

/**
 * Decodes a picture once and looks at it in every wanted way. Pixels equal those of Pillow and torchvision (Resize, CenterCrop) for
 * 8-bit pictures below four times the wanted size; above, their mean difference is below one level of 255.
 * @throws WHIPPET_IMAGE_EMPTY, _HEIC, _UNSUPPORTED, _NOT_AN_IMAGE, _TOO_LARGE, _CORRUPT
 */
export async function decodePicture(bytes: Uint8Array, options: DecodeOptions): Promise<DecodedPicture> {
  const { source, preprocessing, digest } = options;
  const { format, header } = await open(bytes, source);
  const plan = planDecode(header, preprocessing);
  const picture = await decodeRgb(bytes, plan, { source, header });
  const geometry = { shape: preprocessing, full: plan.window ?? header, digest };
  let straight: Uint8Array | undefined;
  const views = options.views.map((view) => {
    const { axes, mirrored } = viewGeometry(view, picture, geometry);
    if (view.kind === 'random') {
      const pixels = resample(picture, axes, preprocessing.interpolation);
      return mirrored ? mirror(pixels, preprocessing.size) : pixels;
    }
    straight ??= resample(picture, axes, preprocessing.interpolation);
    return mirrored ? mirror(straight, preprocessing.size) : straight;
  });
  const facts = { format, width: header.width, height: header.height, thumbprint: thumbprintOf(picture) };
  return { facts, views };
}

/**
 * The whole picture, upright, scaled down (never up) to at most `maxSide` pixels on its longer side.
 * @throws as decodePicture
 */
export async function decodeUpright(bytes: Uint8Array, source: string, maxSide: number): Promise<Raster> {
  const { header } = await open(bytes, source);
  const scale = Math.min(1, maxSide / Math.max(header.width, header.height));
  const width = Math.max(1, Math.round(header.width * scale));
  const height = Math.max(1, Math.round(header.height * scale));
  return decodeRgb(bytes, { width, height }, { source, header });
}

/**
 * A small JPEG for galleries: the whole picture within `side × side` pixels, without metadata (and so without a place).
 * @throws as decodePicture
 */
export async function thumbnail(bytes: Uint8Array, options: { side: number; source?: string }): Promise<Uint8Array> {
  const { data, width, height } = await decodeUpright(bytes, options.source ?? 'the picture', options.side);
  return encodeJpeg(data, { width, height });
}
