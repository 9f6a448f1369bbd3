-- name: plant_input_plants
SELECT id || '|' || version FROM plants WHERE id = :plant

-- name: plant_input_readings
SELECT r.id || '|' || r.version || '|' || d.sha256 FROM plant_readings r JOIN documents d ON d.id = r.document WHERE r.plant = :plant ORDER BY r.id

-- name: plant_input_document
SELECT d.sha256 FROM plants p JOIN documents d ON d.id = p.plant WHERE p.id = :plant

-- name: plant_ids
SELECT id FROM plants ORDER BY id

-- name: plant_batches
SELECT r.id, r.document, r.received, r.stamp, b.first_day, b.last_day FROM plant_readings r LEFT JOIN plant_batch b ON b.plant = r.plant AND b.batch = r.id
WHERE r.plant = :plant ORDER BY r.received, r.id

-- name: plant_batch_drop
DELETE FROM plant_batch WHERE plant = :plant

-- name: plant_batch_put
INSERT INTO plant_batch (plant, batch, first_day, last_day) VALUES (:plant, :batch, :first, :last)

-- name: plant_tariffs_of
SELECT id, part, begins, ends, price_yuan_kwh, payer, document FROM plant_tariffs WHERE plant = :plant ORDER BY part, begins, id

-- name: plant_run
SELECT at_utc_ms, input, step_ms, horizon, problem, rate, ms FROM plant_run WHERE plant = :plant

-- name: plant_run_drop
DELETE FROM plant_run WHERE plant = :plant

-- name: plant_run_put
INSERT INTO plant_run (plant, at_utc_ms, input, step_ms, horizon, problem, rate, ms) VALUES (:plant, :at, :input, :step, :horizon, :problem, :rate, :ms)

-- name: plant_day_drop
DELETE FROM plant_day WHERE plant = :plant

-- name: plant_day_put
INSERT INTO plant_day (plant, day, generated_wh, fed_in_wh, expected_wh, clear_wh, light_wh_m2, left_out_wh, steps, steps_read, steps_fed)
VALUES (:plant, :day, :generated, :fed_in, :expected, :clear, :light, :left_out, :steps, :steps_read, :steps_fed)

-- name: plant_days_of
SELECT day, generated_wh, fed_in_wh, expected_wh, clear_wh, light_wh_m2, left_out_wh, steps, steps_read, steps_fed FROM plant_day
WHERE plant = :plant AND day >= :first AND day <= :last ORDER BY day

-- name: plant_day_ends
SELECT min(day), max(day) FROM plant_day WHERE plant = :plant

-- name: plant_month_drop
DELETE FROM plant_month WHERE plant = :plant

-- name: plant_month_put
INSERT INTO plant_month (plant, month, ratio, ratio_corrected) VALUES (:plant, :month, :ratio, :corrected)

-- name: plant_months_of
SELECT month, ratio, ratio_corrected FROM plant_month WHERE plant = :plant ORDER BY month

-- name: plant_found_drop
DELETE FROM plant_found WHERE plant = :plant

-- name: plant_found_put
INSERT INTO plant_found (plant, number, kind, inverter, first_utc_ms, last_utc_ms, value, expected, lost_wh, fault)
VALUES (:plant, :number, :kind, :inverter, :first, :last, :value, :expected, :lost, :fault)

-- name: plant_found_of
SELECT f.kind, f.inverter, f.first_utc_ms, f.last_utc_ms, f.value, f.expected, f.lost_wh, f.fault, coalesce(p."case", '') FROM plant_found f
LEFT JOIN plant_faults p ON p.id = f.fault WHERE f.plant = :plant ORDER BY f.number

-- name: plant_alarms_of
SELECT id, kind, inverter, first_utc, last_utc FROM plant_faults WHERE plant = :plant ORDER BY id

-- name: plant_entry_by_key
SELECT e.id, e.voucher, coalesce((SELECT r.id FROM entry r WHERE r.reverses = e.id), 0) FROM entry e WHERE e.key = :key

-- name: plant_case_closed
SELECT 1 FROM case_steps WHERE "case" = :case AND stage = 'closed'

-- name: plant_cases_of
SELECT "case" FROM plant_faults WHERE plant = :plant AND "case" <> '' ORDER BY id
