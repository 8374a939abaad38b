import { userError } from '../../../errors/index.ts';

/** A data set that can be fetched by name. To add one, add a row. */
export interface FetchableDataset {
  readonly name: string;
  readonly description: string;
  /** A zip archive. */
  readonly url: string;
}

export const fetchableDatasets: readonly FetchableDataset[] = [
  {
    name: 'dog-breeds',
    description: 'Udacity’s dogImages: 133 breeds, 8,351 photos in train/, valid/ and test/, 1.1 GB.',
    url: 'https://s3-us-west-1.amazonaws.com/udacity-aind/dog-project/dogImages.zip',
  },
];

/** @throws WHIPPET_DATASET_FETCH_UNKNOWN */
export function findFetchable(name: string, known: readonly FetchableDataset[]): FetchableDataset {
  const found = known.find((one) => one.name === name);
  if (found) return found;
  throw userError('WHIPPET_DATASET_FETCH_UNKNOWN', {
    name: name.slice(0, 100),
    known: known.map((one) => one.name).join(', '),
  });
}
