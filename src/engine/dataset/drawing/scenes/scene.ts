import type { Random } from '../../../../random/index.ts';
import type { Drawing } from '../silhouette.ts';

/** Side of every drawing in its own units, whatever its size in pixels. */
export const side = 256;

export interface Scene {
  /** What lies behind the dog. */
  readonly behind: string;
  /** Things on the ground that may stand in front of a dog, growing upwards from (0, 0); about 20 wide and 30 high. */
  readonly obstacle: (random: Random) => string;
}

export type SceneKind = 'meadow' | 'sea' | 'snow' | 'room' | 'street';

export const sceneKinds: readonly SceneKind[] = ['meadow', 'sea', 'snow', 'room', 'street'];

/** `horizon` is where the ground begins, from the top. */
export type ScenePainter = (canvas: Drawing, horizon: number) => Scene;
