import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Script } from 'node:vm';
import { seededRandom } from '../../random/index.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { type ConfusionView, confusionMarkup } from './charts/confusion-map.ts';
import { renderReport } from './render.ts';
import type { ReportData, ReportedPicture } from './report-data.ts';

const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>&amp;\u202e`;
const jpeg = `data:image/jpeg;base64,${Buffer.alloc(9000, 7).toString('base64')}`;

function evaluationOf(classes: readonly string[], pictures: number) {
  const random = seededRandom(`report/${classes.length}`);
  const labels = Int32Array.from({ length: pictures }, (_, i) => i % classes.length);
  const logits = Float32Array.from({ length: pictures * classes.length }, (_, at) => {
    const own = at % classes.length === labels[Math.floor(at / classes.length)];
    return random.normal() + (own ? 3 : 0);
  });
  return evaluate({ logits, labels, classes, temperature: 1.2 });
}

function dataOf(classes: readonly string[], pictures: number, more: Partial<ReportData> = {}): ReportData {
  const counts = classes.map((_, c) => 20 + (c % 7));
  const shown = Array.from({ length: 60 }, (_, i): ReportedPicture => {
    const label = i % classes.length;
    return {
      name: `test/${classes[label]}/secret-${i}.jpg`,
      digest: `${i}`.padStart(64, 'f'),
      label,
      predicted: (i + 1) % classes.length,
      labelProbability: 0.1,
      predictedProbability: 0.8,
      thumbnail: jpeg,
    };
  });
  return {
    title: 'a set',
    createdAt: '2026-01-02T03:04:05.000Z',
    manifest: {
      digest: 'd'.repeat(64),
      labels: classes,
      backbone: {
        name: 'resnet50:v1',
        digest: 'b'.repeat(64),
        dimension: 2048,
        hasMap: true,
        pretrainedOn: 'ImageNet-1k',
      },
      preprocessing: {
        size: 224,
        resize: 256,
        interpolation: 'bilinear',
        mean: [0.485, 0.456, 0.406],
        std: [0.229, 0.224, 0.225],
      },
      head: [2048, classes.length],
      temperature: 1.2,
      hyperparameters: { learning_rate: 0.001, batch_size: 64 },
      data: {
        digests: { train: 'a'.repeat(64), test: 'c'.repeat(64) },
        counts: { train: counts, valid: counts, test: counts },
      },
      versions: { whippet: '0.1.0', node: '24', onnxruntime: '1', sharp: '0', platform: 'test' },
    },
    epochs: [1, 2, 3].map((epoch) => ({
      epoch,
      learningRate: 0.001,
      trainLoss: 3 / epoch,
      validLoss: 3.2 / epoch,
      calibratedLoss: 3.1 / epoch,
      validAccuracy: 0.2 * epoch,
      gradientNorm: 1,
    })),
    bestEpoch: 3,
    stopped: 'completed',
    valid: evaluationOf(classes, pictures),
    topLosses: shown.slice(0, 24),
    mistakes: shown.slice(24, 40),
    suspectedLabels: shown.slice(40),
    refused: [
      { name: 'train/secret-bad.jpg', code: 'WHIPPET_IMAGE_CORRUPT', message: 'train/secret-bad.jpg is damaged.' },
    ],
    findings: [{ severity: 'warning', summary: 'Two pictures look the same.', files: ['train/secret-twin.jpg'] }],
    warnings: [],
    timings: [{ stage: 'features', seconds: 12.3 }],
    ...more,
  };
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `breed number ${i}`);
const small = dataOf(names(5), 60);
const page = renderReport(small);

/** The page without its script, its sheet and its data block: what a reader sees. */
function markupOf(html: string): string {
  return html.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, '');
}

test('nothing is fetched, and only the inline script may run', () => {
  assert.doesNotMatch(page.replaceAll('http://www.w3.org/2000/svg', ''), /https?:|url\(|@import|<link|<iframe/);
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
  const source = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.ok(policy.includes(`'sha256-${createHash('sha256').update(source).digest('base64')}'`), policy);
  assert.doesNotThrow(() => new Script(source));
});

test('names of classes and files never become markup', () => {
  const classes = ['fine', hostile, '</script><script>alert(3)</script>', '`+alert(4)+`', ''];
  const data = dataOf(classes, 60, {
    title: hostile,
    warnings: [hostile],
    findings: [{ severity: 'error', summary: hostile, files: [hostile] }],
    refused: [{ name: hostile, code: hostile, message: hostile }],
  });
  const html = renderReport(data);
  const markup = markupOf(html);
  assert.doesNotMatch(markup, /<script|<img(?! src="data:| alt="")|onerror=[^&]*alert\(2\)>(?!&)/);
  assert.equal(html.match(/<script/g)?.length, page.match(/<script/g)?.length);
  assert.ok(markup.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
  assert.ok(markup.includes('<bdi>'));
  const block = /<script type="application\/json" id="confusion-data">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
  assert.deepEqual(JSON.parse(block).names, classes);
});

test('thumbnails that are not pictures in base64 are left out', () => {
  const [first] = small.topLosses;
  for (const thumbnail of [
    'javascript:alert(1)',
    'data:image/svg+xml;base64,AAAA',
    'data:image/png;base64,AA" onload="x',
    'https://x/y.jpg',
  ]) {
    const html = renderReport({ ...small, topLosses: [{ ...first!, thumbnail }], mistakes: [], suspectedLabels: [] });
    assert.doesNotMatch(markupOf(html), /<img(?! alt="")/, thumbnail);
  }
});

test('the page draws the map with the very function that drew it here', () => {
  const source = /const draw=([\s\S]*?);\n {2}const data=/.exec(page)?.[1] ?? '';
  const drawn = new Script(`(${source})`).runInNewContext() as (view: ConfusionView) => string;
  const block = /<script type="application\/json" id="confusion-data">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
  const view = { ...JSON.parse(block), left: 1, top: 0, span: 4 };
  assert.equal(drawn(view), confusionMarkup(view));
  assert.ok(page.includes(confusionMarkup({ ...view, left: 0, span: 5 })));
});

test('everything a reader needs is there without script', () => {
  for (const text of [
    'class="figure"',
    '95 % interval',
    'chance',
    'best: epoch 3',
    'Most confused pairs',
    'a perfectly calibrated model',
    'ImageNet-1k',
    'learning_rate',
    'WHIPPET',
    'a'.repeat(64),
    'onnxruntime',
    '12.3',
    'secret-twin.jpg',
    'is damaged',
  ]) {
    assert.ok(markupOf(page).replaceAll('\u00a0', ' ').includes(text), text);
  }
  assert.doesNotMatch(markupOf(page), /\bNaN\b|undefined|Infinity|\[object/);
});

test('it is told by what epochs are compared, and of smoothing and weights only where there are some', () => {
  const epochs = small.epochs.map((epoch, i) => ({ ...epoch, calibratedLoss: [0.81, 0.512, 0.67][i]! }));
  const told = (hyperparameters: ReportData['manifest']['hyperparameters']): string =>
    markupOf(
      renderReport({
        ...small,
        ...{ epochs, bestEpoch: 2, stopped: 'early-stopping', manifest: { ...small.manifest, hyperparameters } },
      }),
    );
  const html = told({ label_smoothing: 0, class_weights: 'none' });
  assert.match(html, /as the calibrated valid loss no longer fell \(3 epochs\)\. The model is that of epoch 2, where/);
  assert.match(
    html,
    /<td class="r">2 <span class="tag">best<\/span><\/td>(<td class="r">[\d.]+<\/td>){2}<td class="r">0\.512</,
  );
  assert.match(html, /class="line-label line-c-text"[^>]*>calibrated</);
  assert.doesNotMatch(html, /smoothing or|class weights in it|neither/);
  assert.match(told({ label_smoothing: 0.1 }), /epoch's end; neither has label smoothing in it\./);
  assert.match(
    told({ label_smoothing: 0.1, class_weights: 'balanced' }),
    /neither has label smoothing or class weights in it\./,
  );
});

test('labels of lines that end together stand apart', () => {
  const epochs = small.epochs.map((epoch) => ({ ...epoch, trainLoss: 1, validLoss: 1, calibratedLoss: 1 }));
  const html = renderReport({ ...small, epochs });
  const heights = [...html.matchAll(/class="line-label line-[abc]-text" x="[\d.]+" y="([\d.]+)"/g)].map(([, y]) =>
    Number(y),
  );
  const [train, valid, calibrated] = heights as [number, number, number];
  assert.deepEqual([valid - train, calibrated - valid].map(Math.round), [14, 14]);
});

test('every chart has a title and a description', () => {
  for (const [svg] of page.matchAll(/<svg class="chart[^>]*>[\s\S]*?<\/svg>/g)) assert.match(svg, /<title[\s\S]*<desc/);
});

test('the test split leads once it was opened, with the count of openings', () => {
  const test = { evaluation: evaluationOf(names(5), 90), openings: 3 };
  const html = renderReport({ ...small, test });
  assert.match(html, /right on <b>test<\/b>, 90 pictures/);
  assert.match(html, /opened <b>3 times<\/b>/);
  assert.match(html, /The test split has been opened 3 times/);
  assert.match(page, /right on <b>valid<\/b>/);
  assert.match(page, /not opened/);
});

test('a model that is not above chance, and a backbone without learning, are called so', () => {
  const classes = names(3);
  const blind = evaluate({
    logits: new Float32Array(90),
    labels: Int32Array.from({ length: 30 }, (_, i) => i % 3),
    classes,
    temperature: 1,
  });
  const data = dataOf(classes, 30, { valid: blind });
  const html = renderReport({
    ...data,
    manifest: { ...data.manifest, backbone: { ...data.manifest.backbone, name: 'scatter' } },
  });
  assert.match(html, /note error loud" role="note">NOT ABOVE CHANCE/);
  assert.match(html, /have learnt nothing/);
  assert.doesNotMatch(page, /NOT ABOVE CHANCE/);
});

test('without pictures nothing names or shows one', () => {
  const html = renderReport({ ...small, pictures: false });
  assert.doesNotMatch(html, /secret|data:image/);
  assert.match(html, /ffffffffffff/);
  assert.match(html, /WHIPPET_IMAGE_CORRUPT 1×/);
  assert.match(html, /Two pictures look the same/);
});

test('a model without mistakes, one epoch and no galleries still makes a page', () => {
  const classes = ['a', 'b'];
  const perfect = evaluate({
    logits: Float32Array.of(9, 0, 0, 9),
    labels: Int32Array.of(0, 1),
    classes,
    temperature: 1,
  });
  const { suspectedLabels: _none, mistakes: _nor, ...data } = dataOf(classes, 4);
  const html = renderReport({
    ...data,
    valid: perfect,
    topLosses: [],
    epochs: data.epochs.slice(0, 1),
    bestEpoch: 1,
    refused: [],
    findings: [],
    timings: [],
  });
  assert.doesNotMatch(markupOf(html), /\bNaN\b|undefined|Infinity/);
  assert.match(html, /None: there is no mistake/);
  assert.doesNotMatch(html, /id="pictures"/);
});

test('133 classes and 60 thumbnails stay below 3 MB', () => {
  const html = renderReport(dataOf(names(133), 836));
  assert.ok(html.length < 3e6, `${html.length}`);
  assert.equal(html.match(/<tr class="few">/g)?.length, 133);
});
