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
