-- Erasing people, how long their text may stay, and what a person may ask to see.

-- name: personal_history_count
SELECT count(*) FROM history_personal p JOIN history h ON h.id = p.history_id WHERE h.register = :register AND h.record = :record AND (p.old <> '' OR p.new <> '')

-- name: personal_history_erase
UPDATE history_personal SET old = '', new = '' WHERE history_id IN (SELECT id FROM history WHERE register = :register AND record = :record)

-- name: erasure_count
SELECT count(*) FROM erasures

-- name: erasure_all
SELECT register, record, reason FROM erasures ORDER BY register, record

-- name: retention_all
SELECT id, months FROM retentions WHERE months > 0 ORDER BY id

-- name: record_last_change
SELECT coalesce(max(at_utc_ms), 0) FROM history WHERE register = :register AND record = :record

-- name: reveals_of_record
SELECT at_utc_ms, actor, role, object, reason FROM operation_log WHERE action = 'reveal' AND object >= :first AND object < :behind ORDER BY id

-- name: sealed_counts
SELECT (SELECT count(*) FROM subject_key), (SELECT count(*) FROM user_account WHERE totp <> '')

-- name: newest_instant
SELECT coalesce(max(at_utc_ms), 0) FROM (SELECT at_utc_ms FROM operation_log WHERE id = (SELECT max(id) FROM operation_log) UNION ALL SELECT at_utc_ms FROM history WHERE id = (SELECT max(id) FROM history)) newest
