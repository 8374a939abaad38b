import { type Random, seededRandom } from '../../random/index.ts';
import type { DecodePlan } from './codec.ts';
import type { Preprocessing, View } from './picture.ts';
import type { Axis } from './resample.ts';

type Shape = Pick<Preprocessing, 'size' | 'resize' | 'interpolation'>;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Python's round(): halves go to the even neighbour. torchvision places its crops with it. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The largest power of two that leaves `length` at least twice as long as `target`. */
function shrinkFactor(length: number, target: number): number {
  let factor = 1;
  while (length / (factor * 2) >= target * 2) factor *= 2;
  return factor;
}

/** Beyond this ratio of sides only the middle of a picture is decoded, so that a strip of 1 × 10⁷ pixels needs no more memory than a photo. */
const longestRatio = 4;

/**
 * How to decode a picture once for all its views. Pictures of at least four times the wanted size come out shrunk by a power of two
 * (which JPEG and WebP decoders do nearly for free) to between two and four times the wanted size: what is left to the antialiased
 * resize then hides the difference. Depends on nothing but the picture's size and the preprocessing, so a view has the same pixels
 * whatever other views are asked for.
 */
export function planDecode({ width, height }: Size, { size, resize }: Shape): DecodePlan {
  if (resize === 'squash') {
    return {
      width: Math.floor(width / shrinkFactor(width, size)),
      height: Math.floor(height / shrinkFactor(height, size)),
    };
  }
  const shorter = Math.min(width, height);
  const window = {
    width: Math.min(width, shorter * longestRatio),
    height: Math.min(height, shorter * longestRatio),
  };
  const factor = shrinkFactor(shorter, Math.max(resize, size));
  // Rounded down: a JPEG decoder shrinks by a factor only if no more than that is asked of it.
  const plan = { width: Math.floor(window.width / factor), height: Math.floor(window.height / factor) };
  if (window.width === width && window.height === height) return plan;
  const left = (width - window.width) >> 1;
  const top = (height - window.height) >> 1;
  return { ...plan, window: { ...window, left, top } };
}

const whole = (length: number, size: number): Axis => ({ from: 0, span: length, size, start: 0, count: size });

/**
 * torchvision's Resize(resize) then CenterCrop(size): the longer side is truncated, the crop's corner rounded half to even. The sizes
 * come from the picture as it was (`full`), not as it was decoded: a pixel more or less would shift the crop.
 */
function centerAxes(decoded: Size, { shape, full }: { shape: Shape; full: Size }): { x: Axis; y: Axis } {
  const { size, resize } = shape;
  if (resize === 'squash') return { x: whole(decoded.width, size), y: whole(decoded.height, size) };
  const shorter = Math.min(full.width, full.height);
  const axis = (length: number, span: number): Axis => {
    const scaled = length === shorter ? resize : Math.trunc((resize * length) / shorter);
    return { from: 0, span, size: scaled, start: roundHalfEven((scaled - size) / 2), count: size };
  };
  return { x: axis(full.width, decoded.width), y: axis(full.height, decoded.height) };
}

/** torchvision's RandomResizedCrop.get_params with scale 0.35–1 and ratio 3/4–4/3: ten tries, then the middle. */
export function randomCrop({ width, height }: Size, random: Random): { left: number; top: number } & Size {
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = width * height * (0.35 + 0.65 * random.next());
    const ratio = Math.exp(Math.log(3 / 4) + (Math.log(4 / 3) - Math.log(3 / 4)) * random.next());
    const w = roundHalfEven(Math.sqrt(area * ratio));
    const h = roundHalfEven(Math.sqrt(area / ratio));
    if (w > 0 && w <= width && h > 0 && h <= height) {
      const top = random.integer(height - h + 1);
      return { left: random.integer(width - w + 1), top, width: w, height: h };
    }
  }
  const ratio = width / height;
  const w = ratio > 4 / 3 ? roundHalfEven((height * 4) / 3) : width;
  const h = ratio < 3 / 4 ? roundHalfEven((width * 4) / 3) : height;
  return { left: (width - w) >> 1, top: (height - h) >> 1, width: w, height: h };
}

export interface ViewOptions {
  readonly shape: Shape;
  /** Size of the picture, or of the window of it, before it was decoded. */
  readonly full: Size;
  /** Makes each picture's random crops its own. */
  readonly digest: string;
}

/** Which part of the decoded picture a view shows, and whether it is mirrored. */
export function viewGeometry(view: View, decoded: Size, options: ViewOptions) {
  const { shape, digest } = options;
  if (view.kind !== 'random') return { axes: centerAxes(decoded, options), mirrored: view.kind === 'flip' };
  const random = seededRandom(`${view.seed}/${digest}/${view.index}`);
  const mirrored = random.next() < 0.5;
  const crop = randomCrop(decoded, random);
  const axis = (from: number, span: number): Axis => ({ from, span, size: shape.size, start: 0, count: shape.size });
  return { axes: { x: axis(crop.left, crop.width), y: axis(crop.top, crop.height) }, mirrored };
}
