import type { Constraints, Shape } from '../../constraints/constraints.ts';

export function shapeOf(name: string, { shapes }: Constraints): Shape {
  const shape = shapes[name];
  if (shape === undefined) throw new Error(`No shape ${name}`);
  return shape;
}

const resourceKinds = [
  'automl-job',
  'hyper-parameter-tuning-job',
  'labeling-job',
  'mlflow-tracking-server',
  'model',
  'model-package',
  'model-package-group',
  'processing-job',
  'training-job',
  'training-plan',
  'transform-job',
];

/** Two of each kind of name that one of its patterns is about. */
const ofSageMaker = ['a', 'b'].flatMap((name) => [
  ...resourceKinds.map((kind) => `arn:aws:sagemaker:us-east-1:000000000000:${kind}/${name}`),
  `arn:aws:iam::000000000000:role/${name}`,
  `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
  `arn:aws:sagemaker:us-east-1:aws:hub-content/Hub/Model/${name}`,
  `arn:aws:sagemaker:us-east-1:aws:hub-content/Hub/DataSet/${name}`,
  `s3://bucket/${name}`,
  `/opt/ml/${name}`,
  `fs-0123456${name}`,
  `fs-01234567${name}`,
  name === 'a' ? '1K' : '25K',
]);

/** Of some strings of legal length those that the pattern admits. */
export function textsFor({ min = 0, max = 40, pattern }: Shape): string[] {
  const long = Math.min(max, min + 30);
  const repeated = ['a', 'b', '1', 'é', ' '].flatMap((unit) => [unit.repeat(Math.max(min, 1)), unit.repeat(long)]);
  const texts = ['', '/', '/a/', '/a/b/', 'v1', 'v12.a-b', 'a/b', 'aws', ...repeated, ...ofSageMaker];
  const legal = texts.filter((text) => text.length >= min && text.length <= max && fits(text, pattern));
  if (legal.length < 2) throw new Error(`No texts for ${pattern} between ${min} and ${max}`);
  return legal;
}

/** Of strings of the same length one that the pattern refuses. */
export function misfit(length: number, pattern: string): string | undefined {
  return [':', '\u0000', 'a', '*'].map((unit) => unit.repeat(Math.max(length, 1))).find((text) => !fits(text, pattern));
}

function fits(text: string, pattern: string | undefined): boolean {
  return pattern === undefined || new RegExp(`^(?:${pattern.replaceAll('\\p{Alnum}', 'a-zA-Z0-9')})$`, 'u').test(text);
}
