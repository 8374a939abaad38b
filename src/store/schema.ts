/** The tables of one service. */
export interface TableSchema {
  /** 's3', 'iam', … */
  readonly name: string;
  /** SQL scripts: the one at index i leads to version i + 1. What was released is never edited. */
  readonly versions: readonly string[];
  /**
   * A query for the blobs that these tables refer to, in one column `id`: `SELECT blob AS id FROM blob_uses`. Several joined by UNION ALL
   * are fine. It is also asked for single ids, so an index on that column pays.
   */
  readonly blobReferences?: string;
}
