-- 0008_solar: PV plants, their tariffs, readings and faults; and what the newest run says of them.

CREATE TABLE "plants" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "asset" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "plant" TEXT NOT NULL DEFAULT '',
    "use" TEXT NOT NULL DEFAULT '',
    "fund" TEXT NOT NULL DEFAULT '',
    "project" TEXT NOT NULL DEFAULT '',
    "reporter" TEXT NOT NULL DEFAULT '',
    "keeper" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;
CREATE INDEX plants_asset ON "plants" ("asset");

CREATE TABLE "plant_tariffs" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "plant" TEXT NOT NULL DEFAULT '',
    "part" TEXT NOT NULL DEFAULT '',
    "begins" TEXT NOT NULL DEFAULT '',
    "ends" TEXT NOT NULL DEFAULT '',
    "price_yuan_kwh" TEXT NOT NULL DEFAULT '',
    "payer" TEXT NOT NULL DEFAULT '',
    "document" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;
CREATE INDEX plant_tariffs_plant ON "plant_tariffs" ("plant");

CREATE TABLE "plant_readings" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "plant" TEXT NOT NULL DEFAULT '',
    "document" TEXT NOT NULL DEFAULT '',
    "received" TEXT NOT NULL DEFAULT '',
    "stamp" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;
CREATE INDEX plant_readings_plant ON "plant_readings" ("plant");

CREATE TABLE "plant_faults" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "plant" TEXT NOT NULL DEFAULT '',
    "case" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL DEFAULT '',
    "inverter" TEXT NOT NULL DEFAULT '',
    "first_day" TEXT NOT NULL DEFAULT '',
    "last_day" TEXT NOT NULL DEFAULT '',
    "first_utc" TEXT NOT NULL DEFAULT '',
    "last_utc" TEXT NOT NULL DEFAULT '',
    "value" TEXT NOT NULL DEFAULT '',
    "expected" TEXT NOT NULL DEFAULT '',
    "lost_kwh" TEXT NOT NULL DEFAULT '',
    "readings" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;
CREATE INDEX plant_faults_plant ON "plant_faults" ("plant");

-- What a plant made, day by day of its civil time; not a record: computed again when the plant, its readings or the ground change.
-- Wh; -1 = not told (no light was measured, no meter at the grid).
CREATE TABLE plant_day (
    plant TEXT NOT NULL,
    day INTEGER NOT NULL,                     -- days since 1970-01-01
    generated_wh INTEGER NOT NULL,            -- of readings that are believed
    fed_in_wh INTEGER NOT NULL,
    expected_wh INTEGER NOT NULL,             -- in the same steps
    clear_wh INTEGER NOT NULL,                -- of the whole day under a sky without clouds
    light_wh_m2 INTEGER NOT NULL,             -- on the plane
    left_out_wh INTEGER NOT NULL,             -- of readings that an alarm disproves
    steps INTEGER NOT NULL,                   -- with the sun up
    steps_read INTEGER NOT NULL,              -- of them believed, of every inverter
    steps_fed INTEGER NOT NULL,               -- of them with the meter at the grid
    PRIMARY KEY (plant, day)
) STRICT, WITHOUT ROWID;

-- Performance ratios of a month in millionths; -1 = no light was measured.
CREATE TABLE plant_month (
    plant TEXT NOT NULL,
    month INTEGER NOT NULL,                   -- 202405
    ratio INTEGER NOT NULL,
    ratio_corrected INTEGER NOT NULL,
    PRIMARY KEY (plant, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE plant_found (
    plant TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    inverter TEXT NOT NULL,
    first_utc_ms INTEGER NOT NULL,
    last_utc_ms INTEGER NOT NULL,
    value TEXT NOT NULL,
    expected TEXT NOT NULL,
    lost_wh INTEGER NOT NULL,
    fault TEXT NOT NULL,                      -- plant_faults: the alarm that stands for it
    PRIMARY KEY (plant, number)
) STRICT, WITHOUT ROWID;

-- Which civil days a batch of readings speaks of.
CREATE TABLE plant_batch (
    plant TEXT NOT NULL,
    batch TEXT NOT NULL,
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    PRIMARY KEY (plant, batch)
) STRICT, WITHOUT ROWID;

CREATE TABLE plant_run (
    plant TEXT PRIMARY KEY NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    input TEXT NOT NULL,                      -- SHA-256 of what went in
    step_ms INTEGER NOT NULL,
    horizon TEXT NOT NULL,                    -- where the skyline is from: file, terrain, none
    problem TEXT NOT NULL,                    -- why it could not be worked out; '' = it was
    rate TEXT NOT NULL,                       -- loss a year with its interval: share;low;high, or ''
    ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
