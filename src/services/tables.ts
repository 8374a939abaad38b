/** The tables of all services. Apart from their code, which is loaded when a service is first asked for. */
import type { TableSchema } from '../store/index.ts';
import { cloudWatchTables } from './cloudwatch/tables.ts';
import { iamTables } from './iam/tables.ts';
import { logsTables } from './logs/tables.ts';
import { s3Tables } from './s3/tables.ts';
import { sageMakerTables } from './sagemaker/tables.ts';
import { stsTables } from './sts/tables.ts';

export const serviceTables: readonly TableSchema[] = [
  cloudWatchTables,
  iamTables,
  logsTables,
  s3Tables,
  sageMakerTables,
  stsTables,
];
