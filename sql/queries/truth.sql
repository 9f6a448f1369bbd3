-- name: document_sha256
SELECT sha256 FROM documents WHERE id = :id

-- name: document_by_sha256
SELECT id FROM documents WHERE sha256 = :sha256 ORDER BY id

-- name: entries_citing
SELECT id, source FROM entry WHERE source LIKE '%' || :id || '%' AND source <> '' ORDER BY id

-- name: observations_of
SELECT id FROM observations WHERE indicator = :indicator AND period = :period ORDER BY id

-- name: observations_of_indicator
SELECT id, period, origin FROM observations WHERE indicator = :indicator ORDER BY period, id

-- name: money_scopes
SELECT DISTINCT scope, kind, stage FROM total WHERE programme = :programme ORDER BY scope, kind, stage

-- name: place_name
SELECT name FROM places WHERE code = :code

-- name: unit_name
SELECT CASE WHEN short_name <> '' THEN short_name ELSE name END FROM units WHERE id = :id

-- name: told_entries_of_unit
SELECT DISTINCT e.id, e.verb, e.purpose, e.source, a.kind, e.origin FROM entry e JOIN entry_line l ON l.entry_id = e.id JOIN account a ON a.id = l.account_id
WHERE (a.party = :unit OR e.unit = :unit) AND e.reverses = 0
    AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses = e.id AND r.reverses <> 0) ORDER BY e.id LIMIT 61

-- name: told_entries_of_place
SELECT DISTINCT e.id, e.verb, e.purpose, e.source, a.kind, e.origin FROM entry e JOIN entry_line l ON l.entry_id = e.id JOIN account a ON a.id = l.account_id
WHERE a.place = :place AND e.reverses = 0
    AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses = e.id AND r.reverses <> 0) ORDER BY e.id LIMIT 61

-- name: ageing_receipts
WITH moved AS (
    SELECT a.fund AS fund, l.entry_id AS entry, l.amount_fen AS amount, a.stage AS stage,
        CASE WHEN e.date <> '' THEN e.date ELSE l.period END AS day, e.reverses AS reverses
    FROM entry_line l JOIN account a ON a.id = l.account_id JOIN entry e ON e.id = l.entry_id
    WHERE a.kind = 'cash' AND l.amount_fen > 0 AND a.stage IN ('received', 'paid')
        AND (CASE WHEN e.date <> '' THEN e.date ELSE l.period END) <= :on
        AND e.reverses = 0 AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses = e.id)
)
SELECT m.fund, coalesce(f.name, ''), m.entry, m.day, m.amount,
    coalesce((SELECT sum(o.amount) FROM moved o WHERE o.fund = m.fund AND o.stage = 'received'
        AND (o.day < m.day OR (o.day = m.day AND o.entry < m.entry))), 0),
    coalesce((SELECT sum(p.amount) FROM moved p WHERE p.fund = m.fund AND p.stage = 'paid'), 0)
FROM moved m LEFT JOIN funds f ON f.id = m.fund WHERE m.stage = 'received' ORDER BY m.day, m.entry

-- name: unit_name_en
SELECT CASE WHEN name_en <> '' THEN name_en WHEN short_name <> '' THEN short_name ELSE name END FROM units WHERE id = :id
