-- 0013_search: a record holds its own words, so that they need no index by record, which was as large as the words themselves
-- and the longest part of a load and of a check. Grams as decimal numbers with a blank between them.

ALTER TABLE search_record ADD COLUMN open_words TEXT NOT NULL DEFAULT '';
ALTER TABLE search_record ADD COLUMN personal_words TEXT NOT NULL DEFAULT '';
UPDATE search_record SET
    open_words = coalesce((SELECT group_concat(CAST(w.gram AS TEXT), ' ') FROM search_word w WHERE w.record_id = search_record.id AND w.personal = 0), ''),
    personal_words = coalesce((SELECT group_concat(CAST(w.gram AS TEXT), ' ') FROM search_word w WHERE w.record_id = search_record.id AND w.personal = 1), '');
DROP INDEX search_word_record;
