import type { Random } from '../../../random/index.ts';
import type { Breed } from './breed.ts';
import { between, happens, pick } from './chance.ts';
import { type Dog, drawDog, type Pose } from './dog.ts';
import { short } from './geometry.ts';
import { grain, jpegQuality, type Light, lightOver, lights } from './light.ts';
import { element } from './paint.ts';
import { meadow } from './scenes/meadow.ts';
import { room } from './scenes/room.ts';
import { type SceneKind, type ScenePainter, sceneKinds, side } from './scenes/scene.ts';
import { sea } from './scenes/sea.ts';
import { snow } from './scenes/snow.ts';
import { street } from './scenes/street.ts';
import { type Drawing, drawing } from './silhouette.ts';

const painters: Readonly<Record<SceneKind, ScenePainter>> = { meadow, sea, snow, room, street };

/** What was drawn. Everything but the breed and its coat is chosen without a look at the breed. */
export interface Traits {
  readonly coat: number;
  readonly pose: Pose;
  readonly facing: 'left' | 'right';
  readonly scene: SceneKind;
  readonly light: Light;
  readonly grain: boolean;
  readonly obstacle: boolean;
}

export interface Picture {
  /** A square of `side` units. */
  readonly svg: string;
  /** For the JPEG encoder. */
  readonly quality: number;
  readonly traits: Traits;
}

function chosenTraits(random: Random, breed: Breed): Traits {
  const draw = random.next();
  return {
    coat: draw < 0.5 ? 0 : draw < 0.78 ? 1 : breed.coats.length - 1,
    pose: pick<Pose>(random, [
      'standing',
      'standing',
      'standing',
      'sitting',
      'sitting',
      'sitting',
      'lying',
      'lying',
      'face',
      'face',
    ]),
    facing: happens(random, 0.5) ? 'left' : 'right',
    scene: pick(random, sceneKinds),
    light: pick(random, lights),
    grain: happens(random, 0.25),
    obstacle: happens(random, 0.3),
  };
}

/** Scales the dog into the picture with its feet on the ground. A face fills the picture and is cut off by its lower edge. */
function staged(
  canvas: Drawing,
  breed: Breed,
  dog: Dog,
  traits: Traits,
): { svg: string; ground: number; left: number; right: number } {
  const { random } = canvas;
  const { left, right, top, bottom } = dog.box;
  const close = traits.pose === 'face';
  const stature = 0.55 + 0.45 * breed.build.stature;
  const room = side * between(random, 0.84, 0.96) * (close ? 1.02 : stature);
  const ground = close ? side : between(random, 214, 242);
  // A little air above the ears; a face may touch the edge.
  const tallest = close ? room : ground - 5;
  const scale = Math.min(room / (right - left), tallest / (bottom - top), close ? 3.4 : 2.3);
  const slack = (side - (right - left) * scale) / 2;
  const middle = side / 2 + between(random, -0.5, 0.5) * Math.max(0, slack);
  const flip = traits.facing === 'left' ? -1 : 1;
  const x = middle - (flip * scale * (left + right)) / 2;
  const y = close ? side - bottom * scale : ground;
  const transform = `translate(${short(x)} ${short(y)})scale(${short(flip * scale)} ${short(scale)})`;
  const half = ((right - left) * scale) / 2;
  return { svg: element('g', { transform }, dog.svg), ground, left: middle - half, right: middle + half };
}

/** Draws one dog of the breed. The same stream of random numbers gives the same picture. */
export function drawPicture(breed: Breed, random: Random): Picture {
  const canvas = drawing(random);
  const traits = chosenTraits(random, breed);
  const scene = painters[traits.scene](canvas, between(random, 118, 160));
  const dog = drawDog(canvas, breed, { coat: breed.coats[traits.coat]!, pose: traits.pose });
  const { svg: stagedDog, ground, left, right } = staged(canvas, breed, dog, traits);
  const obstacle = traits.obstacle
    ? element(
        'g',
        {
          transform: `translate(${short(between(random, left, right))} ${short(Math.min(ground + between(random, 3, 9), side))})scale(${short(between(random, 0.9, 1.5))})`,
        },
        scene.obstacle(random),
      )
    : '';
  const quality = jpegQuality(random);
  const content = [
    scene.behind,
    stagedDog,
    obstacle,
    lightOver(canvas, traits.light),
    traits.grain ? grain(canvas) : '',
  ];
  const definitions = element('defs', {}, ...canvas.definitions);
  const svg = element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width: side, height: side, viewBox: `0 0 ${side} ${side}` },
    definitions,
    ...content,
  );
  return { svg, quality, traits };
}
