-- name: ledger_units
SELECT id, 1 FROM units

-- name: ledger_people
SELECT id, 1 FROM persons UNION ALL SELECT id, 1 FROM households

-- name: ledger_members
SELECT g.programme || '/' || m.unit, 1 FROM members m JOIN groups g ON g.id = m."group"
UNION SELECT g.programme || '/', 1 FROM members m JOIN groups g ON g.id = m."group"

-- name: ledger_places
SELECT code, parent FROM places

-- name: ledger_funds
SELECT id, programme FROM funds

-- name: ledger_projects
SELECT id, 1 FROM projects

-- name: programmes_by_origin
SELECT id, origin FROM programmes ORDER BY id

-- name: account_all
SELECT id, kind, stage, party, fund, project, place FROM account ORDER BY id

-- name: account_last
SELECT max(id) FROM account

-- name: account_insert
INSERT INTO account (id, kind, stage, party, fund, project, place)
VALUES (:id, :kind, :stage, :party, :fund, :project, :place)

-- name: entry_insert
INSERT INTO entry (id, key, date, verb, purpose, voucher, source, origin, unit, note, reverses, hash)
VALUES (:id, :key, :date, :verb, :purpose, :voucher, :source, :origin, :unit, :note, :reverses, :hash)

-- name: entry_line_insert
INSERT INTO entry_line (id, entry_id, account_id, amount_fen, bound, period)
VALUES (:id, :entry_id, :account_id, :amount_fen, :bound, :period)

-- name: entry_id_by_key
SELECT id FROM entry WHERE key = :key

-- name: entry_keys
SELECT key FROM entry

-- name: entry_key_of
SELECT key FROM entry WHERE id = :id

-- name: entry_count_by_key
SELECT count(*) FROM entry WHERE key = :key

-- name: entry_hash
SELECT hash FROM entry WHERE id = :id

-- name: entry_head
SELECT id, hash FROM entry ORDER BY id DESC LIMIT 1

-- name: entry_reversed_by
SELECT id FROM entry WHERE reverses = :id AND reverses <> 0

-- name: entry_of_line
SELECT entry_id FROM entry_line WHERE id = :id

-- name: entry_line_last
SELECT max(id) FROM entry_line

-- name: entry_range
SELECT id, key, date, verb, purpose, voucher, source, origin, unit, note, reverses, hash
FROM entry WHERE id >= :first AND id <= :last ORDER BY id

-- name: entry_line_range
SELECT id, entry_id, account_id, amount_fen, bound, period
FROM entry_line WHERE entry_id >= :first AND entry_id <= :last ORDER BY entry_id, id

-- name: entry_line_one
SELECT l.id, l.entry_id, l.account_id, l.amount_fen, l.bound, l.period, a.kind, a.stage, a.party, a.fund, a.project, a.place
FROM entry_line l LEFT JOIN account a ON a.id = l.account_id WHERE l.entry_id = :entry ORDER BY l.id

-- name: entry_line_all
SELECT id, entry_id, account_id, amount_fen, bound, period
FROM entry_line WHERE id >= :first AND id <= :last ORDER BY id

-- Some entries at once, LEDGER_SOME of them; a number may stand there more than once.
-- name: entry_some
SELECT id, key, date, verb, purpose, voucher, source, origin, unit, note, reverses, hash
FROM entry WHERE id IN (:e1, :e2, :e3, :e4, :e5, :e6, :e7, :e8, :e9, :e10, :e11, :e12, :e13, :e14, :e15, :e16,
    :e17, :e18, :e19, :e20, :e21, :e22, :e23, :e24, :e25, :e26, :e27, :e28, :e29, :e30, :e31, :e32,
    :e33, :e34, :e35, :e36, :e37, :e38, :e39, :e40, :e41, :e42, :e43, :e44, :e45, :e46, :e47, :e48,
    :e49, :e50, :e51, :e52, :e53, :e54, :e55, :e56, :e57, :e58, :e59, :e60, :e61, :e62, :e63, :e64) ORDER BY id

-- name: entry_line_some
SELECT l.id, l.entry_id, l.account_id, l.amount_fen, l.bound, l.period, a.kind, a.stage, a.party, a.fund, a.project, a.place
FROM entry_line l LEFT JOIN account a ON a.id = l.account_id WHERE l.entry_id IN (:e1, :e2, :e3, :e4, :e5, :e6, :e7, :e8, :e9, :e10, :e11, :e12, :e13, :e14, :e15, :e16,
    :e17, :e18, :e19, :e20, :e21, :e22, :e23, :e24, :e25, :e26, :e27, :e28, :e29, :e30, :e31, :e32,
    :e33, :e34, :e35, :e36, :e37, :e38, :e39, :e40, :e41, :e42, :e43, :e44, :e45, :e46, :e47, :e48,
    :e49, :e50, :e51, :e52, :e53, :e54, :e55, :e56, :e57, :e58, :e59, :e60, :e61, :e62, :e63, :e64) ORDER BY l.entry_id, l.id

