/* app/gf_app_water_net.h - water networks in the books: opened, their pipes resized, designs kept, one taken as budget.
 *
 * A network is a record: INP text and brief (JSON) are documents, a design names a size for every pipe of the brief. An opened
 * network holds parsed text and solvers ready to be asked; it belongs to one thread at a time. Money is fen, lengths are whole
 * millimetres: cost = sum over sizes of length * price, each rounded to the fen.
 */
#pragma once
#include "app/gf_app.h"
#include "app/gf_app_water.h"

enum { GF_APP_WATER_FILE_BYTES_MAX = 4 << 20, GF_APP_WATER_LINKS_MAX = 2000, GF_APP_WATER_BROKEN_MAX = 50 };

typedef struct gf_app_water_open gf_app_water_open;

/* ---- Open ---- */

/* What a network is made of, as a text that changes when its record or a file of it changes. Asks the actor's right to see it:
 * GF_EDENIED, GF_ENOTFOUND. */
gf_status gf_app_water_key(gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *keep, gf_str *out, gf_error *err);
/* Asks no right. GF_EINPUT "water.file" a document without content, else as the readers of INP and briefs; "water.price"
 * prices that are not yuan and whole fen a metre; "water.gears" a brief that chooses pumps or levels; GF_ELIMIT a file over
 * 4 MiB, more than 2,000 links. */
gf_status gf_app_water_open_net(gf_app *app, gf_str id, gf_app_water_open **out, gf_error *err);
/* NULL is a no-op. */
void      gf_app_water_close_net(gf_app_water_open *open);
size_t    gf_app_water_bytes(const gf_app_water_open *open);

/* ---- What it is ---- */

typedef struct gf_app_water_spot { bool known; double lon, lat; } gf_app_water_spot;      /* WGS84 */
typedef struct gf_app_water_size { gf_str text; double diameter_mm; int64_t price_fen; } gf_app_water_size;    /* of a metre */

typedef struct gf_app_water_design {
    gf_str   id, name, name_en, role, feasible, worst, slack, made_on, note, origin;
    int64_t  cost_fen, bound_fen, seed, work, version;      /* -1 = not told */
    uint16_t *option;                                       /* by pipe of the brief; NULL: its sizes do not fit the network */
} gf_app_water_design;

typedef struct gf_app_water_view {
    gf_str                     id, name, name_en, place, project, project_name, budget, note, origin;
    int64_t                    project_budget_fen, project_version;      /* -1 = none, or no project that is seen */
    const gf_water_net        *net;
    const gf_water_brief      *brief;
    const gf_app_water_spot   *nodes, *vertices;
    const gf_app_water_size   *sizes;       /* as brief->options */
    gf_app_water_design       *designs;
    size_t                     design_count;
} gf_app_water_view;

/* Borrows from `open` too. GF_EDENIED, GF_ENOTFOUND. */
gf_status gf_app_water_read(gf_app *app, const gf_app_actor *actor, const gf_app_water_open *open, gf_arena *keep, gf_app_water_view *out, gf_error *err);

/* ---- Sizes as text: {"110.2":["p1","p2"],"79.2":["p3"]} ---- */

/* Every pipe of the brief once, at a size that it may have. GF_EINPUT "water.sizes" */
gf_status gf_app_water_sizes_parse(const gf_app_water_open *open, gf_str json, gf_arena *keep, uint16_t **option, gf_error *err);
void      gf_app_water_sizes_write(const gf_app_water_open *open, const uint16_t *option, gf_text *out);

/* ---- Ask ---- */

typedef struct gf_app_water_sum { uint32_t option, pipes; int64_t length_mm, cost_fen; } gf_app_water_sum;

/* GF_ELIMIT a cost beyond what can be counted. Sums by size, from small to large, those that occur. */
gf_status gf_app_water_cost(const gf_app_water_open *open, const uint16_t *option, gf_arena *keep, gf_app_water_sum **sums, size_t *count,
                            int64_t *cost_fen, gf_error *err);

typedef struct gf_app_water_answer {
    int64_t             cost_fen;
    gf_app_water_sum   *sums;
    size_t              sum_count;
    gf_water_size_slack worst, *broken;                     /* broken: those below zero, the worst first */
    size_t              broken_count, broken_all;
    uint32_t            at_case;                            /* that of the worst slack: heads and flows are of it */
    double             *head_m, *pressure_m, *slack_m;      /* by node; slack: to the nearest limit of all cases, NAN = no limit */
    double             *flow_m3s, *velocity_ms, *loss_m;    /* by link */
    double              pump_w;                             /* drawn by the pumps in that case */
    bool                has_shortage;
    gf_water_shortage   shortage;                           /* of the node that lacks most */
    uint32_t           *way, way_count;                     /* nodes from a source along the water to the asked one */
    double             *way_m;                              /* true length so far */
} gf_app_water_answer;

/* Heads, flows, cost and limits with these sizes. `to`: the node that the way leads to; "" = the worst place.
 * GF_EUNSOLVED · GF_ENOTFOUND no such node. */
gf_status gf_app_water_ask(gf_app_water_open *open, const uint16_t *option, gf_str to, gf_arena *keep, gf_app_water_answer *out, gf_error *err);

/* ---- Keep ---- */

typedef struct gf_app_water_new {
    gf_str          name, name_en, role;
    const uint16_t *option;
    int64_t         bound_fen, seed, work;                  /* -1 = none */
} gf_app_water_new;

/* A design as a record, judged before it is written: inside a part. */
gf_status gf_app_water_keep(gf_app *app, const gf_app_actor *actor, gf_app_water_open *open, const gf_app_water_new *design, gf_arena *keep, gf_app_record *out,
                            gf_error *err);
/* The design's cost becomes the budget of the network's project: inside a part. `version`: that of the project which was looked
 * at. GF_EINPUT "water.project" the network names none, "water.short" the design breaks a limit; GF_ECONFLICT "record.changed". */
gf_status gf_app_water_budget(gf_app *app, const gf_app_actor *actor, gf_app_water_open *open, gf_str design, gf_str version, gf_arena *keep, gf_app_record *project,
                              gf_error *err);

typedef struct gf_app_water_sized_net { uint16_t *option; double cost, lower_bound; uint64_t solves; } gf_app_water_sized_net;
/* The cheapest sizes that the search finds. GF_EUNSOLVED "water.infeasible" with place, what is missing and what would help. */
gf_status gf_app_water_find(const gf_app_water_open *open, const gf_water_size_options *options, gf_arena *keep, gf_app_water_sized_net *out, gf_error *err);

/* ---- Out ---- */

/* INP with the sizes of a design in it. */
gf_status gf_app_water_inp(const gf_app_water_open *open, const uint16_t *option, gf_arena *keep, gf_text *out, gf_error *err);
const gf_water_net *gf_app_water_net_of(const gf_app_water_open *open);
gf_str    gf_app_water_network_id(const gf_app_water_open *open);
