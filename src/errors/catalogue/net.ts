import { defineError } from '../definition.ts';

export const netErrors = {
  // filled by the room
};
void defineError;
