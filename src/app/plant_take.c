/* Readings taken in: tried out whole, laid over those that are there, before a byte of them is kept. */
#include "app/plant.h"

#include <string.h>

enum { TRY_BYTES_MAX = 1 << 30 };

static const gf_register *plants(void) { return gf_register_find(GF_STR("plants")); }

static gf_status free_id(gf_app *app, const char *reg, gf_str stem, gf_arena *keep, gf_str *out, gf_error *err)
{
    enum { TRIES_MAX = 10000 };
    record unused;
    for (int i = 1; i < TRIES_MAX; i++) {
        gf_text text;
        gf_text_init(&text, keep);
        gf_text_format(&text, "%.*s.%d", GF_STR_ARG(stem), i);
        *out = gf_text_str(&text);
        if (record_read(app, reg, *out, keep, &unused, NULL) == GF_ENOTFOUND)
            return gf_store_ok(app->store, err);
    }
    return gf_fail(err, GF_ELIMIT, "solar.large", "Join files of many days.", "the plant has %d batches of readings", (int)TRIES_MAX);
}

static gf_status refuse_twice(const plant_open *p, gf_app *app, gf_str sha256, gf_arena *keep, gf_error *err)
{
    for (size_t i = 0; i < p->batch_count; i++) {
        record document;
        if (record_read(app, "documents", p->batches[i].document, keep, &document, NULL) == GF_OK && gf_str_eq(record_value(&document, "sha256"), sha256))
            return gf_fail(err, GF_ECONFLICT, "solar.twice", "Nothing needs to be done.", "these readings were taken in as \"%.*s\" already", GF_STR_ARG(gf_str_slice(p->batches[i].id, 0, 80)));
    }
    return GF_OK;
}

gf_status gf_app_plant_try(gf_app *app, const gf_app_actor *actor, gf_str id, gf_str csv, gf_str stamp, gf_error *err)
{
    gf_arena *arena = gf_arena_open(TRY_BYTES_MAX), *scratch = gf_arena_open(TRY_BYTES_MAX);
    plant_open open;
    plant_work work;
    gf_status status = arena && scratch ? gf_app_require(actor, gf_register_find(GF_STR("plant_readings")), GF_APP_READ | GF_APP_WRITE, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = access_require_record(app, actor, plants(), id, scratch, err);
    if (status == GF_OK)
        status = plant_open_description(app, id, NULL, arena, &open, err);
    if (status == GF_OK && csv.len == 0)
        status = gf_fail(err, GF_EINPUT, "solar.csv", "Send the table of readings.", "there is not one byte");
    open.fresh_csv = csv;
    open.fresh_stamp = stamp;
    if (status == GF_OK)
        status = plant_open_readings(app, arena, scratch, &open, err);
    if (status == GF_OK)
        status = plant_work_out(&open, arena, scratch, &work, err);
    gf_arena_close(scratch);
    gf_arena_close(arena);
    return status;
}

gf_status gf_app_plant_take(gf_app *app, const gf_app_actor *actor, gf_str id, gf_str file_name, gf_str csv, gf_str stamp, gf_arena *keep, gf_app_record *batch, gf_error *err)
{
    const gf_register *documents = gf_register_find(GF_STR("documents")), *readings = gf_register_find(GF_STR("plant_readings"));
    cells paper = { .keep = keep }, row = { .keep = keep };
    plant_open open;
    gf_app_content content;
    gf_app_record document;
    gf_str key;
    gf_status status = gf_app_require(actor, readings, GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK)
        status = access_require_record(app, actor, plants(), id, keep, err);
    if (status == GF_OK)
        status = plant_open_description(app, id, NULL, keep, &open, err);
    if (status == GF_OK)
        status = plant_read_batches(app, id, keep, &open.batches, &open.batch_count, err);
    if (status == GF_OK)
        status = gf_app_content_put(app, actor, file_name, csv, keep, &content, err);
    if (status == GF_OK)
        status = refuse_twice(&open, app, content.sha256, keep, err);
    if (status == GF_OK)
        status = free_id(app, "documents", id, keep, &key, err);
    if (status != GF_OK)
        return status;
    cells_put(&paper, documents, "id", key);
    cells_put(&paper, documents, "name", file_name);
    cells_put(&paper, documents, "kind", GF_STR("readings"));
    cells_put(&paper, documents, "sha256", content.sha256);
    cells_put_today(app, &paper, documents, "date");
    cells_put_invented(&paper, documents, gf_str_is(open.row.origin, "demo"));
    status = gf_app_record_create(app, actor, documents, paper.value, keep, &document, err);
    cells_put(&row, readings, "document", key);
    if (status == GF_OK)
        status = free_id(app, "plant_readings", id, keep, &key, err);
    cells_put(&row, readings, "id", key);
    cells_put(&row, readings, "plant", id);
    cells_put(&row, readings, "stamp", stamp.len ? stamp : (gf_str){ "", 0 });
    cells_put_today(app, &row, readings, "received");
    cells_put_invented(&row, readings, gf_str_is(open.row.origin, "demo"));
    if (status == GF_OK)
        status = gf_app_record_create(app, actor, readings, row.value, keep, batch, err);
    return status;
}
