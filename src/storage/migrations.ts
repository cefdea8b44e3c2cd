/** The schema of the database file, and the steps that lead to it from any earlier one. Steps are only ever added. */
export const schemaSteps: readonly string[] = [
  `
  -- One row: the state of the last checkpoint. "sequence" counts checkpoints and dates images and deltas.
  CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY CHECK (id = 1), tick INTEGER NOT NULL, sequence INTEGER NOT NULL, catalog BLOB
  );
  INSERT INTO checkpoint VALUES (1, 0, 0, NULL);
  CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

  -- The log: one row per tick. "entries" says whose blocks lie in "data", and how long each is (log-row.ts).
  CREATE TABLE log (tick INTEGER PRIMARY KEY, arrived_at INTEGER NOT NULL, entries BLOB NOT NULL, data BLOB NOT NULL);

  -- Relations whose log entries are kept after a checkpoint, and these, as blocks of about a batch.
  CREATE TABLE kept (relation INTEGER PRIMARY KEY);
  CREATE TABLE history (
    id INTEGER PRIMARY KEY, relation INTEGER NOT NULL, first_tick INTEGER NOT NULL, last_tick INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL, row_count INTEGER NOT NULL, data BLOB NOT NULL
  );
  CREATE INDEX history_place ON history (relation, last_tick);

  CREATE TABLE state_table (
    id INTEGER PRIMARY KEY, store TEXT NOT NULL, name TEXT NOT NULL, spec TEXT NOT NULL, UNIQUE (store, name)
  );
  CREATE TABLE state_page (
    state_table INTEGER NOT NULL, page INTEGER NOT NULL, sequence INTEGER NOT NULL, data BLOB NOT NULL,
    UNIQUE (state_table, page)
  );
  CREATE TABLE state_delta (
    state_table INTEGER NOT NULL, sequence INTEGER NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL,
    UNIQUE (state_table, sequence, part)
  );
  `,
];
