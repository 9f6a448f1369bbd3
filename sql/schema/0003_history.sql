-- 0003_history: who changed what, when; contents of documents; settings of this store.

CREATE TABLE history (
    id INTEGER PRIMARY KEY NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    author TEXT NOT NULL,
    register TEXT NOT NULL,
    record TEXT NOT NULL,
    version INTEGER NOT NULL,
    op TEXT NOT NULL,                         -- create, change
    field TEXT NOT NULL,                      -- '' for create
    old TEXT NOT NULL,
    new TEXT NOT NULL                         -- both '' for personal fields: those stand in history_personal
) STRICT;
CREATE INDEX history_record ON history (register, record);

CREATE TABLE history_personal (
    history_id INTEGER PRIMARY KEY NOT NULL,
    old TEXT NOT NULL,
    new TEXT NOT NULL
) STRICT;

-- Who booked entries first..last, and when: one row for each load instead of one for each entry.
CREATE TABLE batch (
    id INTEGER PRIMARY KEY NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    author TEXT NOT NULL,
    entry_first INTEGER NOT NULL,
    entry_last INTEGER NOT NULL
) STRICT;

CREATE TABLE document_blob (
    sha256 TEXT PRIMARY KEY NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE setting (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;
