-- What several servers on one store tell each other: news and jobs.

-- name: server_event_keep
INSERT INTO server_event (id, server, name, subject, topic, owner, data, at_utc_ms)
VALUES ((SELECT coalesce(max(id), 0) + 1 FROM server_event), :server, :name, :subject, :topic, :owner, :data, :at)
ON CONFLICT (server, name, subject) DO UPDATE SET id = excluded.id, topic = excluded.topic, owner = excluded.owner, data = excluded.data, at_utc_ms = excluded.at_utc_ms

-- name: server_event_newest
SELECT coalesce(max(id), 0) FROM server_event

-- name: server_events_behind
SELECT id, name, subject, topic, owner, data FROM server_event WHERE id > :seen AND server <> :server ORDER BY id LIMIT 256

-- name: server_event_expire
DELETE FROM server_event WHERE at_utc_ms < :before AND id < (SELECT max(id) FROM server_event)

-- name: server_job_next
SELECT coalesce(max(id), 0) + 1 FROM server_job

-- name: server_job_add
INSERT INTO server_job (id, server, owner, kind, label, state, done, total, started_utc_ms, ended_utc_ms, heard_utc_ms, cancel, status, code, place, what, hint, file_name, result, answer)
VALUES (:id, :server, :owner, :kind, :label, 'waiting', 0, 0, 0, 0, :heard, 0, 0, '', '', '', '', '', 'none', '')

-- name: server_job_get
SELECT id, server, owner, kind, label, state, done, total, started_utc_ms, ended_utc_ms, status, code, place, what, hint, file_name, result, answer
FROM server_job WHERE owner = :owner AND id = :id AND (ended_utc_ms = 0 OR ended_utc_ms > :since)

-- name: server_jobs_of
SELECT id, server, owner, kind, label, state, done, total, started_utc_ms, ended_utc_ms, status, code, place, what, hint, file_name, result, answer
FROM server_job WHERE owner = :owner AND (ended_utc_ms = 0 OR ended_utc_ms > :since) ORDER BY id DESC LIMIT :room

-- name: server_job_note
UPDATE server_job SET state = :state, done = :done, total = :total, started_utc_ms = :started, answer = :answer WHERE id = :id AND ended_utc_ms = 0

-- name: server_job_end
UPDATE server_job SET state = :state, done = :done, total = :total, started_utc_ms = :started, ended_utc_ms = :ended, status = :status, code = :code, place = :place, what = :what,
hint = :hint, file_name = :file_name, result = :result, label = :label, answer = :answer WHERE id = :id AND server = :server

-- name: server_job_lost
UPDATE server_job SET state = 'failed', ended_utc_ms = :ended, status = :status, code = :code, what = :what, hint = :hint WHERE id = :id AND ended_utc_ms = 0 AND heard_utc_ms = :heard

-- name: server_job_heard
UPDATE server_job SET heard_utc_ms = :heard WHERE server = :server AND ended_utc_ms = 0

-- name: server_jobs_elsewhere
SELECT id, owner, heard_utc_ms, done, total FROM server_job WHERE ended_utc_ms = 0 AND server <> :server ORDER BY id LIMIT 256

-- name: server_job_cancel
UPDATE server_job SET cancel = 1 WHERE id = :id AND owner = :owner AND ended_utc_ms = 0 AND cancel = 0

-- name: server_jobs_marked
SELECT id, owner FROM server_job WHERE server = :server AND ended_utc_ms = 0 AND cancel = 1 LIMIT 256

-- name: server_jobs_dropped
SELECT id, owner FROM server_job WHERE server = :server AND result = 'dropped' LIMIT 256

-- name: server_job_expire
DELETE FROM server_job WHERE ended_utc_ms > 0 AND ended_utc_ms < :before AND id < (SELECT max(id) FROM server_job)

-- name: server_part_keep
INSERT INTO server_job_part (job, part, sealed, bytes) VALUES (:job, :part, :sealed, :bytes)

-- name: server_part_get
SELECT sealed, bytes FROM server_job_part WHERE job = :job AND part = :part

-- name: server_parts_drop
DELETE FROM server_job_part WHERE job = :job

-- name: server_parts_expire
DELETE FROM server_job_part WHERE job NOT IN (SELECT id FROM server_job WHERE ended_utc_ms = 0 OR ended_utc_ms >= :before)

-- name: server_results_drop
UPDATE server_job SET result = 'dropped', label = kind, place = '', what = CASE WHEN what = '' THEN '' ELSE :what END, answer = '' WHERE ended_utc_ms > 0 AND result <> 'dropped'

-- name: server_answers_drop
UPDATE server_job SET answer = '' WHERE ended_utc_ms = 0 AND answer <> ''

-- name: server_parts_drop_all
DELETE FROM server_job_part
