import { defineError } from '../definition.ts';

export const datasetErrors = {
  // filled by the room
};
void defineError;
