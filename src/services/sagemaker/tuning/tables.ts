/** Times in milliseconds since 1970. */
export const tuningTables = `
CREATE TABLE tuning_jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  request TEXT NOT NULL,        -- JSON: CreateHyperParameterTuningJob as it was sent, without tags
  seed TEXT NOT NULL,           -- of all that the search draws
  status TEXT NOT NULL,         -- HyperParameterTuningJobStatus
  failure TEXT,                 -- FailureReason
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  ended INTEGER,                -- HyperParameterTuningEndTime
  UNIQUE (account, region, name)
) STRICT;
CREATE INDEX tuning_jobs_open ON tuning_jobs (id) WHERE status IN ('InProgress', 'Stopping');

-- The training jobs of a tuning job, numbered from 1 in the order in which they were started.
CREATE TABLE tuning_trials (
  tuning_job INTEGER NOT NULL,
  number INTEGER NOT NULL,
  training_job INTEGER NOT NULL UNIQUE,
  tuned TEXT NOT NULL,          -- JSON: the hyperparameters that were searched, as texts
  stopped_after INTEGER,        -- values of the objective after which early stopping ended it
  objective REAL,               -- of a trial that has ended and has one
  PRIMARY KEY (tuning_job, number)
) STRICT, WITHOUT ROWID;
`;
