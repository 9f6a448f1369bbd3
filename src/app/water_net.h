/* app/water_net.h - inside the room only: an opened water network. */
#pragma once
#include "app/access.h"
#include "app/cells.h"
#include "app/gf_app_water_net.h"
#include "app/record.h"

struct gf_app_water_open {
    gf_arena            *arena;      /* of all that follows */
    gf_str               id;
    gf_water_net         net;
    gf_app_water_problem problem;
    gf_water_brief       brief;
    gf_app_water_spot   *nodes, *vertices;
    gf_app_water_size   *sizes;
    gf_water_solver    **solvers;    /* by case, each with that case's demands */
    int32_t             *pipe_of;    /* by link: pipe of the brief, or GF_WATER_NONE */
    uint8_t             *may_vanish; /* by link */
};

/* The content of a document. GF_EINPUT "water.file" it has none · GF_ELIMIT over 4 MiB. */
gf_status water_read_document(gf_app *app, gf_str id, gf_arena *arena, gf_str *bytes, gf_error *err);
