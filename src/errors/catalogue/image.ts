import { defineError } from '../definition.ts';

interface Source {
  source: string;
}

const decodable = 'JPEG, PNG, WebP, AVIF, GIF or TIFF';

export const imageErrors = {
  WHIPPET_IMAGE_EMPTY: defineError<Source>({
    message: ({ source }) => `${source} is empty (0 bytes).`,
    remedy: 'Copy the picture again.',
  }),
  WHIPPET_IMAGE_UNSUPPORTED: defineError<Source & { format: string }>({
    message: ({ source, format }) => `${source} is ${format}, which is not supported.`,
    remedy: `Convert it to ${decodable}.`,
  }),
  WHIPPET_IMAGE_HEIC: defineError<Source>({
    message: ({ source }) => `${source} is HEIC (HEVC), which cannot be decoded here for want of a free licence.`,
    remedy: ({ source }) =>
      `Convert it: heif-convert "${source}" "${source}.jpg" (Debian: libheif-examples; macOS: sips -s format jpeg).`,
  }),
  WHIPPET_IMAGE_NOT_AN_IMAGE: defineError<Source & { what: string }>({
    message: ({ source, what }) =>
      what === ''
        ? `${source} is not a picture: its first bytes belong to no known image format.`
        : `${source} is not a picture but ${what}.`,
    remedy: `Remove it, or replace it by a ${decodable} file.`,
  }),
  WHIPPET_IMAGE_TOO_LARGE: defineError<Source & { width: number; height: number; limit: number }>({
    message: ({ source, width, height, limit }) =>
      `${source} has ${width} × ${height} pixels, more than ${limit / 1e6} million.`,
    remedy: 'Scale it down before; the limit guards against decompression bombs.',
  }),
  WHIPPET_IMAGE_CORRUPT: defineError<Source & { reason: string }>({
    message: ({ source, reason }) => `${source} is damaged or cut short: ${reason}.`,
    remedy: 'Copy or export the picture again.',
  }),
  WHIPPET_IMAGE_UNREADABLE: defineError<Source & { reason: string }>({
    message: ({ source, reason }) => `${source} cannot be read: ${reason}.`,
    remedy: 'Check that the file exists and that you may read it.',
  }),
  WHIPPET_IMAGE_FOLDER: defineError<Source>({
    message: ({ source }) => `${source} is a folder, and explain takes one picture.`,
    remedy: 'Name a picture in it. `whippet predict` takes whole folders.',
    exitCode: 2,
  }),
};
