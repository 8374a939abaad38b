/** Who may import whom. ARCHITECTURE.md prints this table; a test holds the two together. */

export const leaves = ['errors', 'random', 'arn', 'net', 'entry'] as const;

/** Each room and the rooms whose doors it may import. Type-only imports are free. */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  random: [],
  arn: [],
  entry: [],
  net: ['errors'],
  engine: leaves,
  rules: [],
  tuning: ['random'],
  scaling: ['random'],
  policy: ['arn'],
  cost: [],
  container: [...leaves, 'engine', 'rules'],
  function: ['net'],
  wire: leaves,
  store: leaves,
  host: [...leaves, 'store'],
  services: [...leaves, 'wire', 'store', 'host', 'rules', 'tuning', 'scaling', 'policy'],
  server: [...leaves, 'wire', 'store', 'host', 'services', 'rules', 'tuning', 'scaling', 'policy', 'cost'],
  sdk: leaves,
  pipeline: [...leaves, 'sdk', 'engine', 'policy', 'scaling', 'cost'],
  cli: [...leaves, 'engine', 'container', 'server', 'sdk', 'pipeline', 'policy', 'scaling', 'tuning', 'cost'],
  dashboard: [],
};

/** The files each third-party library belongs to, as regular expressions on paths. `single`: no more than one file of them. */
export const libraries: Readonly<Record<string, { readonly files: string; readonly single: boolean }>> = {
  'onnxruntime-node': { files: '^src/engine/onnx/session\\.ts$', single: true },
  sharp: { files: '^src/engine/image/codec\\.ts$', single: true },
  tar: { files: '^src/engine/', single: true },
  yauzl: { files: '^src/engine/', single: true },
  'csv-parse': { files: '^src/engine/dataset/', single: true },
  undici: { files: '^src/net/', single: false },
  'prom-client': { files: '^src/container/', single: false },
  '@aws-sdk/client-cloudwatch': { files: '^src/wire/schemas\\.ts$', single: true },
  '@aws-sdk/client-cloudwatch-logs': { files: '^src/wire/schemas\\.ts$', single: true },
  '@aws-sdk/client-iam': { files: '^src/wire/schemas\\.ts$', single: true },
  '@aws-sdk/client-sagemaker': { files: '^src/wire/schemas\\.ts$', single: true },
  '@aws-sdk/client-s3': { files: '^src/wire/schemas\\.ts$', single: true },
  '@aws-sdk/client-sts': { files: '^src/wire/schemas\\.ts$', single: true },
  '@aws-sdk/core': { files: '^src/wire/schemas\\.ts$', single: true },
  '@aws-sdk/xml-builder': { files: '^src/wire/schemas\\.ts$', single: true },
  '@smithy/core': { files: '^src/wire/schemas\\.ts$', single: true },
  '@smithy/signature-v4': { files: '^src/cli/server/', single: true },
  '@aws-sdk/checksums': { files: '^src/services/s3/', single: false },
  commander: { files: '^src/cli/', single: false },
};
