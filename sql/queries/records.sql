-- name: setting_get
SELECT value FROM setting WHERE name = :name

-- name: setting_put
INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- name: document_contents
SELECT d.id, d.sha256, b.bytes FROM documents d LEFT JOIN document_blob b ON b.sha256 = d.sha256 WHERE d.sha256 <> '' ORDER BY d.id

-- name: document_blob_put
INSERT INTO document_blob (sha256, bytes) VALUES (:sha256, :bytes) ON CONFLICT (sha256) DO NOTHING

-- name: document_blob_get
SELECT bytes FROM document_blob WHERE sha256 = :sha256

-- name: history_insert
INSERT INTO history (id, at_utc_ms, author, register, record, version, op, field, old, new)
VALUES (:id, :at_utc_ms, :author, :register, :record, :version, :op, :field, :old, :new)

-- name: history_personal_insert
INSERT INTO history_personal (history_id, old, new) VALUES (:history_id, :old, :new)

-- name: history_last
SELECT max(id) FROM history

-- name: history_all
SELECT h.id, h.at_utc_ms, h.author, h.register, h.record, h.version, h.op, h.field, h.old, h.new,
    CASE WHEN p.history_id IS NULL THEN 0 ELSE 1 END, p.old, p.new
FROM history h LEFT JOIN history_personal p ON p.history_id = h.id ORDER BY h.id

-- name: batch_insert
INSERT INTO batch (id, at_utc_ms, author, entry_first, entry_last) VALUES (:id, :at_utc_ms, :author, :entry_first, :entry_last)

-- name: batch_last
SELECT max(id) FROM batch

-- name: batch_all
SELECT id, at_utc_ms, author, entry_first, entry_last FROM batch ORDER BY id

-- name: place_deepest
WITH RECURSIVE up(code, at, depth) AS (
    SELECT code, parent, 1 FROM places WHERE parent <> ''
    UNION ALL
    SELECT up.code, p.parent, up.depth + 1 FROM up JOIN places p ON p.code = up.at WHERE p.parent <> '' AND up.depth <= :deepest
)
SELECT code FROM up WHERE depth > :deepest ORDER BY code LIMIT 1

-- name: setting_all
SELECT name, value FROM setting ORDER BY name

-- name: document_files
SELECT b.sha256, min(d.media_type), b.bytes FROM document_blob b JOIN documents d ON d.sha256 = b.sha256
GROUP BY b.sha256, b.bytes ORDER BY b.sha256

-- name: document_blob_size
SELECT length(bytes) FROM document_blob WHERE sha256 = :sha256
