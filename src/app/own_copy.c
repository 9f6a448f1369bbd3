/* What the books hold of one person, for that person: the record in the open, who changed it, what names it, and who looked. */
#include "app/access.h"
#include "app/browse.h"
#include "app/load_inside.h"
#include "app/record.h"

#include <string.h>

enum { RELATED_MAX = 2000, REVEALS_MAX = 2000 };

static gf_status open_fields(gf_app *app, gf_app_record *rec, gf_arena *keep, gf_error *err)
{
    for (size_t i = 0; i < rec->reg->column_count; i++)
        if (rec->reg->columns[i].type == GF_COLUMN_PERSONAL && rec->cells[i].len && !personal_read(app, rec->reg, rec->cells[0], rec->reg->columns[i].name, keep, &rec->cells[i]))
            return gf_fail(err, GF_EIO, "keys.open", "Put the right key file back, or name it with GONGFU_KEY_FILE.", "%s does not open", rec->reg->columns[i].name);
    return GF_OK;
}

/* Records whose column names this one, as the actor sees them. */
static gf_status add_naming(gf_app *app, const gf_app_actor *actor, const gf_register *other, const gf_column *column, gf_str key, gf_arena *keep, gf_app_own_copy *out, gf_error *err)
{
    char sql[300];
    gf_str ids[RELATED_MAX];
    size_t count = 0;
    (void)snprintf(sql, sizeof sql, "SELECT \"%s\" FROM \"%s\" WHERE \"%s\" = ? ORDER BY 1", other->columns[0].name, other->name, column->name);
    gf_stmt *stmt = gf_store_text(app->store, sql);
    gf_stmt_str(stmt, 1, key);
    while (out->related_count + count < RELATED_MAX && gf_stmt_row(stmt))
        ids[count++] = gf_row_copy(stmt, 0, keep);
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(app->store, err);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        gf_status seen = gf_app_record_get(app, actor, other, ids[i], keep, &out->related[out->related_count], err);
        if (seen == GF_OK)
            out->related_count++;
        else if (seen != GF_ENOTFOUND && seen != GF_EDENIED)  /* what the actor may not see is another's to give */
            status = seen;
    }
    return status;
}

static gf_status add_related(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_arena *keep, gf_app_own_copy *out, gf_error *err)
{
    gf_status status = (out->related = gf_new(keep, gf_app_record, RELATED_MAX)) ? GF_OK : gf_fail_memory(err);
    for (size_t r = 0; status == GF_OK && r < GF_REGISTER_COUNT; r++)
        for (size_t i = 0; status == GF_OK && i < GF_REGISTERS[r].column_count; i++)
            if (record_names(&GF_REGISTERS[r].columns[i], reg) && access_may_read(actor, GF_REGISTERS[r].name))
                status = add_naming(app, actor, &GF_REGISTERS[r], &GF_REGISTERS[r].columns[i], key, keep, out, err);
    return status;
}

static gf_status add_reveals(gf_app *app, const gf_register *reg, gf_str key, gf_arena *keep, gf_app_own_copy *out, gf_error *err)
{
    char first[160], behind[160];
    out->reveals = gf_new(keep, gf_app_reveal, REVEALS_MAX);
    if (!out->reveals)
        return gf_fail_memory(err);
    (void)snprintf(first, sizeof first, "%s/%.*s:", reg->name, GF_STR_ARG(gf_str_slice(key, 0, 96)));
    (void)snprintf(behind, sizeof behind, "%s/%.*s;", reg->name, GF_STR_ARG(gf_str_slice(key, 0, 96)));  /* ; follows : */
    gf_stmt *stmt = gf_store_named(app->store, "reveals_of_record");
    gf_stmt_str(stmt, 1, gf_str_of(first));
    gf_stmt_str(stmt, 2, gf_str_of(behind));
    while (out->reveal_count < REVEALS_MAX && gf_stmt_row(stmt)) {
        gf_str what = gf_row_copy(stmt, 3, keep);
        out->reveals[out->reveal_count++] = (gf_app_reveal){ gf_row_int(stmt, 0), gf_row_copy(stmt, 1, keep), gf_row_copy(stmt, 2, keep), gf_str_trim(gf_str_slice(what, strlen(first), what.len)),
                                                             gf_row_copy(stmt, 4, keep) };
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

gf_status gf_app_own_copy_make(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_str reason, gf_arena *keep, gf_app_own_copy *out, gf_error *err)
{
    char object[160];
    *out = (gf_app_own_copy){ .made = app->now() };
    gf_status status = gf_app_require(actor, reg, GF_APP_READ | GF_APP_REVEAL, err);
    if (status == GF_OK)
        status = write_check_reason(reason, err);
    if (status == GF_OK)
        status = gf_app_record_get(app, actor, reg, key, keep, &out->record, err);
    if (status == GF_OK)
        status = open_fields(app, &out->record, keep, err);
    if (status == GF_OK)
        status = gf_app_record_history(app, actor, reg, key, keep, &out->changes, &out->change_count, err);
    if (status == GF_OK)
        status = add_related(app, actor, reg, key, keep, out, err);
    if (status == GF_OK)
        status = add_reveals(app, reg, key, keep, out, err);
    (void)snprintf(object, sizeof object, "%s/%.*s: copy", reg->name, GF_STR_ARG(gf_str_slice(key, 0, 96)));
    return status == GF_OK ? gf_app_log(app, actor, "reveal", gf_str_of(object), "done", reason, err) : status;
}
