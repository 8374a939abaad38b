import type { CreateModelInput, Tag } from '@aws-sdk/client-sagemaker';
import type { Database } from '../../../store/index.ts';
import type { Validated } from '../../operation.ts';
import { resourceArn } from '../arns.ts';
import { couldNotFind, validation } from '../errors.ts';
import type { Place } from '../place.ts';
import { removeAllTags, setTags } from '../tags.ts';

/** CreateModel without its tags, which lie with all tags. */
export type ModelRequest = Omit<Validated<CreateModelInput>, 'Tags'>;

/** A row of models. */
export interface ModelRow extends Place {
  readonly id: number;
  readonly name: string;
  /** JSON: ModelRequest. */
  readonly request: string;
  readonly created: number;
}

/** What is needed to run a model. */
export interface RunnableModel {
  readonly name: string;
  readonly roleArn: string;
  readonly artifact: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly isolated: boolean;
}

export function modelArn(model: Place & { readonly name: string }): string {
  return resourceArn('model', model.name, model);
}

export function modelRequest(model: Pick<ModelRow, 'request'>): ModelRequest {
  return JSON.parse(model.request) as ModelRequest;
}

/** A model has one container here (`checkContainer`), be it the primary one or the only one of a list. */
export function runnable(model: ModelRow): RunnableModel {
  const { PrimaryContainer, Containers, ExecutionRoleArn = '', EnableNetworkIsolation = false } = modelRequest(model);
  const { ModelDataUrl = '', Environment = {} } = PrimaryContainer ?? Containers?.[0] ?? {};
  return {
    ...{ name: model.name, roleArn: ExecutionRoleArn, artifact: ModelDataUrl },
    ...{ environment: Environment, isolated: EnableNetworkIsolation },
  };
}

/** @throws AwsFault ValidationException where the name is taken. */
export function insertModel(
  request: ModelRequest,
  { place, now, tags = [] }: { readonly place: Place; readonly now: Date; readonly tags?: readonly Tag[] | undefined },
  database: Database,
): string {
  const { account, region } = place;
  const arn = modelArn({ account, region, name: request.ModelName });
  database.transaction(() => {
    const { changes } = database.run(
      'INSERT INTO models (account, region, name, request, created) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      ...[account, region, request.ModelName, JSON.stringify(request), now.getTime()],
    );
    // Not ResourceInUse, as for jobs: clients look for these words.
    if (changes === 0) throw validation(`Cannot create already existing model "${arn}".`);
    setTags(arn, tags, database);
  });
  return arn;
}

/** @throws AwsFault ValidationException where there is none of this name. */
export function requireModel(name: string, { account, region }: Place, database: Database): ModelRow {
  const model = database.get<ModelRow>(
    'SELECT * FROM models WHERE account = ? AND region = ? AND name = ?',
    ...[account, region, name],
  );
  if (model === undefined) throw couldNotFind(`model "${modelArn({ account, region, name })}"`);
  return model;
}

export function deleteModelRow(model: ModelRow, database: Database): void {
  database.transaction(() => {
    database.run('DELETE FROM models WHERE id = ?', model.id);
    removeAllTags(modelArn(model), database);
  });
}
