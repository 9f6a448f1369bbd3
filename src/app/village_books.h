/* app/village_books.h - inside the room only: a village's design as it lies in the books. */
#pragma once
#include "app/gf_app_village_books.h"

typedef struct village_line { gf_str name, size, unit; int64_t quantity_milli; gf_fen price, total; } village_line;

/* The bill of a design document, worked out again from its quantities and prices. */
typedef struct village_paper {
    bool          feasible;
    village_line *lines;
    size_t        count;
    gf_fen        works, contingency, total, told;      /* told: what the document says */
} village_paper;

bool      village_is_design(gf_str json);
/* GF_EINPUT "water.paper": it is none, or its numbers cannot be counted. */
gf_status village_paper_read(gf_str json, bool zh, gf_arena *keep, village_paper *out, gf_error *err);
