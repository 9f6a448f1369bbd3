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

-- name: ageing_cash
SELECT l.entry_id, e.reverses, CASE WHEN e.date <> '' THEN e.date ELSE l.period END, l.amount_fen, b.stage, a.stage, a.fund, coalesce(f.name, '')
FROM account a JOIN entry_line l ON l.account_id = a.id JOIN entry_line o ON o.id = l.id - 1 JOIN account b ON b.id = o.account_id
JOIN entry e ON e.id = l.entry_id LEFT JOIN funds f ON f.id = a.fund
WHERE a.kind = 'cash' AND l.amount_fen > 0 AND (a.stage IN ('received', 'paid') OR e.reverses <> 0)

-- name: unit_name_en
SELECT CASE WHEN name_en <> '' THEN name_en WHEN short_name <> '' THEN short_name ELSE name END FROM units WHERE id = :id
