/* RFC 4180 and its limits; the reader sees the file in pieces of every size. */
#include "unit/check.h"

#include "file/gf_file.h"

#include <string.h>

typedef struct source { gf_str rest; size_t piece; } source;

static size_t read_piece(void *context, char *bytes, size_t room)
{
    source *s = context;
    size_t len = s->rest.len < s->piece ? s->rest.len : s->piece;
    len = len < room ? len : room;
    memcpy(bytes, s->rest.data, len);
    s->rest = gf_str_slice(s->rest, len, s->rest.len);
    return len;
}

/* All records as "a|b\n"; the status ends it when reading fails. */
static gf_status read_all(gf_arena *arena, gf_str text, size_t piece, size_t longest, gf_str *out, gf_error *err)
{
    source s = { text, piece };
    gf_file_csv *csv = NULL;
    gf_file_csv_options options = { .name = "t.csv", .record_bytes_max = longest };
    const gf_str *fields;
    size_t count;
    gf_text made;
    gf_text_init(&made, arena);
    assert_int_equal(gf_file_csv_open(&options, read_piece, &s, &csv, err), GF_OK);
    gf_status status;
    while ((status = gf_file_csv_next(csv, &fields, &count, err)) == GF_OK && count)
        for (size_t i = 0; i < count; i++) {
            gf_text_add(&made, fields[i]);
            gf_text_add_char(&made, i + 1 < count ? '|' : '\n');
        }
    gf_file_csv_close(csv);
    *out = gf_text_str(&made);
    return status;
}

static void records_are_read_whatever_the_pieces(void **state)
{
    static const char TEXT[] = "\xEF\xBB\xBF" "a,b,c\r\n\n# a comment\n1,\"x,\"\"y\"\"\nz\",\n,,\n\"last\"";
    for (size_t piece = 1; piece < sizeof TEXT; piece++) {
        gf_str got;
        assert_int_equal(read_all(*state, GF_STR(TEXT), piece, 0, &got, NULL), GF_OK);
        assert_text(got, "a|b|c\n1|x,\"y\"\nz|\n||\nlast\n");
    }
}

static void what_is_written_is_read_back(void **state)
{
    static const char *const FIELDS[] = { "#first", "a,b", "he said \"no\"", "two\nlines", "", "泰顺", " blank " };
    gf_text text;
    gf_text_init(&text, *state);
    for (size_t i = 0; i < GF_COUNT(FIELDS); i++)
        gf_file_csv_field(&text, i, gf_str_of(FIELDS[i]));
    gf_file_csv_end(&text);
    gf_str got;
    assert_int_equal(read_all(*state, gf_text_str(&text), 7, 0, &got, NULL), GF_OK);
    assert_text(got, "#first|a,b|he said \"no\"|two\nlines||泰顺| blank \n");
}

static void bad_tables_name_their_line(void **state)
{
    static const struct { const char *text; gf_status status; const char *code, *where; } BAD[] = {
        { "a\nb\"c\n", GF_EINPUT, "csv.quote", "t.csv:2" }, { "a\n\"b\nc", GF_EINPUT, "csv.quote", "t.csv:2" }, { "a\n\"b\"c\n", GF_EINPUT, "csv.quote", "t.csv:2" },
        { "a\n\xCC\xA9\xCB\xB3\xD4\n", GF_EINPUT, "csv.encoding", "t.csv:2" },
    };
    for (size_t i = 0; i < GF_COUNT(BAD); i++) {
        gf_error err = { .status = GF_OK };
        gf_str got;
        assert_int_equal(read_all(*state, gf_str_of(BAD[i].text), 5, 0, &got, &err), BAD[i].status);
        assert_string_equal(err.code, BAD[i].code);
        assert_string_equal(err.where, BAD[i].where);
    }
}

static void a_record_without_end_is_stopped(void **state)
{
    static char endless[3 << 20];
    gf_error err = { .status = GF_OK };
    gf_str got;
    memset(endless, 'x', sizeof endless);
    assert_int_equal(read_all(*state, (gf_str){ endless, sizeof endless }, 1 << 16, 1 << 20, &got, &err), GF_ELIMIT);
    assert_string_equal(err.where, "t.csv:1");
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(records_are_read_whatever_the_pieces), TEST(what_is_written_is_read_back), TEST(bad_tables_name_their_line), TEST(a_record_without_end_is_stopped) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
