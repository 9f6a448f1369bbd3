-- 0010_province: search and totals, small enough for a province. A record has a number; a pair of characters is kept with it.

CREATE TABLE search_record (
    id INTEGER PRIMARY KEY NOT NULL,
    register TEXT NOT NULL,
    record TEXT NOT NULL
) STRICT;
INSERT INTO search_record (id, register, record)
SELECT row_number() OVER (ORDER BY register, record), register, record FROM (SELECT DISTINCT register, record FROM search_gram) g;
CREATE UNIQUE INDEX search_record_key ON search_record (record, register);

-- Pairs of characters, hashed; those of personal text with a key of the store, and only in this form.
CREATE TABLE search_word (
    gram INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    personal INTEGER NOT NULL,
    PRIMARY KEY (gram, record_id, personal)
) STRICT, WITHOUT ROWID;
INSERT INTO search_word (gram, record_id, personal)
SELECT g.gram, r.id, g.personal FROM search_gram g JOIN search_record r ON r.register = g.register AND r.record = g.record;
CREATE INDEX search_word_record ON search_word (record_id);

DROP TABLE search_gram;

-- The totals in the order of their key alone: in a province they are nearly as many as the lines.
CREATE TABLE total_by_month (
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
) STRICT, WITHOUT ROWID;
INSERT INTO total_by_month (programme, scope, kind, stage, origin, month_first, month_last, amount_fen, lines, at_least, about, unvouched, unsupported)
SELECT programme, scope, kind, stage, origin, month_first, month_last, amount_fen, lines, at_least, about, unvouched, unsupported FROM total;
DROP TABLE total;
ALTER TABLE total_by_month RENAME TO total;
