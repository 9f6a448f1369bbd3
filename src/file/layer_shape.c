/* Shapefiles (ESRI's white paper of July 1998): .shp records one after another, attributes in a dBASE III table, the system in a .prj.
 *
 * Both are read directly from bytes: two small formats, against a library whose hooks would have to play a file system. The
 * .shx is not needed. Lengths are what the records say, held against what is there; the header's bounding box is not believed. */
#include "file/layer_inside.h"

#include <errno.h>
#include <iconv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SHP_HEAD = 100, RECORD_HEAD = 8, POLYGON_HEAD = 44, DBF_HEAD = 32, DBF_FIELD = 32, DBF_FIELD_NAME = 11, VALUE_MAX = 65536 };
enum { LDID_GBK = 0x4D };

static uint32_t big32(const char *at)
{
    const uint8_t *b = (const uint8_t *)at;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}
static uint32_t little32(const char *at)
{
    const uint8_t *b = (const uint8_t *)at;
    return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}
static uint32_t little16(const char *at) { return (uint32_t)(uint8_t)at[1] << 8 | (uint8_t)at[0]; }
static double little_double(const char *at)
{
    uint64_t bits = (uint64_t)little32(at + 4) << 32 | little32(at);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* ---- The table ---- */

typedef struct table {
    const char *records;
    size_t      count, record_bytes, field_count;
    struct { gf_str name; size_t from, bytes, index; } fields[256];
    iconv_t     way;                 /* (iconv_t)-1: the text is UTF-8 already */
    char       *room;
} table;

static gf_str cell_of(const table *t, size_t record, size_t field)
{
    gf_str cell = { t->records + record * t->record_bytes + t->fields[field].from, t->fields[field].bytes };
    while (cell.len && (cell.data[cell.len - 1] == ' ' || cell.data[cell.len - 1] == '\0'))
        cell.len--;
    while (cell.len && cell.data[0] == ' ')
        cell = gf_str_slice(cell, 1, cell.len);
    return cell;
}

static gf_status read_fields(table *t, gf_str dbf, size_t head, gf_error *err)
{
    size_t from = 1;   /* behind the mark of deletion */
    for (size_t at = DBF_HEAD; at + DBF_FIELD < head && dbf.data[at] != '\r'; at += DBF_FIELD) {
        if (t->field_count == GF_COUNT(t->fields))
            return gf_fail(err, GF_ELIMIT, "layer.large", "", "the .dbf has more than %zu fields", GF_COUNT(t->fields));
        size_t bytes = (uint8_t)dbf.data[at + 16], name = 0;
        if (dbf.data[at + DBF_FIELD_NAME] == 'C')   /* long text keeps its upper byte where the decimals would be */
            bytes += (size_t)(uint8_t)dbf.data[at + 17] << 8;
        while (name < DBF_FIELD_NAME && dbf.data[at + name])
            name++;
        if (name == 0 || from + bytes > t->record_bytes)
            return layer_damaged(err, "the fields of the .dbf do not fit into its records");
        t->fields[t->field_count].name = (gf_str){ dbf.data + at, name };
        t->fields[t->field_count].from = from;
        t->fields[t->field_count++].bytes = bytes;
        from += bytes;
    }
    return GF_OK;
}

static gf_status open_table(table *t, gf_str dbf, gf_error *err)
{
    if (dbf.len < DBF_HEAD)
        return layer_damaged(err, dbf.len ? "the .dbf is cut off" : "the .dbf is empty");
    size_t count = little32(dbf.data + 4), head = little16(dbf.data + 8);
    t->record_bytes = little16(dbf.data + 10);
    if (head <= DBF_HEAD || head > dbf.len || t->record_bytes == 0)
        return layer_damaged(err, "the head of the .dbf is damaged");
    t->records = dbf.data + head;
    t->count = (dbf.len - head) / t->record_bytes;
    if (t->count < count)
        return layer_damaged(err, "the .dbf is cut off: it claims more records than it holds");
    t->count = count;
    return read_fields(t, dbf, head, err);
}

/* ---- Its text ---- */

/* A cell that was cut off in the middle of a character loses that character: so do the programs that write such cells. */
static gf_str without_cut(gf_str cell)
{
    size_t bad;
    return !gf_utf8_valid(cell, &bad) && cell.len - bad < 4 && (uint8_t)cell.data[bad] >= 0xC2 ? gf_str_slice(cell, 0, bad) : cell;
}

static bool all_utf8(const table *t)
{
    for (size_t field = 0; field < t->field_count; field++)
        if (!gf_utf8_valid(t->fields[field].name, NULL))
            return false;
    for (size_t record = 0; record < t->count; record++)
        for (size_t field = 0; field < t->field_count; field++)
            if (!gf_utf8_valid(without_cut(cell_of(t, record, field)), NULL))
                return false;
    return true;
}

/* "936", "CP936", "GBK", "UTF-8", "65001", "ANSI 936" ... as iconv calls it. */
static const char *encoding_name(gf_str cpg, char *room, size_t bytes)
{
    static const struct { const char *told, *name; } NAMES[] = {
        { "65001", "UTF-8" }, { "utf8", "UTF-8" }, { "utf-8", "UTF-8" }, { "936", "GB18030" }, { "cp936", "GB18030" }, { "gbk", "GB18030" },
        { "gb2312", "GB18030" }, { "gb18030", "GB18030" }, { "54936", "GB18030" }, { "ansi 936", "GB18030" }, { "950", "BIG5" }, { "big5", "BIG5" },
        { "88591", "ISO-8859-1" }, { "1252", "CP1252" }, { "ansi 1252", "CP1252" },
    };
    (void)snprintf(room, bytes, "%.*s", GF_STR_ARG(gf_str_trim(cpg)));
    for (size_t i = 0; i < GF_COUNT(NAMES); i++)
        if (strcasecmp(room, NAMES[i].told) == 0)
            return NAMES[i].name;
    return room;
}

static gf_status open_encoding(table *t, const gf_file_shape *shape, gf_error *err)
{
    char room[32] = "";
    const char *name = encoding_name(shape->cpg, room, sizeof room);
    t->way = (iconv_t)-1;
    if (!*name)
        name = (uint8_t)shape->dbf.data[29] == LDID_GBK || !all_utf8(t) ? "GB18030" : "UTF-8";
    if (strcasecmp(name, "UTF-8") == 0)
        return GF_OK;
    t->way = iconv_open("UTF-8", name);
    t->room = malloc(VALUE_MAX * 4);
    if (t->way == (iconv_t)-1)
        return gf_fail(err, GF_EINPUT, "layer.text", "Write UTF-8 or GBK into the .cpg.",
                       "the .cpg names an encoding that is not known: \"%.20s\"", gf_utf8_valid(gf_str_of(name), NULL) ? name : "?");
    return t->room ? GF_OK : gf_fail_memory(err);
}

static bool is_ascii(gf_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((uint8_t)text.data[i] >= 0x80)
            return false;
    return true;
}

/* Borrowed until the next call. */
static gf_status decode(table *t, gf_str cell, gf_str *out, gf_error *err)
{
    *out = cell;
    if (is_ascii(cell))
        return GF_OK;
    if (t->way == (iconv_t)-1) {
        *out = without_cut(cell);
        return gf_utf8_valid(*out, NULL) ? GF_OK : gf_fail(err, GF_EINPUT, "layer.text", "Name the encoding in the .cpg.",
                                                           "the .dbf is said to be UTF-8, but is not");
    }
    char *from = (char *)(uintptr_t)cell.data, *to = t->room;
    size_t in_left = cell.len, out_left = VALUE_MAX * 4;
    (void)iconv(t->way, NULL, NULL, NULL, NULL);
    if (iconv(t->way, &from, &in_left, &to, &out_left) == (size_t)-1 && errno != EINVAL)   /* EINVAL: cut off at its end */
        return gf_fail(err, GF_EINPUT, "layer.text", "Name the encoding in a .cpg beside it.", "text of the .dbf is in no known encoding");
    *out = (gf_str){ t->room, (size_t)(to - t->room) };
    return GF_OK;
}

static void close_table(table *t)
{
    if (t->way != (iconv_t)-1)
        (void)iconv_close(t->way);
    free(t->room);
}

/* ---- Shapes ---- */

static gf_status read_rings(layer_build *b, gf_str record, gf_error *err)
{
    if (record.len < POLYGON_HEAD)
        return layer_damaged(err, "a record is too short");
    size_t parts = little32(record.data + 36), points = little32(record.data + 40), room = record.len - POLYGON_HEAD;
    if (parts > room / 4 || points > (room - parts * 4) / 16)
        return layer_damaged(err, "a record claims more points than it holds");
    const char *starts = record.data + POLYGON_HEAD, *pairs = starts + parts * 4;
    gf_status status = layer_feature(b, parts, err);
    for (size_t i = 0; status == GF_OK && i < parts; i++) {
        size_t from = little32(starts + i * 4), to = i + 1 < parts ? little32(starts + (i + 1) * 4) : points;
        gf_file_point *out;
        if (from >= to || to > points)
            return layer_damaged(err, "the rings of a record overlap");
        status = layer_part(b, i, to - from, &out, err);
        for (size_t k = from; status == GF_OK && k < to; k++)
            out[k - from] = (gf_file_point){ little_double(pairs + k * 16), little_double(pairs + k * 16 + 8) };
    }
    return status;
}

static gf_status read_shape(layer_build *b, gf_str record, gf_error *err)
{
    uint32_t type = record.len >= 4 ? little32(record.data) : UINT32_MAX;
    switch (type) {
    case 5: case 15: case 25:
        return read_rings(b, record, err);
    case 3: case 13: case 23:
        if (b->options->boundary)
            return read_rings(b, record, err);
        return gf_fail(err, GF_EINPUT, "layer.shape", "Give polygons.", "the layer holds lines");
    case 0:
        return layer_feature(b, 0, err);   /* says that it has no shape */
    case 1: case 11: case 21: case 8: case 18: case 28:
        return gf_fail(err, GF_EINPUT, "layer.shape", "Give polygons.", "the layer holds points");
    default:
        return layer_damaged(err, "a record is of no known kind");
    }
}

static gf_status read_values(layer_build *b, table *t, size_t record, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; i < t->field_count && status == GF_OK; i++) {
        gf_str value;
        status = decode(t, cell_of(t, record, i), &value, err);
        if (status == GF_OK && value.len)
            status = layer_value(b, t->fields[i].index, value, err);
    }
    return status;
}

