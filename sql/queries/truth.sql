-- name: document_sha256
SELECT sha256 FROM documents WHERE id = :id

-- name: document_by_sha256
SELECT id FROM documents WHERE sha256 = :sha256 ORDER BY id

-- name: entries_citing
SELECT id, source FROM entry WHERE instr(source, :id) > 0 AND source <> '' ORDER BY id

-- name: observations_of
SELECT id FROM observations WHERE indicator = :indicator AND period = :period ORDER BY id

-- name: observations_of_indicator
SELECT id, period, origin FROM observations WHERE indicator = :indicator ORDER BY period, id

-- name: money_scopes
SELECT DISTINCT scope, kind, stage FROM total WHERE programme = :programme ORDER BY scope, kind, stage

-- name: money_of_group
SELECT DISTINCT scope, kind, stage FROM total WHERE programme = :programme AND scope = 'group' ORDER BY scope, kind, stage

-- name: flow_of_counties
SELECT t.scope, t.stage, sum(t.amount_fen), sum(t.lines), max(t.at_least), max(t.about) FROM total t
WHERE t.programme = :programme AND t.kind = :kind AND t.scope IN (SELECT 'place:' || p.code FROM places p WHERE p.level = 'county') GROUP BY t.scope, t.stage ORDER BY t.scope, t.stage

-- name: money_of_scope
SELECT DISTINCT scope, kind, stage FROM total WHERE programme = :programme AND scope = :scope ORDER BY scope, kind, stage

-- name: money_of_units
SELECT DISTINCT scope, kind, stage FROM total WHERE programme = :programme AND scope >= 'unit:' AND scope < 'unit;' ORDER BY scope, kind, stage

-- name: money_of_counties
SELECT DISTINCT scope, kind, stage FROM total WHERE programme = :programme AND scope IN (SELECT 'place:' || p.code FROM places p WHERE p.level = 'county') ORDER BY scope, kind, stage

-- name: places_inside
WITH RECURSIVE inside(code) AS (SELECT p.code FROM places p WHERE p.code = :code UNION SELECT w.code FROM places w JOIN inside ON w.parent = inside.code) SELECT code FROM inside ORDER BY code

-- name: case_places
SELECT p.code, p.name FROM places p WHERE p.code IN (SELECT c.place FROM cases c)

-- name: place_name
SELECT name FROM places WHERE code = :code

-- name: unit_name
SELECT CASE WHEN short_name <> '' THEN short_name ELSE name END FROM units WHERE id = :id

-- name: told_entries_of_unit
SELECT e.id, e.verb, e.purpose, e.source, a.kind, e.origin FROM account a JOIN entry_line l ON l.account_id = a.id JOIN entry e ON e.id = l.entry_id
WHERE a.party = :unit AND e.reverses = 0 AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses = e.id AND r.reverses <> 0)
UNION SELECT e.id, e.verb, e.purpose, e.source, a.kind, e.origin FROM entry e JOIN entry_line l ON l.entry_id = e.id JOIN account a ON a.id = l.account_id
WHERE e.unit = :unit AND e.unit <> '' AND e.reverses = 0 AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses = e.id AND r.reverses <> 0)
ORDER BY 1 LIMIT 61

-- name: told_entries_of_place
SELECT DISTINCT e.id, e.verb, e.purpose, e.source, a.kind, e.origin FROM entry e JOIN entry_line l ON l.entry_id = e.id JOIN account a ON a.id = l.account_id
WHERE a.place = :place AND e.reverses = 0
    AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses = e.id AND r.reverses <> 0) ORDER BY e.id LIMIT 61

-- name: members_of_programme
SELECT 'unit:' || m.unit FROM members m JOIN groups g ON g.id = m."group" WHERE g.programme = :programme
UNION SELECT 'unit:' || u.id FROM units u
WHERE NOT EXISTS (SELECT 1 FROM members o JOIN groups h ON h.id = o."group" WHERE h.programme = :programme) ORDER BY 1

-- The lines in their own order, so that millions are met side by side: CROSS JOIN is how SQLite is told.
-- name: ageing_cash
SELECT l.entry_id, e.reverses, CASE WHEN e.date <> '' THEN e.date ELSE l.period END, l.amount_fen, b.stage, a.stage, a.fund, coalesce(f.name, ''), e.origin
FROM entry_line l CROSS JOIN account a CROSS JOIN entry e CROSS JOIN entry_line o CROSS JOIN account b LEFT JOIN funds f ON f.id = a.fund
WHERE l.amount_fen > 0 AND a.id = l.account_id AND a.kind = 'cash' AND e.id = l.entry_id AND o.id = l.id - 1 AND b.id = o.account_id
AND (a.stage IN ('received', 'paid') OR e.reverses <> 0) ORDER BY l.id

-- name: unit_name_en
SELECT CASE WHEN name_en <> '' THEN name_en WHEN short_name <> '' THEN short_name ELSE name END FROM units WHERE id = :id

-- name: standing_transfers
SELECT e.id, e.date, e.verb, e.purpose, e.origin, l.period, l.amount_fen, l.bound, a.kind, a.stage, b.stage, b.party, a.party, a.fund, a.project, a.place, coalesce(f.programme, '')
FROM entry e JOIN entry_line l ON l.entry_id = e.id JOIN account a ON a.id = l.account_id
JOIN entry_line o ON o.id = l.id - 1 JOIN account b ON b.id = o.account_id LEFT JOIN funds f ON f.id = a.fund
WHERE l.amount_fen > 0 AND e.reverses = 0 AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses = e.id AND r.reverses <> 0)
ORDER BY e.id, l.id

-- name: best_position
SELECT lon, lat, error_m, source_id FROM positions WHERE place = :place AND "match" <> 'doubtful' AND lon <> '' AND lat <> '' ORDER BY id LIMIT 1

-- name: entry_touches_person
SELECT 1 FROM entry_line l JOIN account a ON a.id = l.account_id
WHERE l.entry_id = :entry AND a.party IN (SELECT id FROM persons UNION ALL SELECT id FROM households) LIMIT 1

-- name: entry_parties
SELECT e.verb, b.party, a.party FROM entry e JOIN entry_line l ON l.entry_id = e.id JOIN account a ON a.id = l.account_id
JOIN entry_line o ON o.id = l.id - 1 JOIN account b ON b.id = o.account_id
WHERE e.id = :entry AND l.amount_fen > 0 ORDER BY l.id LIMIT 1

-- name: entry_papers
SELECT source, voucher FROM entry WHERE id = :entry
