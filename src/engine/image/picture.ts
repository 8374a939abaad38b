/** How a picture becomes the backbone's input. Part of the artifact: `whippet.json` › preprocessing. */
export interface Preprocessing {
  /** Side of the square input in pixels. */
  readonly size: number;
  /** The shorter side is scaled to this before the centre crop of `size`; 'squash' scales both sides to `size` without a crop. */
  readonly resize: number | 'squash';
  readonly interpolation: 'bilinear' | 'bicubic';
  /** Per channel RGB, in units of pixel ÷ 255. Applied inside the graph, not by the decoder. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** One way of looking at a picture. Random crops are torchvision's RandomResizedCrop (scale 0.35–1, ratio 3/4–4/3) + flip by seed. */
export type View =
  | { readonly kind: 'center' }
  | { readonly kind: 'flip' }
  | { readonly kind: 'random'; readonly index: number; readonly seed: number };

export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff';

/** What is known of a picture once it was decoded. Width and height are after EXIF orientation. */
export interface PictureFacts {
  readonly format: PictureFormat;
  readonly width: number;
  readonly height: number;
  /** 64-bit perceptual hash as 16 hex digits: pictures that look alike differ in few bits. */
  readonly thumbprint: string;
}

/** A decoded picture: per view `size × size × 3` bytes, RGB, row by row. */
export interface DecodedPicture {
  readonly facts: PictureFacts;
  readonly views: readonly Uint8Array[];
}
