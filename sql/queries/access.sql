-- name: access_has_unit
SELECT 1 FROM access_unit WHERE user_id = :user AND unit = :unit

-- name: access_has_place
SELECT 1 FROM access_place WHERE user_id = :user AND place = :place

-- name: access_unit_clear
DELETE FROM access_unit

-- name: access_place_clear
DELETE FROM access_place

-- name: access_unit_chosen
INSERT INTO access_unit (user_id, unit)
SELECT a.id, u.id FROM user_account a JOIN units u ON instr(';' || a.units || ';', ';' || u.id || ';') > 0 WHERE a.scope = 'units'

-- name: access_unit_own
INSERT INTO access_unit (user_id, unit)
SELECT a.id, u.id FROM user_account a JOIN units u ON u.id = a.unit WHERE a.scope IN ('unit', 'below')

-- name: access_unit_below
WITH RECURSIVE under(user_id, unit) AS (
    SELECT a.id, u.id FROM user_account a JOIN units u ON u.parent = a.unit WHERE a.scope = 'below' AND a.unit <> ''
    UNION SELECT under.user_id, u.id FROM under JOIN units u ON u.parent = under.unit
)
INSERT INTO access_unit (user_id, unit) SELECT user_id, unit FROM under WHERE true ON CONFLICT (user_id, unit) DO NOTHING

-- name: access_place_paired
INSERT INTO access_place (user_id, place)
SELECT DISTINCT x.user_id, p.place FROM access_unit x JOIN user_account a ON a.id = x.user_id JOIN pairings p ON p.unit = x.unit WHERE a.scope IN ('units', 'unit')

-- name: access_place_own
INSERT INTO access_place (user_id, place)
SELECT a.id, p.code FROM user_account a JOIN places p ON p.code = a.place WHERE a.scope = 'below' ON CONFLICT (user_id, place) DO NOTHING

-- name: access_place_below
WITH RECURSIVE under(user_id, place) AS (
    SELECT x.user_id, p.code FROM access_place x JOIN places p ON p.parent = x.place
    UNION SELECT under.user_id, p.code FROM under JOIN places p ON p.parent = under.place
)
INSERT INTO access_place (user_id, place) SELECT user_id, place FROM under WHERE true ON CONFLICT (user_id, place) DO NOTHING

-- name: any_wrapped_key
SELECT wrapped FROM store_key UNION ALL SELECT wrapped FROM (SELECT wrapped FROM subject_key LIMIT 1) one LIMIT 1

-- name: wrapped_keys
SELECT register, record, wrapped FROM subject_key UNION ALL SELECT '', name, wrapped FROM store_key

-- name: subject_key_get
SELECT wrapped FROM subject_key WHERE register = :register AND record = :record

-- name: subject_key_put
INSERT INTO subject_key (register, record, wrapped) VALUES (:register, :record, :wrapped)
ON CONFLICT (register, record) DO UPDATE SET wrapped = excluded.wrapped

-- name: subject_key_add
INSERT INTO subject_key (register, record, wrapped) VALUES (:register, :record, :wrapped)

-- name: subject_key_all
SELECT register, record, wrapped FROM subject_key ORDER BY register, record

-- name: store_key_get
SELECT wrapped FROM store_key WHERE name = :name

-- name: store_key_put
INSERT INTO store_key (name, wrapped) VALUES (:name, :wrapped) ON CONFLICT (name) DO UPDATE SET wrapped = excluded.wrapped

-- name: history_personal_open
SELECT h.id, h.register, h.record, h.field, p.old, p.new FROM history_personal p JOIN history h ON h.id = p.history_id
WHERE (p.old <> '' AND substr(p.old, 1, 7) <> 'sealed:') OR (p.new <> '' AND substr(p.new, 1, 7) <> 'sealed:') LIMIT 1

-- name: history_personal_set
INSERT INTO history_personal (history_id, old, new) VALUES (:id, :old, :new) ON CONFLICT (history_id) DO UPDATE SET old = excluded.old, new = excluded.new

