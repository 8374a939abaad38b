import type { Region } from './overlay.ts';

/** Why a model says what it says about one picture. Plain data but for the pictures. */
export interface Explanation {
  readonly source: string;
  readonly model: string;
  /** Of the photo, upright. */
  readonly width: number;
  readonly height: number;
  /** Most probable first; probabilities are calibrated. */
  readonly ranked: readonly { readonly label: string; readonly probability: number }[];
  /** 0–100: the share of valid pictures that were more like the training pictures. */
  readonly novelty: number;
  /** The part of the photo that the model has seen. */
  readonly region: Region;
  /** Maps of the explained classes, most probable first. Empty where the backbone has no place map. */
  readonly maps: readonly ExplainedClass[];
  /** How the maps were made, in words; or why there are none. */
  readonly method: string;
  readonly neighbours: readonly ExplainedNeighbour[];
  /** JPEG of the photo, upright. */
  readonly photo: Uint8Array;
}

export interface ExplainedClass {
  readonly label: string;
  readonly probability: number;
  readonly logit: number;
  /** Places [rows × columns]; with `offset` (the bias) they add up to the logit. */
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
  readonly offset: number;
  /** PNG: the map over the photo, without text, of the photo's size as shown. */
  readonly overlay: Uint8Array;
}

export interface ExplainedNeighbour {
  readonly label: string;
  /** Cosine of the standardised features. */
  readonly similarity: number;
  readonly name?: string;
  /** SHA-256 of the training file, hex. */
  readonly digest: string;
  /** JPEG, where the training picture was found unchanged. */
  readonly thumbnail?: Uint8Array;
}

/** What `explain --json` prints: everything but the pictures. */
export function explanationData(explanation: Explanation): unknown {
  const { photo: _photo, maps, neighbours, ...rest } = explanation;
  return {
    ...rest,
    maps: maps.map(({ overlay: _overlay, ...map }) => map),
    neighbours: neighbours.map(({ thumbnail: _thumbnail, ...neighbour }) => neighbour),
  };
}
