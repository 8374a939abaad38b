import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { seededRandom } from '../../random/index.ts';
import { decodePicture, decodeUpright } from './decode.ts';
import type { PictureFormat } from './picture.ts';
import type { Raster } from './resample.ts';

const folder = new URL('../../../../shared/data/nasty/', import.meta.url);
const skip = existsSync(folder) ? false : 'shared/data/nasty is not here';

type Rgb = readonly [number, number, number];
type Expected = readonly [format: PictureFormat, width: number, height: number, colours: readonly Rgb[]];

/** Where colours are looked up, as fractions of the upright picture. */
const places = [
  [0, 0],
  [0.5, 0.5],
  [0.25, 0.75],
] as const;

const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];
const red: Rgb = [255, 0, 0];
const violet: Rgb = [146, 87, 214];
const grey = (level: number): Rgb => [level, level, level];

/** For each file the format, the upright size and the colours at `places` (as Pillow has them too), or the code of the refusal. */
const expectations: Readonly<Record<string, Expected | string>> = {
  'MANIFEST.tsv': 'WHIPPET_IMAGE_NOT_AN_IMAGE',
  'alpha.webp': ['webp', 300, 300, [white, grey(204), [198, 198, 206]]],
  'animated.webp': ['webp', 370, 285, [white, [255, 255, 253], [255, 255, 253]]],
  'animated2.gif': ['gif', 80, 80, [white, white, [87, 124, 155]]],
  'apng16.png': ['png', 128, 64, [red, red, red]],
  'bomb-65536x65536.png': 'WHIPPET_IMAGE_TOO_LARGE',
  'broken.png': 'WHIPPET_IMAGE_CORRUPT',
  // Pillow converts CMYK without regard to inks; these are the colours of libvips' default CMYK profile.
  'cmyk-adobe-inverted.jpg': ['jpeg', 100, 100, [[232, 28, 28], black, black]],
  'cmyk-noicc.jpg': [
    'jpeg',
    500,
    333,
    [
      [186, 201, 230],
      [157, 171, 123],
      [32, 53, 13],
    ],
  ],
  'corrupt-header.jpg': 'WHIPPET_IMAGE_CORRUPT',
  'crash-test.gif': [
    'gif',
    800,
    533,
    [
      [107, 123, 83],
      [219, 216, 161],
      [104, 107, 117],
    ],
  ],
  // These two carry a profile that is not sRGB and are converted (Pillow does not).
  'exif-orient-3.jpg': [
    'jpeg',
    600,
    450,
    [
      [27, 35, 59],
      [251, 252, 255],
      [51, 20, 30],
    ],
  ],
  'exif-orient-8.jpg': [
    'jpeg',
    600,
    450,
    [
      [22, 36, 43],
      [255, 255, 253],
      [42, 25, 24],
    ],
  ],
  'exif-orient-5-portrait.jpg': [
    'jpeg',
    1200,
    1800,
    [
      [200, 204, 213],
      [139, 156, 164],
      [225, 232, 238],
    ],
  ],
  'exif-orient-9-invalid.jpg': [
    'jpeg',
    480,
    369,
    [
      [125, 172, 200],
      [213, 210, 205],
      [82, 136, 162],
    ],
  ],
  'giant-image.jpg': 'WHIPPET_IMAGE_TOO_LARGE',
  'grey-alpha.png': ['png', 400, 300, [white, grey(224), white]],
  'grey.jpg': [
    'jpeg',
    258,
    222,
    [
      [39, 201, 53],
      [202, 107, 141],
      [42, 143, 125],
    ],
  ],
  'grey2.jpg': ['jpeg', 128, 128, [grey(26), grey(99), grey(13)]],
  'heic-named.jpg': 'WHIPPET_IMAGE_HEIC',
  'icc-after-sof.jpg': ['jpeg', 10, 10, [black, black, black]],
  'indexed.png': [
    'png',
    290,
    442,
    [
      [190, 160, 115],
      [64, 75, 112],
      [123, 129, 119],
    ],
  ],
  'invalid-exif.jpg': ['jpeg', 200, 200, [grey(182), grey(118), grey(80)]],
  'jpeg2000-16.jp2': 'WHIPPET_IMAGE_UNSUPPORTED',
  'looks-like-svg.webp': ['webp', 256, 256, [white, white, [104, 112, 80]]],
  'mpo-multi.jpg': [
    'jpeg',
    640,
    480,
    [
      [31, 13, 9],
      [176, 186, 187],
      [159, 156, 149],
    ],
  ],
  'ok-hevc.heif': 'WHIPPET_IMAGE_HEIC',
  // 16 bits a sample, of which the upper eight are taken.
  'palette1-trns.png': ['png', 64, 64, [black, white, black]],
  'phone.heic': 'WHIPPET_IMAGE_HEIC',
  'png-named.jpg': ['png', 256, 192, [violet, violet, violet]],
  'png16-grey-alpha.png': ['png', 109, 96, [grey(248), grey(248), grey(248)]],
  'png16-rgb.png': ['png', 900, 600, [[174, 28, 40], white, [33, 70, 139]]],
  'png16-trns.png': ['png', 32, 32, [white, grey(158), grey(134)]],
  'progressive.jpg': [
    'jpeg',
    256,
    160,
    [
      [142, 181, 176],
      [188, 168, 141],
      [121, 123, 112],
    ],
  ],
  'qtables16.jpg': ['jpeg', 128, 128, [[15, 5, 65], [203, 110, 69], grey(14)]],
  'rgba.png': ['png', 256, 192, [violet, violet, violet]],
  'sample.tif': [
    'tiff',
    290,
    442,
    [
      [192, 160, 115],
      [63, 75, 111],
      [128, 127, 119],
    ],
  ],
  'small.bmp': 'WHIPPET_IMAGE_UNSUPPORTED',
  'truncated.gif': 'WHIPPET_IMAGE_CORRUPT',
  'truncated.jpg': 'WHIPPET_IMAGE_CORRUPT',
  'ultra-hdr.jpg': [
    'jpeg',
    3840,
    2160,
    [
      [20, 19, 17],
      [198, 171, 152],
      [184, 161, 145],
    ],
  ],
};

