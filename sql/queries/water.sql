-- name: water_blob
SELECT b.bytes FROM documents d JOIN document_blob b ON b.sha256 = d.sha256 WHERE d.id = :id

-- name: water_document_hash
SELECT sha256 FROM documents WHERE id = :id

-- name: water_designs_of
SELECT id, name, name_en, role, sizes, cost_fen, bound_fen, feasible, worst, slack, seed, work, made_on, note, origin, version
FROM water_designs WHERE network = :network
ORDER BY CASE role WHEN 'before' THEN 0 WHEN 'after' THEN 1 ELSE 2 END, id

-- name: water_design_taken
SELECT 1 FROM water_designs WHERE id = :id

-- name: water_budget_of
SELECT d.id FROM water_networks n JOIN water_designs d ON d.id = n.budget JOIN projects p ON p.id = n.project
WHERE n.project = :project AND d.cost_fen = p.budget_fen ORDER BY n.id

-- name: water_network_count
SELECT COUNT(*) FROM water_networks

-- name: water_network_taken
SELECT 1 FROM water_networks WHERE id = :id