-- name: user_totp_all
SELECT id, totp FROM user_account WHERE totp <> ''

-- name: user_totp_set
UPDATE user_account SET totp = :totp WHERE id = :id

-- name: operation_log_head
SELECT id, hash FROM operation_log ORDER BY id DESC LIMIT 1

-- name: operation_log_insert
INSERT INTO operation_log (id, at_utc_ms, actor, role, address, action, object, outcome, reason, hash)
VALUES (:id, :at_utc_ms, :actor, :role, :address, :action, :object, :outcome, :reason, :hash)

-- name: operation_log_all
SELECT id, at_utc_ms, actor, role, address, action, object, outcome, reason, hash FROM operation_log ORDER BY id

-- name: operation_log_page
SELECT id, at_utc_ms, actor, role, address, action, object, outcome, reason, hash FROM operation_log
WHERE id < :before AND (:actor = '' OR actor = :actor) AND (:action = '' OR action = :action) AND at_utc_ms >= :from_ms AND at_utc_ms < :to_ms
    AND (:q = '' OR instr(object, :q) > 0 OR instr(reason, :q) > 0 OR instr(actor, :q) > 0) ORDER BY id DESC LIMIT :limit

-- name: login_log_head
SELECT id, hash FROM login_log ORDER BY id DESC LIMIT 1

-- name: login_log_insert
INSERT INTO login_log (id, at_utc_ms, actor, role, address, action, object, outcome, reason, hash)
VALUES (:id, :at_utc_ms, :actor, :role, :address, :action, :object, :outcome, :reason, :hash)

-- name: login_log_all
SELECT id, at_utc_ms, actor, role, address, action, object, outcome, reason, hash FROM login_log ORDER BY id

-- name: login_log_page
SELECT id, at_utc_ms, actor, role, address, action, object, outcome, reason, hash FROM login_log
WHERE id < :before AND (:actor = '' OR actor = :actor) AND (:action = '' OR action = :action) AND at_utc_ms >= :from_ms AND at_utc_ms < :to_ms
    AND (:q = '' OR instr(object, :q) > 0 OR instr(reason, :q) > 0 OR instr(actor, :q) > 0) ORDER BY id DESC LIMIT :limit

-- name: user_read
SELECT id, name, role, scope, units, unit, place, state, password, totp, invitation, demo, totp_step, failures, version, locked_until_utc_ms,
    last_login_utc_ms, invitation_until_utc_ms FROM user_account WHERE id = :id

-- name: user_all
SELECT id, name, role, scope, units, unit, place, state, password, totp, invitation, demo, totp_step, failures, version, locked_until_utc_ms,
    last_login_utc_ms, invitation_until_utc_ms FROM user_account ORDER BY id

-- name: user_by_invitation
SELECT id FROM user_account WHERE invitation = :mark AND invitation <> ''

-- name: user_write
INSERT INTO user_account (id, name, role, scope, units, unit, place, state, password, totp, invitation, demo, totp_step, failures, version,
    locked_until_utc_ms, last_login_utc_ms, invitation_until_utc_ms)
VALUES (:id, :name, :role, :scope, :units, :unit, :place, :state, :password, :totp, :invitation, :demo, :totp_step, :failures, :version,
    :locked_until_utc_ms, :last_login_utc_ms, :invitation_until_utc_ms)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, scope = excluded.scope, units = excluded.units, unit = excluded.unit,
    place = excluded.place, state = excluded.state, password = excluded.password, totp = excluded.totp, invitation = excluded.invitation,
    demo = excluded.demo, totp_step = excluded.totp_step, failures = excluded.failures, version = excluded.version,
    locked_until_utc_ms = excluded.locked_until_utc_ms, last_login_utc_ms = excluded.last_login_utc_ms,
    invitation_until_utc_ms = excluded.invitation_until_utc_ms

