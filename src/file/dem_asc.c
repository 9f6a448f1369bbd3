/* ESRI grids: a head of "key value" lines, then numbers row by row from the north. It never says its coordinate system.
 *
 * Words are taken one by one and never copied as a whole file; a number costs a strtod. The head may come in any order
 * and case; corners may be those of the grid or of the lower left centre.
 */
#include "file/dem_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WORD_BYTES = 64, HEAD_LINES_MAX = 16 };

typedef struct head { double columns, rows, x, y, step_x, step_y, nodata; bool x_centre, y_centre, has_x, has_y, has_nodata; } head;

/* The next word, terminated; false at the end, or when it is too long to be one. */
static bool take_word(gf_str *rest, char word[WORD_BYTES])
{
    size_t from = 0, to;
    while (from < rest->len && strchr(" \t\r\n", rest->data[from]) && rest->data[from])
        from++;
    for (to = from; to < rest->len && rest->data[to] && !strchr(" \t\r\n", rest->data[to]);)
        to++;
    if (to == from || to - from >= WORD_BYTES)
        return false;
    memcpy(word, rest->data + from, to - from);
    word[to - from] = '\0';
    *rest = gf_str_slice(*rest, to, rest->len);
    return true;
}

static bool to_number(const char *word, double *out)
{
    char *end;
    *out = strtod(word, &end);
    return *end == '\0' && end != word;
}

static bool take_key(head *h, const char *key, double value)
{
    static const struct { const char *key; size_t field; } PLAIN[] = {
        { "ncols", offsetof(head, columns) }, { "nrows", offsetof(head, rows) }, { "dx", offsetof(head, step_x) }, { "dy", offsetof(head, step_y) },
    };
    for (size_t i = 0; i < GF_COUNT(PLAIN); i++)
        if (strcasecmp(key, PLAIN[i].key) == 0) {
            memcpy((char *)h + PLAIN[i].field, &value, sizeof value);
            return true;
        }
    if (strcasecmp(key, "cellsize") == 0)
        h->step_x = h->step_y = value;
    else if (strcasecmp(key, "xllcorner") == 0 || strcasecmp(key, "xllcenter") == 0)
        h->x = value, h->has_x = true, h->x_centre = strcasecmp(key, "xllcenter") == 0;
    else if (strcasecmp(key, "yllcorner") == 0 || strcasecmp(key, "yllcenter") == 0)
        h->y = value, h->has_y = true, h->y_centre = strcasecmp(key, "yllcenter") == 0;
    else if (strcasecmp(key, "nodata_value") == 0)
        h->nodata = value, h->has_nodata = true;
    else
        return false;
    return true;
}

static gf_status read_head(gf_str *rest, head *h, gf_error *err)
{
    char key[WORD_BYTES], word[WORD_BYTES];
    for (int line = 0; line < HEAD_LINES_MAX; line++) {
        gf_str before = *rest;
        double value;
        if (!take_word(rest, key) || to_number(key, &value)) {   /* the first number that stands alone ends the head */
            *rest = before;
            break;
        }
        if (!take_word(rest, word) || !to_number(word, &value) || !take_key(h, key, value))
            return gf_fail(err, GF_EINPUT, "dem.form", "An ESRI grid begins with ncols, nrows, xllcorner, yllcorner, cellsize and NODATA_value.",
                           "the head of the grid has a line \"%.40s\" that cannot be read", key);
    }
    bool sound = h->columns >= 1 && h->rows >= 1 && h->columns < 1e15 && h->rows < 1e15 && h->columns == floor(h->columns) &&
                 h->rows == floor(h->rows) && h->step_x > 0 && h->step_y > 0 && h->has_x && h->has_y;
    return sound ? GF_OK : gf_fail(err, GF_EINPUT, "dem.form", "An ESRI grid begins with ncols, nrows, xllcorner, yllcorner and cellsize.",
                                   "the head of the grid lacks a size, a corner or a cell size");
}

static gf_status read_cells(gf_str rest, size_t rows, size_t columns, const gf_file_dem_options *options, const head *h, float *height, gf_error *err)
{
    char word[WORD_BYTES];
    for (size_t i = 0; i < rows * columns; i++) {
        double value;
        if (!take_word(&rest, word) || !to_number(word, &value))
            return gf_fail(err, GF_EINPUT, "dem.form", "Fetch or write it again.", "row %zu, column %zu: there is no number", i / columns, i % columns);
        gf_status status = dem_height(h->has_nodata && value == h->nodata ? (double)NAN : value, options, i / columns, i % columns, &height[i], err);
        if (status != GF_OK)
            return status;
    }
    return take_word(&rest, word) ? gf_fail(err, GF_EINPUT, "dem.form", "Fetch or write it again.", "more numbers follow than the head announces") : GF_OK;
}

gf_status dem_asc(gf_str bytes, gf_str name, const gf_file_dem_options *options, gf_arena *keep, gf_file_dem *out, gf_error *err)
{
    (void)name;
    head h = { .columns = 0 };
    gf_status status = read_head(&bytes, &h, err);
    if (status == GF_OK)
        status = dem_check_size((uint64_t)h.rows, (uint64_t)h.columns, options, err);
    if (status != GF_OK)
        return status;
    size_t rows = (size_t)h.rows, columns = (size_t)h.columns;
    if (bytes.len / 2 + 1 < rows * columns)   /* a digit and a blank each: said before the cells are allocated */
        return gf_fail(err, GF_EINPUT, "dem.form", "Fetch or write it again.", "the file is too short for the %zu x %zu cells it announces", columns, rows);
    float *height = gf_new(keep, float, rows * columns);
    if (!height)
        return gf_fail_memory(err);
    double west = h.x - (h.x_centre ? h.step_x / 2 : 0), south = h.y - (h.y_centre ? h.step_y / 2 : 0), north = south + (double)rows * h.step_y;
    bool degrees = h.step_x < 0.1 && west >= -181 && west + (double)columns * h.step_x <= 181 && south >= -91 && north <= 91;
    *out = (gf_file_dem){ .rows = rows, .columns = columns, .west = west, .north = north, .step_x = h.step_x, .step_y = h.step_y,
                          .degrees = degrees, .height_m = height };
    return read_cells(bytes, rows, columns, options, &h, height, err);
}
