/* app/gf_app_village_books.h - a village's water design in the books: from a document to documents, a network and a budget.
 *
 * The design's files are documents; its INP makes a water network, its bill the cost of a design of that network. What comes
 * of an invented village is invented: origin demo, and no budget of a real project.
 */
#pragma once
#include "app/gf_app.h"
#include "app/gf_app_village.h"

/* The village file of a document: bytes, name, origin. GF_EDENIED · GF_ENOTFOUND · GF_EINPUT "water.file" no content. */
typedef struct gf_app_village_file { gf_str name, bytes, origin; } gf_app_village_file;
gf_status gf_app_village_document(gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *keep, gf_app_village_file *out, gf_error *err);

typedef struct gf_app_village_new {
    gf_str  name, project, place;           /* place "": that of the project */
    bool    invented;                       /* the records are of origin demo */
    const gf_village_plan *plan;
    const gf_app_village_file *files;       /* name: "report.pdf"; origin is not looked at */
    size_t  file_count;                     /* "network.inp" and "village.json" are among them */
    int64_t seed, work;
} gf_app_village_new;

typedef struct gf_app_village_kept { gf_str network, design; } gf_app_village_kept;

/* Inside a part. Every file becomes the document NETWORK.FILE. GF_EINPUT "water.invented" an invented village of a real project. */
gf_status gf_app_village_keep(gf_app *app, const gf_app_actor *actor, const gf_app_village_new *made, gf_arena *keep, gf_app_village_kept *out, gf_error *err);

/* A file of a network's design: who sees the network sees it. GF_EDENIED · GF_ENOTFOUND · GF_EINPUT "water.file". */
gf_status gf_app_village_file_of(gf_app *app, const gf_app_actor *actor, gf_str network, gf_str file, gf_arena *keep, gf_app_content *out, gf_error *err);

/* Was this network designed from a village? */
gf_status gf_app_village_is(gf_app *app, const gf_app_actor *actor, gf_str network, gf_arena *keep, bool *out, gf_error *err);
/* The bill's total becomes the budget of the network's project: inside a part. As gf_app_water_budget(). */
gf_status gf_app_village_budget(gf_app *app, const gf_app_actor *actor, gf_str network, gf_str design, gf_str version, gf_arena *keep, gf_app_record *project,
                                gf_error *err);