-- name: session_add
INSERT INTO user_session (token, user_id, kind, name, csrf, created_utc_ms, seen_utc_ms, until_utc_ms)
VALUES (:token, :user_id, :kind, :name, :csrf, :created_utc_ms, :seen_utc_ms, :until_utc_ms)

-- name: session_find
SELECT s.kind, s.csrf, s.seen_utc_ms, s.until_utc_ms, u.id, u.name, u.role, u.scope, u.unit, u.place, u.state, u.demo, u.totp
FROM user_session s JOIN user_account u ON u.id = s.user_id WHERE s.token = :token

-- name: session_touch
UPDATE user_session SET seen_utc_ms = :seen WHERE token = :token AND seen_utc_ms < :seen

-- name: session_end
DELETE FROM user_session WHERE token = :token

-- name: session_end_of_user
DELETE FROM user_session WHERE user_id = :user_id AND token <> :but

-- name: session_expire
DELETE FROM user_session WHERE (kind = 'browser' AND seen_utc_ms < :idle_since) OR (until_utc_ms > 0 AND until_utc_ms < :now)

-- name: idempotency_expire
DELETE FROM idempotency WHERE at_utc_ms < :before

-- name: token_all
SELECT token, user_id, name, created_utc_ms, seen_utc_ms, until_utc_ms FROM user_session WHERE kind = 'token' ORDER BY created_utc_ms, token

-- name: token_revoke
DELETE FROM user_session WHERE kind = 'token' AND substr(token, 1, length(:mark)) = :mark

-- name: search_record_find
SELECT id, open_words, personal_words FROM search_record WHERE record = :record AND register = :register

-- name: search_record_last
SELECT max(id) FROM search_record

-- name: search_record_add
INSERT INTO search_record (id, register, record, open_words, personal_words) VALUES (:id, :register, :record, :open_words, :personal_words)

-- name: search_record_words
UPDATE search_record SET open_words = :open_words, personal_words = :personal_words WHERE id = :id

-- name: search_record_drop
DELETE FROM search_record WHERE id = :id

-- name: search_record_prefix
SELECT register, record FROM search_record WHERE record >= :from AND record < :to ORDER BY record, register LIMIT :limit

-- name: search_drop
DELETE FROM search_word WHERE gram = :gram AND record_id = :record_id AND personal = :personal

-- name: search_add
INSERT INTO search_word (gram, record_id, personal) VALUES (:gram, :record_id, :personal)

-- name: search_frequency
SELECT count(*) FROM (SELECT 1 FROM search_word WHERE gram = :gram LIMIT :most) w

-- name: history_of_record
SELECT at_utc_ms, author, op, field, old, new, version FROM history WHERE register = :register AND record = :record ORDER BY id

-- name: idempotency_find
SELECT request, etag, location, body, status FROM idempotency WHERE user_id = :user AND key = :key

-- name: idempotency_keep
INSERT INTO idempotency (user_id, key, request, etag, location, body, status, at_utc_ms)
VALUES (:user_id, :key, :request, :etag, :location, :body, :status, :at_utc_ms)

-- name: programme_origin
SELECT origin FROM programmes WHERE id = :id

-- name: cockpit_places
SELECT p.code, p.name, p.level, p.parent, coalesce(s.lon, ''), coalesce(s.lat, ''), coalesce(s."match", '')
FROM places p LEFT JOIN positions s ON s.id = (SELECT min(x.id) FROM positions x WHERE x.place = p.code AND x."match" <> 'doubtful') ORDER BY p.code

-- name: ties_invented
SELECT (SELECT count(*) FROM members WHERE origin = 'demo') + (SELECT count(*) FROM pairings WHERE origin = 'demo')

-- name: ties_real
SELECT (SELECT count(*) FROM members WHERE origin <> 'demo') + (SELECT count(*) FROM pairings WHERE origin <> 'demo')

-- name: assets_of_project
SELECT id FROM assets WHERE project = :project ORDER BY id LIMIT 2
