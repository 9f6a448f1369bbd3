-- 0012_lists: what is asked of registers with hundreds of thousands of rows comes out of an index: the rows of a side (demo or not) in
-- the order of their key, those at a place, those of a household or project, those that cite a source; and the accounts of a place, project or fund.

CREATE INDEX households_side ON "households" ("origin", "id");
CREATE INDEX households_place ON "households" ("place", "origin", "id");
CREATE INDEX household_members_side ON "household_members" ("origin", "id");
CREATE INDEX household_members_household ON "household_members" ("household", "origin", "id");
CREATE INDEX visits_household ON "visits" ("household", "origin", "id");
CREATE INDEX visits_place ON "visits" ("place", "origin", "id");
CREATE INDEX measures_household ON "measures" ("household", "origin", "id");
CREATE INDEX measures_place ON "measures" ("place", "origin", "id");
CREATE INDEX cases_household ON "cases" ("household", "origin", "id");
CREATE INDEX cases_place ON "cases" ("place", "origin", "id");
CREATE INDEX case_steps_case ON "case_steps" ("case", "origin", "id");
CREATE INDEX projects_place ON "projects" ("place", "origin", "id");
CREATE INDEX project_stages_project ON "project_stages" ("project", "origin", "id");
CREATE INDEX project_conditions_project ON "project_conditions" ("project", "origin", "id");
CREATE INDEX assets_project ON "assets" ("project", "origin", "id");
CREATE INDEX assets_place ON "assets" ("place", "origin", "id");
CREATE INDEX pairings_place ON "pairings" ("place", "origin", "id");
CREATE INDEX pairings_unit ON "pairings" ("unit", "origin", "id");
CREATE INDEX observations_indicator ON "observations" ("indicator", "origin", "id");
CREATE INDEX positions_place ON "positions" ("place", "origin", "id");
CREATE INDEX places_parent ON "places" ("parent", "origin", "code");
CREATE INDEX account_place ON account (place);
CREATE INDEX account_project ON account (project);
CREATE INDEX account_fund ON account (fund);
CREATE INDEX households_source ON "households" ("source") WHERE "source" <> '';
CREATE INDEX household_members_source ON "household_members" ("source") WHERE "source" <> '';
CREATE INDEX visits_source ON "visits" ("source") WHERE "source" <> '';
CREATE INDEX measures_source ON "measures" ("source") WHERE "source" <> '';
