-- 0007_water: water networks, and the sizes that their pipes may be given.

CREATE TABLE "water_networks" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "project" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "network" TEXT NOT NULL DEFAULT '',
    "problem" TEXT NOT NULL DEFAULT '',
    "crs" TEXT NOT NULL DEFAULT '',
    "budget" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;
CREATE INDEX water_networks_project ON "water_networks" ("project");

CREATE TABLE "water_designs" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "network" TEXT NOT NULL DEFAULT '',
    "role" TEXT NOT NULL DEFAULT '',
    "sizes" TEXT NOT NULL DEFAULT '',
    "cost_fen" INTEGER,
    "bound_fen" INTEGER,
    "feasible" TEXT NOT NULL DEFAULT '',
    "worst" TEXT NOT NULL DEFAULT '',
    "slack" TEXT NOT NULL DEFAULT '',
    "seed" INTEGER,
    "work" INTEGER,
    "made_on" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;
CREATE INDEX water_designs_network ON "water_designs" ("network");
