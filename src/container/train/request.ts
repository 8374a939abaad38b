import { join } from 'node:path';
import { userError } from '../../errors/index.ts';
import type { ContainerEnvironment } from '../environment.ts';
import { type Channels, findChannels } from './channels.ts';
import { isObject, type JsonObject, parseObject, readConfigFile } from './config-file.ts';
import { rulesByName } from './debugger/rules-by-name.ts';
import { readHyperparameters, type TrainingWish } from './hyperparameters.ts';
import { type TrainingTree, trainingTree } from './tree.ts';

/** A training job as its configuration files tell it. */
export interface TrainingRequest {
  readonly tree: TrainingTree;
  readonly wish: TrainingWish;
  readonly channels: Channels;
  /** All hosts of the job, sorted, and the one that this is. */
  readonly hosts: readonly string[];
  readonly host: string;
  /** rulesconfig.json as it is, in AWS's own member names. */
  readonly rules: JsonObject | undefined;
}

/**
 * Reads hyperparameters.json, inputdataconfig.json, resourceconfig.json and rulesconfig.json below `root`.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 * @throws WHIPPET_CONTAINER_CONFIG and what `readHyperparameters` says
 */
export async function readTrainingRequest(root: string, environment: ContainerEnvironment): Promise<TrainingRequest> {
  const { toolkit } = environment;
  const tree = trainingTree(root, toolkit);
  const read = (name: string): Promise<JsonObject | undefined> => readConfigFile(join(tree.config, name));
  const hyperparameters =
    (await read('hyperparameters.json')) ?? (toolkit.HPS ? parseObject(toolkit.HPS, 'SM_HPS') : {});
  const input = await read('inputdataconfig.json');
  const resource = await read('resourceconfig.json');
  const rules =
    (await read('rulesconfig.json')) ??
    (environment.rules === undefined ? undefined : rulesOfVariable(environment.rules));
  return {
    tree,
    wish: readHyperparameters(hyperparameters),
    channels: await findChannels(tree, input && Object.keys(input), toolkit),
    ...hostsOf(resource, { tree, toolkit }),
    rules,
  };
}

/** WHIPPET_RULES: what rulesconfig.json would hold, or names of rules. */
function rulesOfVariable(text: string): JsonObject {
  return /^[A-Za-z]/.test(text.trimStart()) ? rulesByName(text) : parseObject(text, 'WHIPPET_RULES');
}

function hostsOf(
  resource: JsonObject | undefined,
  { tree, toolkit }: { tree: TrainingTree; toolkit: Readonly<Record<string, string>> },
): { hosts: readonly string[]; host: string } {
  const path = join(tree.config, 'resourceconfig.json');
  const given = resource ?? {
    ...(toolkit.HOSTS && { hosts: parseObject(`{"hosts": ${toolkit.HOSTS}}`, 'SM_HOSTS').hosts }),
    ...(toolkit.CURRENT_HOST && { current_host: toolkit.CURRENT_HOST }),
  };
  if (!isObject(given)) throw userError('WHIPPET_CONTAINER_CONFIG', { path, reason: 'it does not hold an object' });
  const { hosts = ['algo-1'], current_host: host = 'algo-1' } = given;
  const texts = Array.isArray(hosts) && hosts.length > 0 && hosts.every((name) => typeof name === 'string');
  if (!texts || typeof host !== 'string' || !hosts.includes(host)) {
    throw userError('WHIPPET_CONTAINER_CONFIG', { path, reason: 'it needs hosts, and current_host as one of them' });
  }
  // As text is sorted, algo-10 comes before algo-2: every host must agree on the order, no more.
  return { hosts: [...new Set(hosts as string[])].sort(), host };
}
