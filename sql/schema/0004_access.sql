-- 0004_access: who may come in, what they may see, what they did; keys of persons; words to search by; and two tables
-- that answer lists and sums of entries without reading the ledger.

CREATE TABLE user_account (
    id TEXT PRIMARY KEY NOT NULL,             -- the name one logs in with
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    scope TEXT NOT NULL,                      -- all, units, unit, below, own
    units TEXT NOT NULL,                      -- of scope units: ids joined by ;
    unit TEXT NOT NULL,
    place TEXT NOT NULL,
    state TEXT NOT NULL,                      -- invited, active, disabled
    demo INTEGER NOT NULL,                    -- 1: invented, shown on the login page of a demo
    password TEXT NOT NULL,                   -- argon2id in its own text form; '' = none yet
    totp TEXT NOT NULL,                       -- sealed secret of the second factor; '' = none; '?' in front: not yet confirmed
    totp_step INTEGER NOT NULL,               -- the last step that was used: a code works once
    failures INTEGER NOT NULL,
    locked_until_utc_ms INTEGER NOT NULL,
    last_login_utc_ms INTEGER NOT NULL,
    invitation TEXT NOT NULL,                 -- SHA-256 of the one-time link; '' = none
    invitation_until_utc_ms INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE user_session (
    token TEXT PRIMARY KEY NOT NULL,          -- SHA-256 of what the browser holds
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,                       -- browser, or token: made by gongfu token, for programs
    name TEXT NOT NULL,
    csrf TEXT NOT NULL,
    created_utc_ms INTEGER NOT NULL,
    seen_utc_ms INTEGER NOT NULL,
    until_utc_ms INTEGER NOT NULL             -- 0: by idleness only
) STRICT;
CREATE INDEX user_session_user ON user_session (user_id);

-- What a user's scope opens, written out: made again when users, places, units or pairings change.
CREATE TABLE access_unit (user_id TEXT NOT NULL, unit TEXT NOT NULL, PRIMARY KEY (user_id, unit)) STRICT;
CREATE TABLE access_place (user_id TEXT NOT NULL, place TEXT NOT NULL, PRIMARY KEY (user_id, place)) STRICT;

-- Two chains: what was done, and who came in. Each hash covers the row and the hash before it.
CREATE TABLE operation_log (
    id INTEGER PRIMARY KEY NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TABLE login_log (
    id INTEGER PRIMARY KEY NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;

-- The key of each person's fields, wrapped by the master key, which is not in the store.
CREATE TABLE subject_key (
    register TEXT NOT NULL,
    record TEXT NOT NULL,
    wrapped TEXT NOT NULL,
    PRIMARY KEY (register, record)
) STRICT;

-- Pairs of characters, hashed with a key of the store: what search runs on. Personal text only in this form.
CREATE TABLE search_gram (
    gram INTEGER NOT NULL,
    register TEXT NOT NULL,
    record TEXT NOT NULL,
    personal INTEGER NOT NULL,
    PRIMARY KEY (gram, register, record, personal)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_gram_record ON search_gram (register, record);

-- The answer to a write, for one who asks again with the same Idempotency-Key.
CREATE TABLE idempotency (
    user_id TEXT NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,                    -- SHA-256 of what was asked
    at_utc_ms INTEGER NOT NULL,
    status INTEGER NOT NULL,
    etag TEXT NOT NULL,
    location TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at_utc_ms);

-- Entries by place and kind, newest date first; a reversal counts against. Kept with the entry, proven by check.
CREATE TABLE entry_slot (
    place TEXT NOT NULL,
    kind TEXT NOT NULL,
    date TEXT NOT NULL,
    entry_id INTEGER NOT NULL,
    demo INTEGER NOT NULL,                    -- 1: invented
    rows INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    PRIMARY KEY (place, kind, date, entry_id)
) STRICT, WITHOUT ROWID;
INSERT INTO entry_slot (place, kind, date, entry_id, demo, rows, amount_fen)
SELECT a.place, a.kind, e.date, e.id, CASE WHEN e.origin = 'demo' THEN 1 ELSE 0 END, count(*), sum(CASE WHEN e.reverses <> 0 THEN -l.amount_fen ELSE l.amount_fen END)
FROM entry e JOIN entry_line l ON l.entry_id = e.id JOIN account a ON a.id = l.account_id
WHERE l.id % 2 = 0 GROUP BY a.place, a.kind, e.date, e.id, e.origin;

-- The sum of the slots of a place and kind; invented entries never share it with others.
CREATE TABLE slot_total (
    place TEXT NOT NULL,
    kind TEXT NOT NULL,
    demo INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    PRIMARY KEY (place, kind, demo)
) STRICT, WITHOUT ROWID;
INSERT INTO slot_total (place, kind, demo, rows, amount_fen)
SELECT place, kind, demo, sum(rows), sum(amount_fen) FROM entry_slot GROUP BY place, kind, demo;

CREATE INDEX entry_date ON entry (date);

-- Keys of the store itself, wrapped by the master key: "search".
CREATE TABLE store_key (
    name TEXT PRIMARY KEY NOT NULL,
    wrapped TEXT NOT NULL
) STRICT;
