import type { TableSchema } from '../../store/index.ts';
import { channelTables } from './channels/tables.ts';
import { modelTables } from './models/tables.ts';
import { tagTables } from './tags.ts';
import { trainingTables } from './training/tables.ts';
import { transformTables } from './transform/tables.ts';
import { tuningTables } from './tuning/tables.ts';

export const sageMakerTables: TableSchema = {
  name: 'sagemaker',
  versions: [tagTables + channelTables + trainingTables + modelTables + tuningTables + transformTables],
};
