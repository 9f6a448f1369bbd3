-- 0009_care: certificates of what was erased of people, and how long personal text may stay.

CREATE TABLE "erasures" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "register" TEXT NOT NULL DEFAULT '',
    "record" TEXT NOT NULL DEFAULT '',
    "date" TEXT NOT NULL DEFAULT '',
    "fields" TEXT NOT NULL DEFAULT '',
    "texts" INTEGER,
    "reason" TEXT NOT NULL DEFAULT '',
    "unit" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;
CREATE INDEX erasures_record ON "erasures" ("register", "record");

CREATE TABLE "retentions" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "months" INTEGER,
    "document" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;
