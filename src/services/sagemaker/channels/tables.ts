/** Folders of channels that are whole. Times in milliseconds since 1970. */
export const channelTables = `
CREATE TABLE sagemaker_channels (
  digest TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL,
  used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
