-- name: land_elevation
SELECT id, name, sha256 FROM documents WHERE kind = 'dem' AND sha256 <> '' ORDER BY id

-- name: land_blob
SELECT bytes FROM document_blob WHERE sha256 = :sha256

-- name: land_run
SELECT at_utc_ms, input, epsg, cell_mm FROM sight_run WHERE id = 1

-- name: land_run_put
INSERT INTO sight_run (id, at_utc_ms, input, epsg, cell_mm, towers, parcels, ms) VALUES (1, :at, :input, :epsg, :cell_mm, :towers, :parcels, :ms)

-- name: land_run_drop
DELETE FROM sight_run

-- name: land_sight_drop
DELETE FROM sight

-- name: land_sight_parcel_drop
DELETE FROM sight_parcel

-- name: land_sight_put
INSERT INTO sight (tower, parcel, seen, dist_m, pixel_mm, incidence_ddeg, blocker_m) VALUES (:tower, :parcel, :seen, :dist, :pixel, :incidence, :blocker)

-- name: land_sight_parcel_put
INSERT INTO sight_parcel (parcel, cells, nodata, seen, before, towers, best) VALUES (:parcel, :cells, :nodata, :seen, :before, :towers, :best)

-- name: land_input_towers
SELECT id || '|' || version FROM towers ORDER BY id

-- name: land_input_cameras
SELECT id || '|' || version FROM cameras ORDER BY id

-- name: land_input_parcels
SELECT id || '|' || version FROM parcels ORDER BY id

-- name: land_tower_parcels
SELECT tower, count(*) FROM sight GROUP BY tower ORDER BY tower

-- name: land_camera_list
SELECT id, name, tower, range_m, pan_from_deg, pan_to_deg FROM cameras ORDER BY tower, id

-- name: land_sight_of_parcel
SELECT seen, before, nodata, towers FROM sight_parcel WHERE parcel = :parcel

-- name: land_sight_of_pair
SELECT seen, dist_m, pixel_mm, incidence_ddeg FROM sight WHERE parcel = :parcel AND tower = :tower
