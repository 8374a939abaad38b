/** Times in milliseconds since 1970. A name that was deleted may be given again, to another id. */
export const modelTables = `
CREATE TABLE models (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  request TEXT NOT NULL,        -- JSON: CreateModel as it was sent, without tags
  created INTEGER NOT NULL,
  UNIQUE (account, region, name)
) STRICT;
`;
