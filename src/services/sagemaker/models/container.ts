import type { ContainerDefinition } from '@aws-sdk/client-sagemaker';
import { notServed, validation } from '../errors.ts';
import { requireWhippetImage } from '../image.ts';
import type { NestedFields } from '../nested-fields.ts';
import { parseS3Uri } from '../s3-uri.ts';
import type { ModelRequest } from './model.ts';

/** Members of a container that would change what it does, and what to do without. */
const refused = {
  ModelDataSource: 'give the archive as ModelDataUrl',
  AdditionalModelDataSources: 'the model has one archive, ModelDataUrl',
  ModelPackageName: 'give Image and ModelDataUrl',
  InferenceSpecificationName: 'it belongs to ModelPackageName; give Image and ModelDataUrl',
  MultiModelConfig: 'make a model of each archive',
  ImageConfig: 'leave it out',
  ContainerMetricsConfig: 'leave it out',
} as const satisfies Partial<Record<keyof ContainerDefinition, string>>;

/** The same for the pages of what is served. Nothing looks for a container by its host name where there is one. */
export const modelNestedFields: NestedFields = Object.fromEntries(
  ['PrimaryContainer', 'Containers[]'].flatMap((at) => [
    ...Object.keys(refused).map((member) => [`${at}.${member}`, 'refused'] as const),
    [`${at}.Mode`, ['SingleModel']],
    [`${at}.ContainerHostname`, 'stored'],
  ]),
);

/**
 * A model has one container with Whippet's image and the archive of a training. The archive itself is looked at when the model is used, as
 * long before as it may be made.
 * @throws AwsFault ValidationException, or NotImplemented with the name of what is not served.
 */
export function checkContainers({ PrimaryContainer: primary, Containers: list }: ModelRequest): void {
  if (primary !== undefined && list !== undefined) {
    throw validation('Only one of PrimaryContainer and Containers can be specified.');
  }
  const [only, ...more] = primary ? [primary] : (list ?? []);
  if (only === undefined) throw validation('One of PrimaryContainer and Containers must be specified.');
  if (more.length > 0) {
    throw notServed(
      `Containers with ${more.length + 1} containers is not supported by Whippet: an inference pipeline needs other images than Whippet's. Give one container.`,
    );
  }
  checkContainer(only, primary ? 'PrimaryContainer' : 'Containers.1.member');
}

function checkContainer(container: ContainerDefinition, at: string): void {
  for (const [member, instead] of Object.entries(refused)) {
    if (container[member as keyof typeof refused] === undefined) continue;
    throw notServed(`${at}.${member} is not supported by Whippet: ${instead}.`);
  }
  if (container.Mode === 'MultiModel') {
    throw notServed(`${at}.Mode "MultiModel" is not supported by Whippet: make a model of each archive.`);
  }
  if (container.Image === undefined) throw validation(`${at}.Image must be specified.`);
  requireWhippetImage(container.Image, `${at}.Image`);
  if (container.ModelDataUrl === undefined) {
    throw validation(
      `${at}.ModelDataUrl must be specified: Whippet's image brings no model. Give the S3 URI of a training job's model.tar.gz.`,
    );
  }
  const { key } = parseS3Uri(container.ModelDataUrl, `${at}.ModelDataUrl`);
  if (key === '' || key.endsWith('/')) {
    throw validation(
      `${at}.ModelDataUrl "${container.ModelDataUrl}" must be the S3 URI of one object, a model.tar.gz.`,
    );
  }
  checkEnvironment(container.Environment, at);
}

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html: all of it is at most 32 KB. */
function checkEnvironment(environment: Readonly<Record<string, string>> = {}, at: string): void {
  const bytes = Buffer.byteLength(Object.entries(environment).flat().join(''));
  if (bytes > 32 * 1024) throw validation(`${at}.Environment has ${bytes} bytes; at most ${32 * 1024} are possible.`);
}
