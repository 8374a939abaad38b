import { defineError } from '../definition.ts';

export const artifactErrors = {
  // filled by the room
};
void defineError;
