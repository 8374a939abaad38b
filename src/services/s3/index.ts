/** S3. What is faithful, missing and different is in `fidelity`; docs/services/s3.md is written from it and from the table. */
import type { AnyOperation } from '../operation.ts';
import type { Fidelity, Service } from '../service.ts';
import { accessDenied } from './errors.ts';
import { createBucket } from './operations/create-bucket.ts';
import { deleteObject } from './operations/delete-object.ts';
import { getObject } from './operations/get-object.ts';
import { headObject } from './operations/head-object.ts';
import { putObject } from './operations/put-object.ts';
import type { S3State } from './state.ts';

export const operations = {
  CreateBucket: createBucket,
  DeleteObject: deleteObject,
  GetObject: getObject,
  HeadObject: headObject,
  PutObject: putObject,
} satisfies Record<string, AnyOperation<S3State>>;

export const title = 'S3';

export const fidelity: Fidelity = { faithful: [], missing: [], different: [] };

export function createS3(state: S3State): Service<S3State> {
  return { operations, state, denied: accessDenied };
}