-- name: total_add
INSERT INTO total (programme, scope, kind, stage, origin, month_first, month_last, amount_fen, lines, at_least, about, unvouched, unsupported)
VALUES (:programme, :scope, :kind, :stage, :origin, :month_first, :month_last, :amount_fen, :lines, :at_least, :about, :unvouched, :unsupported)
ON CONFLICT (programme, scope, kind, stage, origin, month_first, month_last) DO UPDATE SET
    amount_fen = total.amount_fen + excluded.amount_fen, lines = total.lines + excluded.lines,
    at_least = total.at_least + excluded.at_least, about = total.about + excluded.about,
    unvouched = total.unvouched + excluded.unvouched, unsupported = total.unsupported + excluded.unsupported

-- name: total_insert
INSERT INTO total (programme, scope, kind, stage, origin, month_first, month_last, amount_fen, lines, at_least, about, unvouched, unsupported)
VALUES (:programme, :scope, :kind, :stage, :origin, :month_first, :month_last, :amount_fen, :lines, :at_least, :about, :unvouched, :unsupported)

-- name: total_clear
DELETE FROM total

-- name: total_rows
SELECT origin, month_first, month_last, amount_fen, lines, at_least, about, unvouched, unsupported
FROM total WHERE programme = :programme AND scope = :scope AND kind = :kind AND stage = :stage

-- name: total_scopes
SELECT DISTINCT scope, kind, stage FROM total WHERE programme = :programme ORDER BY scope, kind, stage

-- name: total_all
SELECT programme, scope, kind, stage, origin, month_first, month_last, amount_fen, lines, at_least, about, unvouched, unsupported FROM total

-- name: account_one
SELECT kind, stage, party, fund, project, place FROM account WHERE id = :id

-- name: entries_after
SELECT count(*), max(id) FROM entry WHERE id > :entry

-- name: entries_after_invented
SELECT count(*), max(id) FROM entry WHERE id > :entry AND origin = 'demo'

-- name: entries_after_real
SELECT count(*), max(id) FROM entry WHERE id > :entry AND origin <> 'demo'

-- name: candidates_unit
SELECT l.entry_id FROM account a JOIN entry_line l ON l.account_id = a.id WHERE a.kind = :kind AND a.party = :id
UNION SELECT id FROM entry WHERE unit = :id AND unit <> '' ORDER BY 1

-- name: candidates_fund
SELECT DISTINCT l.entry_id FROM account a JOIN entry_line l ON l.account_id = a.id WHERE a.kind = :kind AND a.fund = :id AND a.stage = :stage ORDER BY 1

-- name: candidates_project
SELECT DISTINCT l.entry_id FROM account a JOIN entry_line l ON l.account_id = a.id WHERE a.kind = :kind AND a.project = :id AND a.stage = :stage ORDER BY 1

-- name: candidates_place
WITH RECURSIVE inside(code) AS (SELECT :id UNION SELECT p.code FROM places p JOIN inside i ON p.parent = i.code)
SELECT DISTINCT l.entry_id FROM account a JOIN entry_line l ON l.account_id = a.id
WHERE a.place IN (SELECT code FROM inside) AND a.kind = :kind AND a.stage = :stage ORDER BY 1

-- name: candidates_group
SELECT DISTINCT l.entry_id FROM account a JOIN entry_line l ON l.account_id = a.id WHERE a.kind = :kind AND a.stage = :stage ORDER BY 1

-- name: slot_insert
INSERT INTO entry_slot (place, kind, date, entry_id, demo, rows, amount_fen) VALUES (:place, :kind, :date, :entry_id, :demo, :rows, :amount_fen)

-- name: slot_total_add
INSERT INTO slot_total (place, kind, demo, rows, amount_fen) VALUES (:place, :kind, :demo, :rows, :amount_fen)
ON CONFLICT (place, kind, demo) DO UPDATE SET rows = slot_total.rows + excluded.rows, amount_fen = slot_total.amount_fen + excluded.amount_fen

-- name: slot_all
SELECT place, kind, date, entry_id, demo, rows, amount_fen FROM entry_slot

-- name: slot_total_all
SELECT place, kind, demo, rows, amount_fen FROM slot_total ORDER BY place, kind, demo

-- name: slot_page_down
SELECT entry_id, date FROM entry_slot WHERE place = :place AND kind = :kind AND (date, entry_id) < (:date, :id)
ORDER BY date DESC, entry_id DESC LIMIT :limit

-- name: slot_page_up
SELECT entry_id, date FROM entry_slot WHERE place = :place AND kind = :kind AND (date, entry_id) > (:date, :id)
ORDER BY date, entry_id LIMIT :limit

-- name: source_known
SELECT 1 FROM facts WHERE id = :id UNION ALL SELECT 1 FROM documents WHERE id = :id UNION ALL SELECT 1 FROM sources WHERE id = :id LIMIT 1

-- name: batch_append
INSERT INTO batch (id, at_utc_ms, author, entry_first, entry_last)
SELECT coalesce(max(id), 0) + 1, :at, :author, :entry, :entry FROM batch