static gf_status name_fields(layer_build *b, table *t, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; i < t->field_count && status == GF_OK; i++) {
        gf_str name;
        status = decode(t, t->fields[i].name, &name, err);
        if (status == GF_OK)
            status = layer_field(b, name, &t->fields[i].index, err);
    }
    return status;
}

/* Record by record; one that the table has marked as deleted is passed over. */
static gf_status read_records(layer_build *b, gf_str shp, table *t, gf_error *err)
{
    size_t index = 0;
    for (size_t at = SHP_HEAD; at < shp.len; index++) {
        if (shp.len - at < RECORD_HEAD)
            return layer_damaged(err, "the .shp is cut off");
        uint64_t bytes = (uint64_t)big32(shp.data + at + 4) * 2;
        at += RECORD_HEAD;
        if (bytes > shp.len - at)
            return layer_damaged(err, "the .shp is cut off: a record claims more bytes than there are");
        gf_str record = { shp.data + at, (size_t)bytes };
        at += (size_t)bytes;
        if (t && index >= t->count)
            return layer_damaged(err, "the .dbf has fewer records than the .shp");
        if (t && t->records[index * t->record_bytes] == '*')
            continue;
        gf_status status = read_shape(b, record, err);
        if (status == GF_OK && t)
            status = read_values(b, t, index, err);
        if (status != GF_OK) {
            (void)gf_fail_at(err, "%.60s, feature %zu", b->options->name, index + 1);
            return status;
        }
    }
    return GF_OK;
}

