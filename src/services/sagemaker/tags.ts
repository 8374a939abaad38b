import type { Tag } from '@aws-sdk/client-sagemaker';
import type { Database } from '../../store/index.ts';
import { validation } from './errors.ts';

/** Tags lie beside the things that have them, by ARN. */
export const tagTables = `
CREATE TABLE sagemaker_tags (
  arn TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (arn, key)
) STRICT, WITHOUT ROWID;
`;

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html */
const mostTags = 50;

export function tagsOf(arn: string, database: Database): { Key: string; Value: string }[] {
  return database.all('SELECT key AS Key, value AS Value FROM sagemaker_tags WHERE arn = ? ORDER BY key', arn);
}

/** Adds tags or changes their values. @throws AwsFault where keys are given twice or there would be too many. */
export function setTags(arn: string, tags: readonly Tag[], database: Database): void {
  checkTags(tags);
  database.transaction(() => {
    for (const { Key = '', Value = '' } of tags) {
      database.run(
        'INSERT INTO sagemaker_tags VALUES (?, ?, ?) ON CONFLICT (arn, key) DO UPDATE SET value = excluded.value',
        ...[arn, Key, Value],
      );
    }
    const { count = 0 } =
      database.get<{ count: number }>('SELECT count(*) AS count FROM sagemaker_tags WHERE arn = ?', arn) ?? {};
    if (count > mostTags) throw validation(`A resource has at most ${mostTags} tags; it would have ${count}.`);
  });
}

export function removeTags(arn: string, keys: readonly string[], database: Database): void {
  database.transaction(() => {
    for (const key of keys) database.run('DELETE FROM sagemaker_tags WHERE arn = ? AND key = ?', arn, key);
  });
}

/** For whoever deletes the thing. */
export function removeAllTags(arn: string, database: Database): void {
  database.run('DELETE FROM sagemaker_tags WHERE arn = ?', arn);
}

/** @throws AwsFault ValidationException. */
export function checkTags(tags: readonly Tag[]): void {
  const seen = new Set<string>();
  for (const { Key = '' } of tags) {
    if (/^aws:/i.test(Key)) throw validation(`Tag keys that begin with aws: are reserved for AWS, such as "${Key}".`);
    if (seen.has(Key)) throw validation(`Duplicate tag keys found: "${Key}".`);
    seen.add(Key);
  }
}