const options = (source: string) =>
  ({
    source,
    preprocessing: { size: 64, resize: 72, interpolation: 'bilinear' },
    views: [{ kind: 'center' }, { kind: 'random', index: 0, seed: 1 }],
    digest: source,
  }) as const;

const read = (name: string): Uint8Array => readFileSync(new URL(name, folder));

function colourAt({ data, width, height }: Raster, [x, y]: readonly [number, number]): Rgb {
  const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 3;
  return [data[at]!, data[at + 1]!, data[at + 2]!];
}

test('every nasty file has its outcome here', { skip }, () => {
  assert.deepEqual(readdirSync(folder).sort(), Object.keys(expectations).sort());
});

for (const [name, expected] of Object.entries(expectations)) {
  if (typeof expected === 'string') {
    test(`${name} is refused`, { skip }, async () => {
      await assert.rejects(decodePicture(read(name), options(name)), (error: Error & { code?: string }) => {
        assert.equal(error.code, expected, error.message);
        assert.ok(error.message.includes(name), 'the message names the picture');
        assert.doesNotMatch(error.message, /Input (file|buffer)|undefined/);
        return true;
      });
    });
    continue;
  }
  const [format, width, height, colours] = expected;
  test(`${name} is decoded`, { skip }, async () => {
    const { facts, views } = await decodePicture(read(name), options(name));
    assert.deepEqual([facts.format, facts.width, facts.height], [format, width, height]);
    assert.deepEqual(
      views.map(({ length }) => length),
      [64 * 64 * 3, 64 * 64 * 3],
    );
    const upright = await decodeUpright(read(name), name, 4000);
    assert.deepEqual([upright.width, upright.height], [width, height]);
    places.forEach((place, i) => {
      const colour = colourAt(upright, place);
      const off = Math.max(...colour.map((level, c) => Math.abs(level - colours[i]![c]!)));
      assert.ok(off <= 2, `at ${place}: ${colour} and not ${colours[i]}`);
    });
  });
}

const seeds = [
  'rgba.png',
  'alpha.webp',
  'animated2.gif',
  'sample.tif',
  'qtables16.jpg',
  'invalid-exif.jpg',
  'ok-hevc.heif',
];

for (const name of seeds) {
  test(`${name}, cut and with flipped bytes, is decoded or refused with a typed error`, { skip }, async () => {
    const whole = read(name);
    const random = seededRandom(name);
    for (let round = 0; round < 40; round++) {
      // Half of the damage goes to the header, where it hurts most.
      const bytes = Uint8Array.from(round % 4 === 0 ? whole.subarray(0, random.integer(whole.length)) : whole);
      for (let flip = 0; flip < 1 + (round % 5) && bytes.length > 0; flip++) {
        bytes[random.integer(round % 2 === 0 ? bytes.length : Math.min(bytes.length, 300))] = random.integer(256);
      }
      const outcome = await decodePicture(bytes, options(name)).then(
        ({ views }) => views.length,
        (error: Error & { code?: string }) => error.code ?? error.stack,
      );
      assert.match(String(outcome), /^(2|WHIPPET_IMAGE_[A-Z_]+)$/, `round ${round}`);
    }
  });
}