static gf_status check_head(gf_str shp, gf_error *err)
{
    if (shp.len == 0)
        return layer_damaged(err, "the file is empty");
    if (shp.len < SHP_HEAD || big32(shp.data) != 9994 || little32(shp.data + 28) != 1000)
        return layer_damaged(err, "the file is no shapefile");
    uint64_t claimed = (uint64_t)big32(shp.data + 24) * 2;
    if (claimed != shp.len) {
        char what[120];
        (void)snprintf(what, sizeof what, "the .shp claims %llu bytes and has %zu", (unsigned long long)claimed, shp.len);
        return layer_damaged(err, what);
    }
    return GF_OK;
}

static gf_status read_all(layer_build *b, const gf_file_shape *shape, table *t, gf_error *err)
{
    gf_status status = GF_OK;
    if (t) {
        status = open_table(t, shape->dbf, err);
        if (status == GF_OK)
            status = open_encoding(t, shape, err);
        if (status == GF_OK)
            status = name_fields(b, t, err);
    }
    return status == GF_OK ? read_records(b, shape->shp, t, err) : status;
}

gf_status gf_file_layer_shape(const gf_file_shape *shape, const gf_file_layer_options *options, gf_arena *keep, gf_file_layer *out, gf_error *err)
{
    layer_build build;
    table attributes = { .way = (iconv_t)-1 };
    int told = 0;
    gf_mark mark = gf_arena_mark(keep);
    layer_begin(&build, options, keep);
    gf_status status = check_head(shape->shp, err);
    if (status == GF_OK && shape->prj.len && !options->epsg)
        status = layer_epsg_of_wkt(shape->prj, &told, err);
    if (status == GF_OK)
        status = read_all(&build, shape, shape->dbf.data ? &attributes : NULL, err);
    close_table(&attributes);
    if (status == GF_OK)
        status = layer_end(&build, told, out, err);
    if (status != GF_OK) {
        (void)gf_fail_at(err, "%.80s", options->name);
        gf_arena_rewind(keep, mark);
    }
    return status;
}
