import type { Database } from '../../store/index.ts';

/** What is stored, for whoever looks after the server. Objects are current ones; bytes are those of all versions. */
export interface S3Usage {
  readonly buckets: number;
  readonly objects: number;
  readonly bytes: number;
}

/** Walks over the tables: some 100 ms for a million objects. */
export function s3Usage(database: Database): S3Usage {
  const usage = database.get<{ buckets: number; objects: number; bytes: number }>(
    `SELECT (SELECT count(*) FROM buckets) AS buckets, (SELECT count(*) FROM objects) AS objects,
      (SELECT coalesce(sum(size), 0) FROM objects) + (SELECT coalesce(sum(size), 0) FROM noncurrent) AS bytes`,
  );
  return { ...(usage ?? { buckets: 0, objects: 0, bytes: 0 }) };
}
