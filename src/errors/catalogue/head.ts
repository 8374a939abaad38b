import { defineError } from '../definition.ts';

export const headErrors = {
  // filled by the room
};
void defineError;
