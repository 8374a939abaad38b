import { defineError } from '../definition.ts';

export const onnxErrors = {
  WHIPPET_ONNX_MALFORMED: defineError<{ source: string; reason: string }>({
    message: ({ source, reason }) => `${source} is not a readable ONNX model: ${reason}.`,
    remedy: 'Check that the file was copied completely and is an ONNX model (export it again if in doubt).',
  }),
  WHIPPET_ONNX_LOAD: defineError<{ source: string; reason: string }>({
    message: ({ source, reason }) => `ONNX Runtime cannot load ${source}: ${reason}`,
    remedy: 'The model may use operators or an opset newer than this ONNX Runtime; export it with opset 20 or lower.',
  }),
  WHIPPET_ONNX_EXTERNAL_DATA: defineError<{ source: string; tensor: string }>({
    message: ({ source, tensor }) =>
      `${source} keeps its tensor ${tensor} in an external file, which is not supported.`,
    remedy: 'Save the model as one file (onnx.save with save_as_external_data=False).',
  }),
};
