/* What a machine and a store have and lack. */
#define _DEFAULT_SOURCE
#include "app/keys.h"

#include <sys/statvfs.h>

static void add_row(gf_app_table *table, gf_arena *keep, const char *item, const char *state, gf_str note)
{
    gf_app_row *row = &table->rows[table->row_count++];
    row->cells = gf_new(keep, gf_str, 3);
    if (!row->cells) {
        table->row_count--;
        return;
    }
    row->cells[0] = gf_str_of(item);
    row->cells[1] = gf_str_of(state);
    row->cells[2] = gf_str_copy(keep, note);
}

static void look_at_store(gf_str db, bool zh, gf_app_table *table, gf_arena *keep)
{
    gf_error err = { .status = GF_OK };
    gf_store *store = NULL;
    gf_store_options options = { .address = db, .read_only = true };
    if (gf_store_open(&options, &store, &err) != GF_OK) {
        add_row(table, keep, zh ? "数据库" : "store", zh ? "缺" : "lacks", gf_str_of(err.what));
        return;
    }
    char note[128];
    (void)snprintf(note, sizeof note, "schema %d", gf_store_schema_version(store));
    add_row(table, keep, zh ? "数据库" : "store", zh ? "好" : "well", gf_str_of(note));
    gf_stmt *years = gf_store_text(store, "SELECT coalesce(min(substr(date, 1, 4)), '') || ' - ' || coalesce(max(substr(date, 1, 4)), '') FROM holidays");
    gf_str covered = gf_stmt_row(years) ? gf_row_copy(years, 0, keep) : (gf_str){ "", 0 };
    gf_stmt_end(years);
    bool empty = covered.len < 6;
    add_row(table, keep, zh ? "节假日" : "holidays", empty ? (zh ? "缺" : "lacks") : (zh ? "好" : "well"),
            empty ? (zh ? GF_STR("只计周末;载入 data/calendar") : GF_STR("weekends only; load data/calendar")) : covered);
    gf_store_close(store);
}

static gf_utc_ms no_clock(void) { return 0; }

/* What is closed without the master key, in numbers; nothing else hangs on it. */
static void look_at_key(gf_str db, gf_str key_file, bool zh, gf_app_table *table, gf_arena *keep)
{
    gf_app *app = NULL;
    const gf_app_options options = { .db = db, .key_file = key_file, .read_only = true, .now = no_clock };
    gf_text note;
    if (gf_app_open(&options, &app, NULL) != GF_OK)
        return;  /* the row before says why */
    gf_stmt *stmt = gf_store_named(app->store, "sealed_counts");
    int64_t people = 0, factors = 0;
    if (gf_stmt_row(stmt)) {
        people = gf_row_int(stmt, 0);
        factors = gf_row_int(stmt, 1);
    }
    gf_stmt_end(stmt);
    bool at_hand = people + factors == 0 || keys_at_hand(app);
    gf_text_init(&note, keep);
    if (at_hand)
        gf_text_format(&note, zh ? "%lld 人的个人信息" : "personal data of %lld people", (long long)people);
    else
        gf_text_format(&note, zh ? "打不开：%lld 人的个人信息、按姓名和号码的检索、%lld 个用户的第二因素；其余照常。放回密钥文件" : "closed: personal data of %lld people, search by name and number, second factors of %lld users; all else works. Put the key file back",
                       (long long)people, (long long)factors);
    add_row(table, keep, zh ? "主密钥" : "master key", at_hand ? (zh ? "好" : "well") : (zh ? "缺" : "lacks"), gf_text_str(&note));
    gf_app_close(app);
}

gf_status gf_app_doctor(gf_str db, gf_str key_file, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err)
{
    bool zh = !gf_str_is(lang, "en");
    struct statvfs disk;
    *out = (gf_app_table){ .title = zh ? GF_STR("检查") : GF_STR("doctor"), .heads = gf_new(keep, gf_str, 3), .column_count = 3, .rows = gf_new(keep, gf_app_row, 16) };
    if (!out->heads || !out->rows)
        return gf_fail_memory(err);
    out->heads[0] = zh ? GF_STR("项目") : GF_STR("item");
    out->heads[1] = zh ? GF_STR("状态") : GF_STR("state");
    out->heads[2] = zh ? GF_STR("说明") : GF_STR("note");
    add_row(out, keep, zh ? "程序" : "program", zh ? "好" : "well", gf_str_of(GONGFU_VERSION));
    look_at_store(db, zh, out, keep);
    look_at_key(db, key_file, zh, out, keep);
    char note[64] = "?";
    bool roomy = statvfs(".", &disk) == 0 && (uint64_t)disk.f_bavail * disk.f_frsize > (uint64_t)1 << 30;
    (void)snprintf(note, sizeof note, "%llu MiB", (unsigned long long)((uint64_t)disk.f_bavail * disk.f_frsize >> 20));
    add_row(out, keep, zh ? "磁盘" : "disk", roomy ? (zh ? "好" : "well") : (zh ? "少" : "low"), gf_str_of(note));
    gf_hash *sm3 = gf_hash_open(GF_HASH_SM3);
    add_row(out, keep, "SM3", sm3 ? (zh ? "好" : "well") : (zh ? "缺" : "lacks"), GF_STR("OpenSSL"));
    gf_hash_close(sm3);
    add_row(out, keep, "PostgreSQL", zh ? "好" : "well", GF_STR("--db postgres://"));
    return GF_OK;
}
