import { defineError } from '../definition.ts';

export const artifactErrors = {
  WHIPPET_ARTIFACT_NOT_FOUND: defineError<{ path: string }>({
    message: ({ path }) => `${path} holds no Whippet model (no whippet.json in it).`,
    remedy: 'Give the folder or the model.tar.gz that `whippet train` wrote.',
    exitCode: 2,
  }),
  WHIPPET_ARTIFACT_NEWER: defineError<{ path: string; format: unknown; supported: number }>({
    message: ({ path, format, supported }) =>
      `${path} has artifact format ${String(format)}; this version reads up to ${supported}.`,
    remedy: 'Update Whippet (npm install -g whippet), or train the model again with this version.',
  }),
  WHIPPET_ARTIFACT_MALFORMED: defineError<{ path: string; reason: string }>({
    message: ({ path, reason }) => `${path} is not a valid model: ${reason}.`,
    remedy: 'Copy the artifact again from where it was trained, or train it again.',
  }),
  WHIPPET_ARTIFACT_TAMPERED: defineError<{ path: string; file: string; expected: string; found: string }>({
    message: ({ path, file, expected, found }) =>
      `${file} of ${path} is not the file this model was written with: expected ${expected}, found ${found}.`,
    remedy: 'Copy the artifact again from where it was trained. If nobody changed it, the copy was cut short.',
  }),
  WHIPPET_ARTIFACT_EXISTS: defineError<{ path: string }>({
    message: ({ path }) => `${path} exists and is not a Whippet model, so it is not overwritten.`,
    remedy: 'Choose another folder with --out, or remove it.',
    exitCode: 2,
  }),
};
