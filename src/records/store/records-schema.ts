/** Version of the tables; raised with each change of them. */
export const schemaVersion = 1;

/** The tables. What belongs to a run goes with it. */
export const schema = `
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  command TEXT NOT NULL, playbook TEXT NOT NULL, dry INTEGER NOT NULL, version TEXT NOT NULL,
  started TEXT NOT NULL, process TEXT NOT NULL, duration INTEGER, exit_code INTEGER
) STRICT;
CREATE INDEX runs_of_playbook ON runs (playbook);
CREATE TABLE hosts (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, host TEXT NOT NULL, connected INTEGER, recap TEXT,
  changed INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, unreachable INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run, host)
) STRICT, WITHOUT ROWID;
CREATE TABLE plays (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, play INTEGER NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (run, play)
) STRICT, WITHOUT ROWID;
CREATE TABLE tasks (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  play INTEGER NOT NULL, task TEXT NOT NULL, name TEXT NOT NULL, resource TEXT NOT NULL, handler INTEGER NOT NULL
) STRICT;
CREATE INDEX tasks_of_run ON tasks (run);
CREATE TABLE results (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, task INTEGER NOT NULL, host TEXT NOT NULL,
  item TEXT, status TEXT NOT NULL, ignored INTEGER NOT NULL, began INTEGER NOT NULL, duration INTEGER NOT NULL,
  message TEXT, code INTEGER, stdout TEXT, stderr TEXT
) STRICT;
CREATE INDEX results_of_run ON results (run);
CREATE TABLE changes (
  result INTEGER NOT NULL REFERENCES results ON DELETE CASCADE, attribute TEXT NOT NULL, old TEXT, new TEXT,
  path TEXT, old_text TEXT, new_text TEXT
) STRICT;
CREATE INDEX changes_of_result ON changes (result);
CREATE TABLE remarks (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, kind TEXT NOT NULL, host TEXT, message TEXT NOT NULL, hint TEXT
) STRICT;
CREATE INDEX remarks_of_run ON remarks (run);
CREATE TABLE timings (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, host TEXT, spent TEXT NOT NULL,
  began INTEGER NOT NULL, duration INTEGER NOT NULL
) STRICT;
CREATE INDEX timings_of_run ON timings (run);
CREATE TABLE noted (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, kind TEXT NOT NULL, host TEXT, target TEXT,
  subject TEXT NOT NULL, detail TEXT, ends TEXT, milliseconds INTEGER
) STRICT;
CREATE INDEX noted_of_run ON noted (run);
PRAGMA user_version = ${schemaVersion};
`;
