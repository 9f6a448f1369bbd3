/* The register table and the schema say the same, and references name registers that exist. */
#include "unit/stores.h"

#include "app/register.h"

#include <string.h>

static int64_t count_columns(gf_store *store, const char *table)
{
    char sql[200];
    (void)snprintf(sql, sizeof sql, on_postgres() ? "SELECT count(*) FROM information_schema.columns WHERE table_name = '%s'" : "SELECT count(*) FROM pragma_table_info('%s')", table);
    gf_stmt *stmt = gf_store_text(store, sql);
    int64_t count = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : -1;
    gf_stmt_end(stmt);
    return count;
}

static bool has_column(gf_store *store, const char *table, const char *column, const char *type)
{
    char sql[300];
    if (on_postgres())
        type = strcmp(type, "INTEGER") == 0 ? "bigint" : "text";
    (void)snprintf(sql, sizeof sql, on_postgres() ? "SELECT 1 FROM information_schema.columns WHERE table_name = '%s' AND column_name = '%s' AND data_type = '%s'"
                                                  : "SELECT 1 FROM pragma_table_info('%s') WHERE name = '%s' AND type = '%s'", table, column, type);
    gf_stmt *stmt = gf_store_text(store, sql);
    bool found = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    return found;
}

static void every_register_has_its_table(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    fresh_store(address);
    gf_store *store = open_store(address);
    for (size_t i = 0; i < GF_REGISTER_COUNT; i++) {
        const gf_register *reg = &GF_REGISTERS[i];
        int64_t own = 4, personal = 0;  /* source, origin, author, version */
        if (strcmp(reg->name, "entries") == 0)
            continue;
        for (size_t k = 0; k < reg->column_count; k++) {
            const gf_column *c = &reg->columns[k];
            char table[80];
            bool number = c->type == GF_COLUMN_INT || c->type == GF_COLUMN_FEN, secret = c->type == GF_COLUMN_PERSONAL;
            if (c->type == GF_COLUMN_FILE)
                continue;
            (void)snprintf(table, sizeof table, "%s%s", reg->name, secret ? "_personal" : "");
            if (!has_column(store, table, c->name, number ? "INTEGER" : "TEXT"))
                fail_msg("%s has no column %s", table, c->name);
            own += !secret;
            personal += secret;
        }
        assert_int_equal(count_columns(store, reg->name), own);
        char table[80];
        (void)snprintf(table, sizeof table, "%s_personal", reg->name);
        assert_int_equal(count_columns(store, table), personal ? personal + 1 : 0);
    }
    gf_store_close(store);
    drop_store(address);
}

static void references_name_registers(void **state)
{
    (void)state;
    for (size_t i = 0; i < GF_REGISTER_COUNT; i++)
        for (size_t k = 0; k < GF_REGISTERS[i].column_count; k++) {
            const gf_column *c = &GF_REGISTERS[i].columns[k];
            bool refers = c->type == GF_COLUMN_REF || c->type == GF_COLUMN_REFS;
            gf_str rest = gf_str_of(refers ? c->arg : ""), name;
            assert_true(!refers || c->arg);
            while (gf_str_cut(&rest, '|', &name))
                assert_non_null(gf_register_find(name));
            assert_true(c->label_zh && c->label_zh[0] && c->label_en && c->label_en[0]);
        }
}

/* An import finds columns by their labels: within a register each stands once, in either language. */
static void labels_are_unique_in_a_register(void **state)
{
    (void)state;
    for (size_t r = 0; r < GF_REGISTER_COUNT; r++)
        for (size_t i = 0; i < GF_REGISTERS[r].column_count; i++)
            for (size_t k = 0; k < i; k++) {
                const gf_column *a = &GF_REGISTERS[r].columns[i], *b = &GF_REGISTERS[r].columns[k];
                if (strcmp(a->label_zh, b->label_zh) == 0 || strcmp(a->label_en, b->label_en) == 0 || strcmp(a->name, b->label_en) == 0 || strcmp(b->name, a->label_en) == 0)
                    fail_msg("%s: %s and %s share a label", GF_REGISTERS[r].name, a->name, b->name);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(every_register_has_its_table), TEST(references_name_registers), TEST(labels_are_unique_in_a_register) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
