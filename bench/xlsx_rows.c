/* xlsx_rows FILE ROWS COLUMNS: writes a table through the report room's door and prints seconds and the most memory used.
 * xlsx_rows FILE - KINDS: rows from standard input, cells between tabs, a letter of "twdf" for the kind of each column. */
#include "report/gf_report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { COLUMNS_MAX = 256 };

static void fill_row(gf_str *cells, char (*text)[64], size_t columns, long row)
{
    for (size_t i = 0; i < columns; i++) {
        int len = i % 5 == 0   ? snprintf(text[i], 64, "%ld", 100000 + row * 7 + (long)i)
                  : i % 5 == 1 ? snprintf(text[i], 64, "33032919900101%04ld", row % 10000)
                  : i % 5 == 2 ? snprintf(text[i], 64, "月湖村第%ld户", row)
                  : i % 5 == 3 ? snprintf(text[i], 64, "2024-%02ld-%02ld", row % 12 + 1, row % 28 + 1)
                               : snprintf(text[i], 64, "%ld.%02ld", row, row % 100);
        cells[i] = (gf_str){ text[i], (size_t)len };
    }
}

static gf_status copy_rows(gf_report_xlsx *xlsx, const char *kinds, gf_error *err)
{
    static const char LETTERS[] = "twdf";
    static char line[1 << 20];
    gf_report_xlsx_column columns[COLUMNS_MAX];
    gf_str cells[COLUMNS_MAX];
    size_t count = strlen(kinds) < COLUMNS_MAX ? strlen(kinds) : COLUMNS_MAX;
    for (size_t i = 0; i < count; i++)
        columns[i] = (gf_report_xlsx_column){ GF_STR("列"), (gf_report_cell)(strchr(LETTERS, kinds[i]) - LETTERS), 0 };
    gf_status status = gf_report_xlsx_head(xlsx, GF_STR("表[1]:*?"), columns, count, err);
    while (status == GF_OK && fgets(line, sizeof line, stdin)) {
        gf_str rest = gf_str_slice(gf_str_of(line), 0, strcspn(line, "\n"));
        for (size_t i = 0; i < count; i++)
            if (!gf_str_cut(&rest, '\t', &cells[i]))
                cells[i] = (gf_str){ "", 0 };
        status = gf_report_xlsx_row(xlsx, cells, err);
    }
    return status;
}

static gf_status make_rows(gf_report_xlsx *xlsx, long rows, size_t count, gf_error *err)
{
    static const gf_report_cell KINDS[] = { GF_REPORT_FEN, GF_REPORT_TEXT, GF_REPORT_TEXT, GF_REPORT_TEXT, GF_REPORT_DECIMAL };
    static char text[COLUMNS_MAX][64];
    gf_report_xlsx_column columns[COLUMNS_MAX];
    gf_str cells[COLUMNS_MAX];
    for (size_t i = 0; i < count; i++)
        columns[i] = (gf_report_xlsx_column){ GF_STR("列"), KINDS[i % 5], 0 };
    gf_status status = gf_report_xlsx_head(xlsx, GF_STR("表"), columns, count, err);
    for (long row = 0; status == GF_OK && row < rows; row++) {
        fill_row(cells, text, count, row);
        status = gf_report_xlsx_row(xlsx, cells, err);
    }
    return status;
}

int main(int argc, char **argv)
{
    gf_report_xlsx *xlsx = NULL;
    gf_error err = { .status = GF_OK };
    if (argc != 4)
        return 2;
    long rows = strtol(argv[2], NULL, 10);
    size_t count = strtoul(argv[3], NULL, 10);
    count = count > COLUMNS_MAX ? COLUMNS_MAX : count;
    gf_utc_ms begun = gf_utc_now_ms();
    const gf_report_xlsx_options options = { .path = argv[1], .title = GF_STR_INIT("bench"), .as_of = GF_STR_INIT("2024-01-01"), .large = rows * (long)count > 20000000 };
    gf_status status = gf_report_xlsx_open(&options, &xlsx, &err);
    if (status == GF_OK)
        status = strcmp(argv[2], "-") == 0 ? copy_rows(xlsx, argv[3], &err) : make_rows(xlsx, rows, count, &err);
    if (status == GF_OK)
        status = gf_report_xlsx_close(xlsx, &err);
    else
        gf_report_xlsx_drop(xlsx);
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    if (status != GF_OK)
        (void)fprintf(stderr, "%s\n", err.what);
    printf("{\"rows\":%ld,\"columns\":%zu,\"seconds\":%.1f,\"rss_mb\":%.1f}\n", rows, count, (double)(gf_utc_now_ms() - begun) / 1000, (double)used.ru_maxrss / 1024);
    return status == GF_OK ? 0 : 1;
}
