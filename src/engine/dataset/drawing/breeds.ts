import type { Breed, Build } from './breed.ts';

// Past 300 lines, as it is one table: a breed is read beside its neighbours.

const tan = '#c98a4b';
const fawn = '#d9b184';
const cream = '#f0dfc0';
const white = '#f6f1e7';
const black = '#3a3436';
const grey = '#8d929b';
const liver = '#7a4a33';
const red = '#b65f35';
const gold = '#dba85c';
const brownEyes = '#4a2d1c';

/** Sorted by name. */
export const breeds: readonly Breed[] = [
  {
    name: 'Bramble Terrier',
    build: build({
      stature: 0.88,
      length: 88,
      depth: 42,
      legs: 26,
      bone: 7,
      skull: 25,
      neck: 20,
      muzzle: [0.85, 0.62],
    }),
    ears: 'button',
    tail: 'upright',
    texture: 'wiry',
    hair: 4.5,
    features: ['beard'],
    eyes: brownEyes,
    coats: [
      { base: tan, second: black, marking: 'saddle' },
      { base: '#bd8f5e', second: '#56504f', marking: 'saddle' },
      { base: fawn, second: '#77706b', marking: 'saddle' },
    ],
  },
  {
    name: 'Cinder Spitz',
    build: build({
      stature: 0.8,
      length: 76,
      depth: 42,
      legs: 28,
      bone: 6.5,
      skull: 26,
      neck: 16,
      muzzle: [0.55, 0.42],
    }),
    ears: 'prick',
    tail: 'curl',
    texture: 'fluffy',
    hair: 8.5,
    features: ['ruff'],
    eyes: brownEyes,
    coats: [
      { base: '#4b474d', second: '#6d6a72', marking: 'solid' },
      { base: '#6f6b70', second: '#a09ca0', marking: 'pale' },
      { base: '#c5713a', second: '#e0a66c', marking: 'pale' },
    ],
  },
  {
    name: 'Dapple Hound',
    build: build({
      stature: 1.04,
      length: 102,
      depth: 43,
      legs: 46,
      bone: 6.6,
      skull: 25,
      neck: 26,
      muzzle: [1.15, 0.66],
    }),
    ears: 'long',
    tail: 'sabre',
    texture: 'smooth',
    hair: 0,
    features: ['jowls'],
    eyes: '#5c3d22',
    coats: [
      { base: '#9aa3ad', second: '#454a55', marking: 'merle' },
      { base: '#c9a183', second: '#8a5537', marking: 'merle' },
    ],
  },
  {
    name: 'Fenland Corgi',
    build: build({
      stature: 0.78,
      length: 106,
      depth: 42,
      legs: 15,
      bone: 7.4,
      skull: 26,
      neck: 17,
      muzzle: [0.8, 0.48],
    }),
    ears: 'bat',
    tail: 'stub',
    texture: 'smooth',
    hair: 0,
    features: ['blaze'],
    eyes: brownEyes,
    coats: [
      { base: '#cf8443', second: white, marking: 'irish' },
      { base: black, second: white, marking: 'irish' },
      { base: '#dfb070', second: white, marking: 'irish' },
    ],
  },
  {
    name: 'Frostbay Husky',
    build: build({ stature: 1.02, length: 96, depth: 42, legs: 42, bone: 7, skull: 26, neck: 21, muzzle: [0.85, 0.5] }),
    ears: 'prick',
    tail: 'plume',
    texture: 'fluffy',
    hair: 5,
    features: ['ruff', 'blaze'],
    eyes: '#6fb6de',
    coats: [
      { base: '#7c8591', second: white, marking: 'pale' },
      { base: '#4a4a52', second: white, marking: 'pale' },
      { base: '#b3714a', second: white, marking: 'pale' },
    ],
  },
  {
    name: 'Harbour Spaniel',
    build: build({
      stature: 0.92,
      length: 92,
      depth: 43,
      legs: 30,
      bone: 6.8,
      skull: 26,
      neck: 18,
      muzzle: [0.85, 0.58],
    }),
    ears: 'long',
    tail: 'feather',
    texture: 'long',
    hair: 7,
    features: ['blaze'],
    eyes: brownEyes,
    coats: [
      { base: white, second: liver, marking: 'ticked' },
      { base: white, second: black, marking: 'ticked' },
      { base: white, second: '#cf8443', marking: 'ticked' },
    ],
  },
  {
    name: 'Heather Collie',
    build: build({
      stature: 1.02,
      length: 98,
      depth: 43,
      legs: 38,
      bone: 6.4,
      skull: 24,
      neck: 23,
      muzzle: [1.2, 0.44],
    }),
    ears: 'semi',
    tail: 'plume',
    texture: 'long',
    hair: 9.5,
    features: ['ruff', 'blaze'],
    eyes: brownEyes,
    coats: [
      { base: '#a8693a', second: white, marking: 'irish' },
      { base: black, second: white, marking: 'irish' },
      { base: '#8f97a3', second: white, marking: 'irish' },
    ],
  },
  {
    name: 'Lantern Whippet',
    build: build({
      stature: 1.06,
      length: 98,
      depth: 37,
      legs: 50,
      bone: 4.6,
      skull: 20,
      neck: 32,
      tuck: 0.52,
      muzzle: [1.3, 0.42],
    }),
    ears: 'rose',
    tail: 'whip',
    texture: 'smooth',
    hair: 0,
    features: [],
    eyes: '#5c3d22',
    coats: [
      { base: '#b98a58', second: '#4c3527', marking: 'brindle' },
      { base: '#8d929b', second: '#4a4d57', marking: 'brindle' },
      { base: fawn, second: white, marking: 'irish' },
    ],
  },
  {
    name: 'Marzipan Poodle',
    build: build({ stature: 0.98, length: 82, depth: 38, legs: 44, bone: 7, skull: 24, neck: 25, muzzle: [1, 0.42] }),
    ears: 'drop',
    tail: 'pom',
    texture: 'curly',
    hair: 6,
    features: ['topknot'],
    eyes: brownEyes,
    coats: [
      { base: '#e3b988', second: cream, marking: 'solid' },
      { base: cream, second: white, marking: 'solid' },
      { base: '#a9a4a3', second: grey, marking: 'solid' },
    ],
  },
  {
    name: 'Peat Mastiff',
    build: build({
      stature: 1.08,
      length: 106,
      depth: 52,
      legs: 38,
      bone: 9.6,
      skull: 33,
      neck: 19,
      tuck: 0.14,
      muzzle: [0.5, 0.78],
    }),
    ears: 'drop',
    tail: 'otter',
    texture: 'smooth',
    hair: 0,
    features: ['jowls'],
    eyes: '#5c3d22',
    coats: [
      { base: '#cfa06a', second: '#40332f', marking: 'mask' },
      { base: '#a9754a', second: '#3b2b27', marking: 'mask' },
      { base: '#6b4b3a', second: '#372823', marking: 'brindle' },
    ],
  },
  {
    name: 'Quarry Pinscher',
    build: build({
      stature: 0.98,
      length: 88,
      depth: 38,
      legs: 45,
      bone: 5.6,
      skull: 22,
      neck: 27,
      tuck: 0.36,
      muzzle: [1.1, 0.46],
    }),
    ears: 'prick',
    tail: 'stub',
    texture: 'smooth',
    hair: 0,
    features: [],
    eyes: brownEyes,
    coats: [
      { base: '#383336', second: '#b8723c', marking: 'points' },
      { base: '#6b4433', second: '#c28450', marking: 'points' },
      { base: '#5d6571', second: '#b98455', marking: 'points' },
    ],
  },
  {
    name: 'Saltmarsh Retriever',
    build: build({
      stature: 1.02,
      length: 100,
      depth: 45,
      legs: 37,
      bone: 7.8,
      skull: 28,
      neck: 20,
      muzzle: [0.85, 0.58],
    }),
    ears: 'drop',
    tail: 'feather',
    texture: 'long',
    hair: 5.5,
    features: [],
    eyes: brownEyes,
    coats: [
      { base: gold, second: cream, marking: 'solid' },
      { base: '#ecd2a0', second: white, marking: 'solid' },
      { base: red, second: gold, marking: 'solid' },
    ],
  },
];

function build(given: {
  stature: number;
  length: number;
  depth: number;
  legs: number;
  bone: number;
  skull: number;
  neck: number;
  muzzle: readonly [length: number, depth: number];
  tuck?: number;
}): Build {
  const [length, depth] = given.muzzle;
  return { tuck: 0.24, ...given, muzzle: { length, depth } };
}
