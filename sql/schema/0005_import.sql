-- 0005_import: what came in as a file, so that it can be taken back whole.

CREATE TABLE import (
    id INTEGER PRIMARY KEY NOT NULL,
    register TEXT NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    author TEXT NOT NULL,
    rows INTEGER NOT NULL,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    history_first INTEGER NOT NULL,           -- what history says of it: first..last, 0 and 0 for entries
    history_last INTEGER NOT NULL,
    entry_first INTEGER NOT NULL,             -- the entries that it booked: first..last, 0 and 0 for records
    entry_last INTEGER NOT NULL,
    state TEXT NOT NULL                       -- done, undone
) STRICT;
