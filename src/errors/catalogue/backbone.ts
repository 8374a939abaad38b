import { defineError } from '../definition.ts';

export const backboneErrors = {
  // filled by the room
};
void defineError;
