/** The pages of docs/services/: from the tables of operations, what each says of its members, and what a service says of itself. */
import type { AnyOperation, Support } from '../src/services/operation.ts';
import type { Fidelity } from '../src/services/service.ts';
import { loadModel, type ServiceModel, type ServiceName } from '../src/wire/index.ts';

interface ServiceModule {
  readonly title: string;
  readonly operations: Readonly<Record<string, AnyOperation<never>>>;
  readonly fidelity: Fidelity;
}

const services: Readonly<Record<ServiceName, () => Promise<ServiceModule>>> = {
  s3: () => import('../src/services/s3/index.ts'),
  sts: () => import('../src/services/sts/index.ts'),
  iam: () => import('../src/services/iam/index.ts'),
  cloudwatch: () => import('../src/services/cloudwatch/index.ts'),
  logs: () => import('../src/services/logs/index.ts'),
  sagemaker: () => import('../src/services/sagemaker/index.ts'),
};

/** File name → text. */
export async function serviceDocs(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  const rows: string[] = [];
  for (const [name, load] of Object.entries(services) as [ServiceName, () => Promise<ServiceModule>][]) {
    const [service, model] = await Promise.all([load(), loadModel(name)]);
    pages.set(`${name}.md`, servicePage(service, model));
    const served = Object.keys(service.operations).length;
    rows.push(`| [${service.title}](${name}.md) | ${served} of ${model.operations.size} |`);
  }
  pages.set('README.md', overview(rows));
  return pages;
}

function overview(rows: readonly string[]): string {
  return `# Services

What \`whippet up\` serves, and how far. An operation that is not served answers with HTTP 501 and its name; a member of a request that is
not supported is refused in the same way, never ignored. These pages are written from the code (\`npm run docs\`).

| service | operations served |
|---|---|
${rows.join('\n')}

In the tables, *real* members do what AWS does; *stored* ones are returned as they were set, without effect; *refused* ones are answered
with 501 when they are given. A member with values is real for those and refused for others. What AWS does not model is ignored, as AWS does.
`;
}

function servicePage({ title, operations, fidelity }: ServiceModule, model: ServiceModel): string {
  const served = Object.values(operations).sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const others = [...model.operations.keys()].filter((name) => !Object.hasOwn(operations, name)).sort();
  return `# ${title}

${section('As on AWS', fidelity.faithful)}${section('Missing', fidelity.missing)}${section('Different on purpose', fidelity.different)}## Operations

| operation | real | stored | refused |
|---|---|---|---|
${served.map(operationRow).join('\n')}

${nestedSection(served)}## Not served

${others.length} operations answer with HTTP 501: ${others.map((name) => `\`${name}\``).join(', ')}.
`;
}

function section(title: string, sentences: readonly string[]): string {
  return sentences.length === 0 ? '' : `## ${title}\n\n${sentences.map((sentence) => `- ${sentence}`).join('\n')}\n\n`;
}

/** Members of members, by path, where they are not what their parent is. */
function nestedSection(operations: readonly AnyOperation<never>[]): string {
  const rows = operations.flatMap(({ name, nestedFields }) =>
    nestedFields ? [operationRow({ name, fields: nestedFields })] : [],
  );
  if (rows.length === 0) return '';
  return `## Members of members

Those that are not named here are what their parent is.

| operation | real | stored | refused |
|---|---|---|---|
${rows.join('\n')}

`;
}

function operationRow({ name, fields }: Pick<AnyOperation<never>, 'name' | 'fields'>): string {
  const members = Object.entries(fields);
  const cell = (wanted: (support: Support) => boolean): string =>
    members
      .filter(([, support]) => wanted(support))
      .map(([member, support]) =>
        typeof support === 'string' ? member : `${member} (${support.map(String).join(', ')})`,
      )
      .join(', ') || '–';
  return `| \`${name}\` | ${cell((support) => support === 'real' || typeof support === 'object')} | ${cell((support) => support === 'stored')} | ${cell((support) => support === 'refused')} |`;
}
