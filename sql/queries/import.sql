-- name: import_last
SELECT max(id) FROM import

-- name: import_insert
INSERT INTO import (id, register, file, sha256, at_utc_ms, author, rows, added, changed, history_first, history_last, entry_first, entry_last, state)
VALUES (:id, :register, :file, :sha256, :at_utc_ms, :author, :rows, :added, :changed, :history_first, :history_last, :entry_first, :entry_last, :state)

-- name: import_one
SELECT register, history_first, history_last, entry_first, entry_last, state, author FROM import WHERE id = :id

-- name: import_list
SELECT id, register, file, at_utc_ms, author, rows, added, changed, state FROM import ORDER BY id DESC LIMIT 500

-- name: import_all
SELECT id, at_utc_ms, register, file, sha256, author, rows, added, changed, history_first, history_last, entry_first, entry_last, state FROM import ORDER BY id

-- name: import_undone
UPDATE import SET state = 'undone' WHERE id = :id

-- name: import_history
SELECT h.record, h.op, h.field, h.old, h.version, coalesce(p.old, '') FROM history h LEFT JOIN history_personal p ON p.history_id = h.id
WHERE h.id >= :first AND h.id <= :last AND h.register = :register ORDER BY h.id DESC

-- name: history_after
SELECT h.op, h.field, h.old, h.new, p.history_id IS NOT NULL, coalesce(p.old, ''), coalesce(p.new, '') FROM history h LEFT JOIN history_personal p ON p.history_id = h.id
WHERE h.register = :register AND h.record = :record AND h.id > :last ORDER BY h.id

-- name: history_removed
SELECT 1 FROM history WHERE register = :register AND op = 'remove' LIMIT 1

-- name: history_version
SELECT coalesce(max(version), 0) FROM history WHERE register = :register AND record = :record

-- name: subject_key_drop
DELETE FROM subject_key WHERE register = :register AND record = :record

-- name: entry_reversal_of
SELECT id FROM entry WHERE reverses = :id AND reverses <> 0

-- name: import_records
SELECT DISTINCT h.record FROM import i JOIN history h ON h.id >= i.history_first AND h.id <= i.history_last AND h.register = i.register
WHERE i.id = :id AND h.op = :op ORDER BY h.record

-- name: import_entries
SELECT e.id FROM import i JOIN entry e ON e.id >= i.entry_first AND e.id <= i.entry_last WHERE i.id = :id AND :op = 'create' ORDER BY e.id
