-- 0010_search: what search runs on, small enough for a province. A record has a number; a pair of characters is kept with it.

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
