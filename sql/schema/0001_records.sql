-- 0001_records: one table per register (src/app/register_table.c); tests/unit/test_registers.c holds the two together.
-- Text is '' when absent, whole numbers and fen NULL. Decimals, dates and loose periods stay text, exactly as written.
-- Columns about persons stand in tables of their own. The register entries is the ledger: see 0002.

CREATE TABLE "sources" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "publisher" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL DEFAULT '',
    "published" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "places" (
    "code" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "level" TEXT NOT NULL DEFAULT '',
    "parent" TEXT NOT NULL DEFAULT '',
    "aliases" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "units" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "short_name" TEXT NOT NULL DEFAULT '',
    "aliases" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL DEFAULT '',
    "credit_code" TEXT NOT NULL DEFAULT '',
    "parent" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "facts" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "line" INTEGER,
    "char" INTEGER,
    "speaker" TEXT NOT NULL DEFAULT '',
    "phrase" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "subject" TEXT NOT NULL DEFAULT '',
    "value" TEXT NOT NULL DEFAULT '',
    "unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "what" TEXT NOT NULL DEFAULT '',
    "open" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "note_en" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "documents" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL DEFAULT '',
    "issuer" TEXT NOT NULL DEFAULT '',
    "date" TEXT NOT NULL DEFAULT '',
    "sha256" TEXT NOT NULL DEFAULT '',
    "bytes" INTEGER,
    "media_type" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "positions" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "place" TEXT NOT NULL DEFAULT '',
    "what" TEXT NOT NULL DEFAULT '',
    "lon" TEXT NOT NULL DEFAULT '',
    "lat" TEXT NOT NULL DEFAULT '',
    "match" TEXT NOT NULL DEFAULT '',
    "error_m" TEXT NOT NULL DEFAULT '',
    "crs_found" TEXT NOT NULL DEFAULT '',
    "lon_found" TEXT NOT NULL DEFAULT '',
    "lat_found" TEXT NOT NULL DEFAULT '',
    "position_source" TEXT NOT NULL DEFAULT '',
    "source_id" TEXT NOT NULL DEFAULT '',
    "licence" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "programmes" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "lead" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "zone" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "groups" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "programme" TEXT NOT NULL DEFAULT '',
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "lead" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "members" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "group" TEXT NOT NULL DEFAULT '',
    "unit" TEXT NOT NULL DEFAULT '',
    "role" TEXT NOT NULL DEFAULT '',
    "block" INTEGER,
    "block_title" TEXT NOT NULL DEFAULT '',
    "block_title_en" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "statements" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "speaker" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "pairings" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "unit" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "role" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "persons" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "role" TEXT NOT NULL DEFAULT '',
    "unit" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;
CREATE TABLE "persons_personal" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "id_number" TEXT NOT NULL DEFAULT '',
    "phone" TEXT NOT NULL DEFAULT '',
    "bank_card" TEXT NOT NULL DEFAULT '',
    "health" TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE "assignments" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "person" TEXT NOT NULL DEFAULT '',
    "unit" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "post" TEXT NOT NULL DEFAULT '',
    "post_en" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "handover_to" TEXT NOT NULL DEFAULT '',
    "handover_date" TEXT NOT NULL DEFAULT '',
    "handover_items" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "households" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "category" TEXT NOT NULL DEFAULT '',
    "registered" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;
CREATE TABLE "households_personal" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "head" TEXT NOT NULL DEFAULT '',
    "phone" TEXT NOT NULL DEFAULT '',
    "address" TEXT NOT NULL DEFAULT '',
    "bank_card" TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE "household_members" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "household" TEXT NOT NULL DEFAULT '',
    "relation" TEXT NOT NULL DEFAULT '',
    "birth_year" INTEGER,
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;
CREATE TABLE "household_members_personal" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "id_number" TEXT NOT NULL DEFAULT '',
    "health" TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE "projects" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "stage" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "budget_fen" INTEGER,
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "project_stages" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "project" TEXT NOT NULL DEFAULT '',
    "stage" TEXT NOT NULL DEFAULT '',
    "date" TEXT NOT NULL DEFAULT '',
    "document" TEXT NOT NULL DEFAULT '',
    "accepted_by" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "project_conditions" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "project" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL DEFAULT '',
    "state" TEXT NOT NULL DEFAULT '',
    "date" TEXT NOT NULL DEFAULT '',
    "document" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "funds" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "programme" TEXT NOT NULL DEFAULT '',
    "owner" TEXT NOT NULL DEFAULT '',
    "purpose" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "assets" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "owner" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "project" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "built" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "capacity" TEXT NOT NULL DEFAULT '',
    "capacity_unit" TEXT NOT NULL DEFAULT '',
    "keeper" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "asset_upkeep" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "asset" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "work" TEXT NOT NULL DEFAULT '',
    "keeper" TEXT NOT NULL DEFAULT '',
    "document" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "systems" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "visits" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "household" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "occasion" TEXT NOT NULL DEFAULT '',
    "seen" TEXT NOT NULL DEFAULT '',
    "agreed" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "measures" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "household" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "activities" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "agreements" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "document" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "agreement_actions" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "agreement" TEXT NOT NULL DEFAULT '',
    "action" TEXT NOT NULL DEFAULT '',
    "unit" TEXT NOT NULL DEFAULT '',
    "due" TEXT NOT NULL DEFAULT '',
    "state" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "donations" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "giver" TEXT NOT NULL DEFAULT '',
    "receiver" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "value_fen" INTEGER,
    "valuer" TEXT NOT NULL DEFAULT '',
    "document" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "employment" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "project" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "person_months" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "contracts" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "asset" TEXT NOT NULL DEFAULT '',
    "operator" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "share_percent" TEXT NOT NULL DEFAULT '',
    "rent_fen" INTEGER,
    "document" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "matches" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "enterprise" TEXT NOT NULL DEFAULT '',
    "stage" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "investments" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "investor" TEXT NOT NULL DEFAULT '',
    "stage" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "amount_fen" INTEGER,
    "bound" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "loan_policies" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "bank" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "order_by" TEXT NOT NULL DEFAULT '',
    "rate" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "loans" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "bank" TEXT NOT NULL DEFAULT '',
    "borrower" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "uses" TEXT NOT NULL DEFAULT '',
    "priority" INTEGER,
    "applied" TEXT NOT NULL DEFAULT '',
    "state" TEXT NOT NULL DEFAULT '',
    "rate_percent" TEXT NOT NULL DEFAULT '',
    "quota_fen" INTEGER,
    "approved_fen" INTEGER,
    "bound" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "awards" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "issuer" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "document" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "publications" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "research" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "partner" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "quantity" TEXT NOT NULL DEFAULT '',
    "quantity_unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "indicators" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "units" TEXT NOT NULL DEFAULT '',
    "unit" TEXT NOT NULL DEFAULT '',
    "reads" TEXT NOT NULL DEFAULT '',
    "baseline_period" TEXT NOT NULL DEFAULT '',
    "target" TEXT NOT NULL DEFAULT '',
    "target_period" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "observations" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "indicator" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL DEFAULT '',
    "value" TEXT NOT NULL DEFAULT '',
    "unit" TEXT NOT NULL DEFAULT '',
    "bound" TEXT NOT NULL DEFAULT '',
    "method" TEXT NOT NULL DEFAULT '',
    "provisional" TEXT NOT NULL DEFAULT '',
    "document" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "cases" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_en" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "household" TEXT NOT NULL DEFAULT '',
    "asset" TEXT NOT NULL DEFAULT '',
    "opened" TEXT NOT NULL DEFAULT '',
    "opener" TEXT NOT NULL DEFAULT '',
    "assignee" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "case_steps" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "case" TEXT NOT NULL DEFAULT '',
    "date" TEXT NOT NULL DEFAULT '',
    "stage" TEXT NOT NULL DEFAULT '',
    "actor" TEXT NOT NULL DEFAULT '',
    "proof" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

CREATE TABLE "holidays" (
    "date" TEXT PRIMARY KEY NOT NULL,
    "kind" TEXT NOT NULL DEFAULT '',
    "name" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '', "origin" TEXT NOT NULL, "author" TEXT NOT NULL, "version" INTEGER NOT NULL
) STRICT;

