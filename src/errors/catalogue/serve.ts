import { defineError } from '../definition.ts';

export const serveErrors = {
  // filled by the room
};
void defineError;
