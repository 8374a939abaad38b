import type { Demand } from '../operation.ts';
import { readDemand } from './demands.ts';
import type { ObjectVersion, Tags } from './objects.ts';
import type { ObjectInput } from './reading.ts';
import type { S3State } from './state.ts';
import { tagsColumn } from './versions.ts';

/** Tags of a version are another right than those of the object. */
export function taggingDemand(verb: 'Get' | 'Put' | 'Delete', input: ObjectInput, state: S3State): Demand {
  const object = input.VersionId === undefined ? 'Object' : 'ObjectVersion';
  return readDemand(`s3:${verb}${object}Tagging`, input, state);
}

/** Of that version, whether it is current or not. Its time of modification stays, as in S3. */
export function setTags({ bucket, key, sequence }: ObjectVersion, tags: Tags, { store: { database } }: S3State): void {
  const column = tagsColumn(tags);
  const where = 'SET tags = ? WHERE bucket = ? AND key = ? AND sequence = ?';
  if (database.run(`UPDATE objects ${where}`, column, bucket, key, sequence).changes > 0) return;
  database.run(`UPDATE noncurrent ${where}`, column, bucket, key, sequence);
}
