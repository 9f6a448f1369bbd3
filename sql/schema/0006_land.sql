-- 0006_land: farmland, the towers that watch it and the people who answer for it; and what a tower sees, computed.

CREATE TABLE "towers" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "lon" TEXT NOT NULL DEFAULT '',
    "lat" TEXT NOT NULL DEFAULT '',
    "mast_m" TEXT NOT NULL DEFAULT '',
    "state" TEXT NOT NULL DEFAULT '',
    "project" TEXT NOT NULL DEFAULT '',
    "cost_fen" INTEGER,
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "cameras" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "tower" TEXT NOT NULL DEFAULT '',
    "height_m" TEXT NOT NULL DEFAULT '',
    "range_m" TEXT NOT NULL DEFAULT '',
    "pan_from_deg" TEXT NOT NULL DEFAULT '',
    "pan_to_deg" TEXT NOT NULL DEFAULT '',
    "pitch_min_deg" TEXT NOT NULL DEFAULT '',
    "pitch_max_deg" TEXT NOT NULL DEFAULT '',
    "focal_mm" TEXT NOT NULL DEFAULT '',
    "pixel_um" TEXT NOT NULL DEFAULT '',
    "width_px" INTEGER,
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "presets" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "camera" TEXT NOT NULL DEFAULT '',
    "heading_deg" TEXT NOT NULL DEFAULT '',
    "tilt_deg" TEXT NOT NULL DEFAULT '',
    "roll_deg" TEXT NOT NULL DEFAULT '',
    "focal_mm" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "parcels" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "number" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "land_code" TEXT NOT NULL DEFAULT '',
    "land_name" TEXT NOT NULL DEFAULT '',
    "area_m2" TEXT NOT NULL DEFAULT '',
    "shape" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;
CREATE INDEX parcels_place ON "parcels" ("place");

CREATE TABLE "wardens" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "person" TEXT NOT NULL DEFAULT '',
    "level" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "parcels" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "handover_to" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

-- What each tower sees of each parcel, by the newest run; not a record: computed again when a tower, a camera, a parcel or
-- the elevation changes. Shares are of 10,000; -1 = not told.
CREATE TABLE sight (
    tower TEXT NOT NULL,
    parcel TEXT NOT NULL,
    seen INTEGER NOT NULL,
    dist_m INTEGER NOT NULL,
    pixel_mm INTEGER NOT NULL,
    incidence_ddeg INTEGER NOT NULL,          -- tenths of a degree
    blocker_m INTEGER NOT NULL,
    PRIMARY KEY (tower, parcel)
) STRICT, WITHOUT ROWID;
CREATE INDEX sight_by_parcel ON sight (parcel, tower);

CREATE TABLE sight_parcel (
    parcel TEXT PRIMARY KEY NOT NULL,
    cells INTEGER NOT NULL,
    nodata INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    before INTEGER NOT NULL,                  -- by what stands today
    towers INTEGER NOT NULL,
    best TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sight_run (
    id INTEGER PRIMARY KEY NOT NULL,          -- 1: only the newest stands
    at_utc_ms INTEGER NOT NULL,
    input TEXT NOT NULL,                      -- SHA-256 of the towers, cameras, parcels and elevation that went in
    epsg INTEGER NOT NULL,
    cell_mm INTEGER NOT NULL,
    towers INTEGER NOT NULL,
    parcels INTEGER NOT NULL,
    ms INTEGER NOT NULL
) STRICT;
