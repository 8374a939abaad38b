import { defineError } from '../definition.ts';

export const featuresErrors = {
  // filled by the room
};
void defineError;
