-- 0002_ledger: append-only double entry. The hash of an entry covers every column of it and of its lines and the hash
-- before; check recomputes all of it, so no byte of a row may change unseen. No column may be NULL.

CREATE TABLE entry (
    id INTEGER PRIMARY KEY NOT NULL,          -- 1, 2, 3 ... without a gap
    key TEXT NOT NULL UNIQUE,                 -- idempotency key
    date TEXT NOT NULL,                       -- '' when only a period is known
    verb TEXT NOT NULL,
    purpose TEXT NOT NULL,
    voucher TEXT NOT NULL,
    source TEXT NOT NULL,
    origin TEXT NOT NULL,
    unit TEXT NOT NULL,                       -- whose work it is; '' when the parties say it
    note TEXT NOT NULL,
    reverses INTEGER NOT NULL,                -- id of the entry that this one takes back; 0 = none
    hash BLOB NOT NULL                        -- of this entry, over the hash before
) STRICT;

-- Two lines for each row of entries.csv: the odd one leaves an account, the even one reaches another.
CREATE TABLE entry_line (
    id INTEGER PRIMARY KEY NOT NULL,          -- 1, 2, 3 ... over the whole ledger
    entry_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    bound INTEGER NOT NULL,                   -- 0 exact, 1 at least, 2 about
    period TEXT NOT NULL                      -- as written; '' = the entry's date
) STRICT;

CREATE TABLE account (
    id INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    stage TEXT NOT NULL,                      -- '' = unknown
    party TEXT NOT NULL,                      -- 'unstated' when unknown
    fund TEXT NOT NULL,
    project TEXT NOT NULL,
    place TEXT NOT NULL,
    UNIQUE (kind, stage, party, fund, project, place)
) STRICT;

CREATE INDEX entry_line_account ON entry_line (account_id, entry_id);
CREATE INDEX entry_line_entry ON entry_line (entry_id);
CREATE INDEX entry_source ON entry (source) WHERE source <> '';
CREATE INDEX entry_unit ON entry (unit) WHERE unit <> '';
CREATE INDEX entry_reverses ON entry (reverses) WHERE reverses <> 0;

-- What reached a stage, by scope: maintained in the transaction of the entry, proven equal to a scan by check.
-- months count from 0000-01: year * 12 + month - 1, first and last of the line's period.
CREATE TABLE total (
    programme TEXT NOT NULL,
    scope TEXT NOT NULL,                      -- group, outside, unit:ID, place:CODE, fund:ID, project:ID
    kind TEXT NOT NULL,
    stage TEXT NOT NULL,
    origin TEXT NOT NULL,
    month_first INTEGER NOT NULL,
    month_last INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    lines INTEGER NOT NULL,                   -- rows of entries counted
    at_least INTEGER NOT NULL,                -- of them with this bound
    about INTEGER NOT NULL,
    unvouched INTEGER NOT NULL,               -- of them without a voucher
    unsupported INTEGER NOT NULL,             -- of them without voucher and source
    PRIMARY KEY (programme, scope, kind, stage, origin, month_first, month_last)
) STRICT;
