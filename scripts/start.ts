/** `npm start`: the main job on drawn pictures, with nothing but what is installed. Prints each command before it runs it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../src/cli/main.ts';

const home = 'whippet-sample';
const photos = join(home, 'photos');
const model = join(home, 'model');

const started = performance.now();
await run('data', 'sample', photos);
await run('data', 'check', photos);
await run('train', photos, '--out', model);
await run('evaluate', model, photos);
const picture = firstTestPicture();
await run('predict', model, picture);
await run('explain', model, picture, '--out', join(home, 'explanation.html'));

const seconds = Math.round((performance.now() - started) / 1000);
process.stdout.write(`
Done in ${seconds} s. Where everything is:
  ${photos}/   the drawn pictures
  ${model}/    the model: model.onnx, whippet.json, its card (README.md)
  ${model}.tar.gz   the same for SageMaker
  ${join(model, 'report.html')}   open it in a browser
  ${join(home, 'explanation.html')}   where the model looked

Drawn pictures and an untrained backbone prove the machinery, not the accuracy. Your turn:
  npx whippet train ~/photos     (a folder per class; downloads ResNet-50 once, 98 MB)
  npx whippet serve ${model}    (then: curl --data-binary @${picture} -H 'Content-Type: image/jpeg' localhost:8080/invocations)
`);

async function run(...argv: string[]): Promise<void> {
  process.stdout.write(`\n$ whippet ${argv.join(' ')}\n`);
  const code = await main(argv);
  if (code !== 0) process.exit(code);
}

function firstTestPicture(): string {
  const [breed = ''] = readdirSync(join(photos, 'test')).sort();
  const [name = ''] = readdirSync(join(photos, 'test', breed)).sort();
  return join(photos, 'test', breed, name);
}
