/** Times in milliseconds since 1970. */
export const trainingTables = `
CREATE TABLE training_jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  request TEXT NOT NULL,        -- JSON: CreateTrainingJob as it was sent, without tags
  tuning_job TEXT,              -- ARN of the tuning job that made it
  share INTEGER NOT NULL,       -- how many jobs of its kind go on at a time: its cores are divided by it
  status TEXT NOT NULL,         -- TrainingJobStatus
  secondary TEXT NOT NULL,      -- SecondaryStatus
  stop TEXT,                    -- why it is to stop: 'request' or 'runtime'
  outcome TEXT,                 -- from Uploading on: JSON of how it will end
  failure TEXT,                 -- FailureReason
  artifact TEXT,                -- S3 URI of the model
  metrics TEXT NOT NULL,        -- JSON: FinalMetricDataList
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  started INTEGER,              -- TrainingStartTime
  ended INTEGER,                -- TrainingEndTime
  UNIQUE (account, region, name)
) STRICT;
CREATE INDEX training_jobs_open ON training_jobs (id) WHERE status IN ('InProgress', 'Stopping');
CREATE INDEX training_jobs_tuning ON training_jobs (tuning_job) WHERE tuning_job IS NOT NULL;

CREATE TABLE training_transitions (
  job INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  status TEXT NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER,
  message TEXT,
  PRIMARY KEY (job, sequence)
) STRICT, WITHOUT ROWID;

-- Every value that a metric had, in order.
CREATE TABLE training_metrics (
  job INTEGER NOT NULL,
  name TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  time INTEGER NOT NULL,
  value REAL NOT NULL,
  epoch INTEGER,                -- where its line says it
  PRIMARY KEY (job, name, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE training_rules (
  job INTEGER NOT NULL,
  kind TEXT NOT NULL,           -- 'debug' or 'profiler'
  position INTEGER NOT NULL,    -- in the request
  configuration TEXT NOT NULL,  -- RuleConfigurationName
  status TEXT NOT NULL,
  details TEXT,
  modified INTEGER NOT NULL,
  PRIMARY KEY (job, kind, position)
) STRICT, WITHOUT ROWID;
`;
