/* Workbooks: a zip of XML parts (ECMA-376). Shared strings and the formats that make a number a date are read first; the
 * sheet is then read row by row: the XML parser is stopped at the end of each row and goes on with the next call, so that
 * a sheet of any length takes the memory of one row.
 *
 * Nothing in a workbook is trusted: entries are counted, their sizes are bounded and compared with what they are packed
 * to, a document type (which could define entities) ends the reading, and links to elsewhere are not looked at.
 */
#include "file/sheet_inside.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { ENTRIES_MAX = 10000, PART_BYTES = 1 << 16, STRINGS_MAX = 5000000, FORMATS_MAX = 65536, TEXT_BYTES_MAX = 40000, RATIO_MAX = 400, DEPTH_MAX = 64 };
static const size_t SUSPICIOUS_BYTES = (size_t)64 << 20, ARENA_BYTES = (size_t)768 << 20, PATH_BYTES = 300;

struct xlsx {
    zip_t      *zip;
    zip_file_t *part;              /* the sheet being read */
    XML_Parser  parser;
    gf_arena   *arena;             /* strings and formats */
    gf_arena   *row_arena;
    gf_file_sheet_options options;
    char        sheet_path[300], strings_path[300], styles_path[300], sheet_id[64];
    bool        from_1904, ended, has_doctype, too_much;
    gf_str     *strings;
    size_t      string_count, string_room;
    bool       *is_date;           /* by cell format */
    size_t      format_count;
    bool        custom_date[FORMATS_MAX];
    int         depth;
    /* the row at hand */
    gf_file_cell *cells;
    size_t      cell_count, row, column;
    bool        row_done, in_cell, in_value, in_text, in_phonetic, in_formats, in_si;
    char        cell_type[16];
    size_t      cell_format;
    gf_text     text;
};

/* ---- Parts of the zip ---- */

static gf_status fail_damaged(gf_error *err, const char *what)
{
    return gf_fail(err, GF_EINPUT, "xlsx.damaged", "Open it in a spreadsheet program and save it again as .xlsx.", "the workbook is damaged: %s", what);
}

static gf_status check_entries(xlsx *x, gf_error *err)
{
    zip_int64_t count = zip_get_num_entries(x->zip, 0);
    zip_uint64_t total = 0;
    if (count < 1 || count > ENTRIES_MAX)
        return fail_damaged(err, "it has no parts, or far too many");
    for (zip_int64_t i = 0; i < count; i++) {
        zip_stat_t info;
        if (zip_stat_index(x->zip, (zip_uint64_t)i, 0, &info) != 0 || !(info.valid & ZIP_STAT_SIZE) || !(info.valid & ZIP_STAT_COMP_SIZE))
            return fail_damaged(err, "a part has no size");
        if ((info.valid & ZIP_STAT_ENCRYPTION_METHOD) && info.encryption_method != ZIP_EM_NONE)
            return gf_fail(err, GF_EINPUT, "xlsx.password", "Take the password off and save it again.", "the workbook has a password");
        total += info.size;
        bool bomb = info.size > SUSPICIOUS_BYTES && info.size / (info.comp_size + 1) > RATIO_MAX;
        if (bomb || total > x->options.unpacked_bytes_max)
            return gf_fail(err, GF_ELIMIT, "xlsx.large", "Split the sheet.", "the workbook unpacks to more than is taken in");
    }
    return GF_OK;
}

typedef struct part_handlers { XML_StartElementHandler start; XML_EndElementHandler end; XML_CharacterDataHandler text; } part_handlers;

static void XMLCALL stop_at_doctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public, int subset)
{
    (void)name, (void)system, (void)public, (void)subset;
    xlsx *x = context;
    x->has_doctype = true;
    (void)XML_StopParser(x->parser, XML_FALSE);
}

static gf_status make_parser(xlsx *x, const part_handlers *handlers, gf_error *err)
{
    XML_ParserFree(x->parser);
    x->parser = XML_ParserCreate(NULL);
    if (!x->parser)
        return gf_fail_memory(err);
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, handlers->start, handlers->end);
    XML_SetCharacterDataHandler(x->parser, handlers->text);
    XML_SetStartDoctypeDeclHandler(x->parser, stop_at_doctype);
    x->depth = 0;
    return GF_OK;
}

static gf_status parse_fault(const xlsx *x, gf_error *err)
{
    if (x->too_much)
        return gf_fail(err, GF_ELIMIT, "xlsx.large", "Split the sheet.", "the workbook holds more than is taken in");
    return fail_damaged(err, x->has_doctype ? "it defines a document type" : XML_ErrorString(XML_GetErrorCode(x->parser)));
}

/* Feed one buffer; true when the part has ended. */
static gf_status feed(xlsx *x, bool *ended, gf_error *err)
{
    void *buffer = XML_GetBuffer(x->parser, PART_BYTES);
    zip_int64_t got = buffer ? zip_fread(x->part, buffer, PART_BYTES) : -1;
    if (got < 0)
        return buffer ? fail_damaged(err, "a part cannot be unpacked") : gf_fail_memory(err);
    *ended = got == 0;
    enum XML_Status status = XML_ParseBuffer(x->parser, (int)got, got == 0);
    return status == XML_STATUS_ERROR ? parse_fault(x, err) : GF_OK;
}

static gf_status read_part(xlsx *x, const char *path, bool needed, const part_handlers *handlers, gf_error *err)
{
    bool ended = false;
    x->part = zip_fopen(x->zip, path, 0);
    if (!x->part)
        return needed ? fail_damaged(err, "a part is missing") : GF_OK;
    gf_status status = make_parser(x, handlers, err);
    while (status == GF_OK && !ended)
        status = feed(x, &ended, err);
    (void)zip_fclose(x->part);
    x->part = NULL;
    return status;
}

/* ---- XML ---- */

/* The name without its namespace prefix. */
static const char *local(const XML_Char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static bool is(const XML_Char *name, const char *wanted) { return strcmp(local(name), wanted) == 0; }

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (; attributes && attributes[0]; attributes += 2)
        if (strcmp(local(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

static bool too_deep(xlsx *x)
{
    if (++x->depth <= DEPTH_MAX)
        return false;
    x->too_much = true;
    (void)XML_StopParser(x->parser, XML_FALSE);
    return true;
}

/* ---- The workbook: which sheet is the first, and where its parts lie ---- */

static void XMLCALL workbook_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    xlsx *x = context;
    if (too_deep(x))
        return;
    const char *flag = is(name, "workbookPr") ? attribute(attributes, "date1904") : NULL;
    if (flag && (strcmp(flag, "1") == 0 || strcmp(flag, "true") == 0))
        x->from_1904 = true;
    const char *state = attribute(attributes, "state"), *id = attribute(attributes, "id");
    bool hidden = state && strcmp(state, "visible") != 0;
    if (is(name, "sheet") && !hidden && id && x->sheet_id[0] == '\0')
        (void)snprintf(x->sheet_id, sizeof x->sheet_id, "%s", id);
}

static void XMLCALL end_any(void *context, const XML_Char *name)
{
    (void)name;
    ((xlsx *)context)->depth--;
}

static void set_path(char *out, const char *target)
{
    (void)snprintf(out, PATH_BYTES, target[0] == '/' ? "%s" : "xl/%s", target[0] == '/' ? target + 1 : target);
}

static void XMLCALL relation_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    xlsx *x = context;
    const char *id = attribute(attributes, "Id"), *type = attribute(attributes, "Type"), *target = attribute(attributes, "Target"), *mode = attribute(attributes, "TargetMode");
    if (too_deep(x) || !is(name, "Relationship") || !id || !type || !target || mode)
        return;  /* a mode says that the target lies outside: never looked at */
    const char *kind = strrchr(type, '/');
    if (strcmp(id, x->sheet_id) == 0)
        set_path(x->sheet_path, target);
    else if (kind && strcmp(kind, "/sharedStrings") == 0)
        set_path(x->strings_path, target);
    else if (kind && strcmp(kind, "/styles") == 0)
        set_path(x->styles_path, target);
}

/* ---- Shared strings ---- */

static void XMLCALL strings_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    xlsx *x = context;
    (void)attributes;
    if (too_deep(x))
        return;
    if (is(name, "si")) {
        x->in_si = true;
        gf_text_init(&x->text, x->row_arena);
    }
    x->in_phonetic = x->in_phonetic || is(name, "rPh");
    x->in_text = is(name, "t") && !x->in_phonetic;
}

static void add_text(xlsx *x, const char *text, int len)
{
    if (x->text.len + (size_t)len <= TEXT_BYTES_MAX)
        gf_text_add(&x->text, (gf_str){ text, (size_t)len });
}

static void XMLCALL strings_text(void *context, const XML_Char *text, int len)
{
    xlsx *x = context;
    if (x->in_si && x->in_text)
        add_text(x, text, len);
}

static bool grow_strings(xlsx *x)
{
    if (x->string_count < x->string_room)
        return true;
    size_t room = x->string_room ? x->string_room * 2 : 1024;
    gf_str *larger = room <= STRINGS_MAX * 2 ? realloc(x->strings, room * sizeof *larger) : NULL;
    if (!larger)
        return false;
    x->strings = larger;
    x->string_room = room;
    return true;
}

static void XMLCALL strings_end(void *context, const XML_Char *name)
{
    xlsx *x = context;
    x->depth--;
    if (is(name, "t"))
        x->in_text = false;
    if (is(name, "rPh"))
        x->in_phonetic = false;
    if (!is(name, "si") || !x->in_si)
        return;
    x->in_si = false;
    gf_str kept = grow_strings(x) ? gf_str_copy(x->arena, gf_text_str(&x->text)) : (gf_str){ NULL, 0 };
    gf_arena_rewind(x->row_arena, (gf_mark){ NULL, 0 });
    if (!kept.data || x->string_count == STRINGS_MAX) {
        x->too_much = true;
        (void)XML_StopParser(x->parser, XML_FALSE);
        return;
    }
    x->strings[x->string_count++] = kept;
}

/* ---- Formats that make a number a date ---- */

static bool is_built_in_date(long id) { return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58); }

/* Letters of a date outside of quotes and brackets: "yyyy\-mm\-dd", "m月d日". Times alone are no dates. */
static bool is_date_code(const char *code)
{
    bool quoted = false, bracket = false, year_or_day = false;
    for (; *code; code++) {
        if (*code == '"')
            quoted = !quoted;
        else if (*code == '\\' && code[1])
            code++;
        else if (*code == '[' || *code == ']')
            bracket = *code == '[';
        else if (!quoted && !bracket && strchr("yYdD", *code))
            year_or_day = true;
    }
    return year_or_day;
}

static void XMLCALL styles_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    xlsx *x = context;
    if (too_deep(x))
        return;
    const char *id_text = attribute(attributes, "numFmtId"), *code = attribute(attributes, "formatCode");
    long id = id_text ? strtol(id_text, NULL, 10) : 0;
    if (is(name, "numFmt") && code && id >= 0 && id < FORMATS_MAX)
        x->custom_date[id] = is_date_code(code);
    if (is(name, "cellXfs"))
        x->in_formats = true;
    if (!is(name, "xf") || !x->in_formats || x->format_count == FORMATS_MAX)
        return;
    x->is_date[x->format_count++] = is_built_in_date(id) || (id >= 0 && id < FORMATS_MAX && x->custom_date[id]);
}

static void XMLCALL styles_end(void *context, const XML_Char *name)
{
    xlsx *x = context;
    x->depth--;
    if (is(name, "cellXfs"))
        x->in_formats = false;
}

/* ---- The sheet ---- */

/* "BC12": column 55, from 1; 0 when it is none. */
static size_t column_of(const char *reference)
{
    size_t column = 0;
    for (; reference && *reference >= 'A' && *reference <= 'Z' && column < 20000; reference++)
        column = column * 26 + (size_t)(*reference - 'A' + 1);
    return column;
}

static void begin_row(xlsx *x, const XML_Char **attributes)
{
    const char *number = attribute(attributes, "r");
    int64_t row;
    x->row = number && gf_str_to_int(gf_str_of(number), &row) && row > 0 ? (size_t)row : x->row + 1;
    x->cell_count = x->column = 0;
    x->in_cell = false;
    if (x->row > x->options.rows_max) {
        x->too_much = true;
        (void)XML_StopParser(x->parser, XML_FALSE);
    }
}

static void begin_cell(xlsx *x, const XML_Char **attributes)
{
    const char *type = attribute(attributes, "t"), *format = attribute(attributes, "s");
    size_t column = column_of(attribute(attributes, "r"));
    x->column = column ? column : x->column + 1;
    (void)snprintf(x->cell_type, sizeof x->cell_type, "%s", type ? type : "n");
    long index = format ? strtol(format, NULL, 10) : 0;
    x->cell_format = index > 0 ? (size_t)index : 0;
    x->in_cell = true;
    gf_text_init(&x->text, x->row_arena);
}

static void XMLCALL sheet_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    xlsx *x = context;
    if (too_deep(x))
        return;
    if (is(name, "row"))
        begin_row(x, attributes);
    else if (is(name, "c"))
        begin_cell(x, attributes);
    x->in_phonetic = x->in_phonetic || is(name, "rPh");
    x->in_value = is(name, "v") || (is(name, "t") && !x->in_phonetic);
}

static void XMLCALL sheet_text(void *context, const XML_Char *text, int len)
{
    xlsx *x = context;
    if (x->in_cell && x->in_value)
        add_text(x, text, len);
}

static gf_file_cell text_cell(gf_str text) { return (gf_file_cell){ text, sheet_is_lost(text) ? GF_FILE_LOST : GF_FILE_TEXT }; }

static gf_file_cell shared_cell(const xlsx *x, gf_str index)
{
    int64_t at;
    bool known = gf_str_to_int(index, &at) && at >= 0 && (size_t)at < x->string_count;
    return known ? text_cell(x->strings[at]) : (gf_file_cell){ index, GF_FILE_ERROR };
}

static gf_file_cell number_cell(xlsx *x, gf_str value)
{
    char *out = gf_new(x->row_arena, char, SHEET_NUMBER_BYTES);
    const char *text = gf_str_cstr(x->row_arena, value);
    if (!out || !text)
        return (gf_file_cell){ value, GF_FILE_ERROR };
    bool date = x->cell_format < x->format_count && x->is_date[x->cell_format];
    return date ? sheet_day(strtod(text, NULL), x->from_1904, out) : sheet_number(text, out);
}

static gf_file_cell make_cell(xlsx *x)
{
    gf_str value = gf_text_str(&x->text);
    if (value.len == 0)
        return (gf_file_cell){ { "", 0 }, GF_FILE_TEXT };
    if (strcmp(x->cell_type, "s") == 0)
        return shared_cell(x, value);
    if (strcmp(x->cell_type, "n") == 0)
        return number_cell(x, value);
    if (strcmp(x->cell_type, "b") == 0)
        return (gf_file_cell){ gf_str_is(value, "1") ? GF_STR("TRUE") : GF_STR("FALSE"), GF_FILE_TEXT };
    if (strcmp(x->cell_type, "d") == 0)
        return (gf_file_cell){ gf_str_slice(value, 0, 10), GF_FILE_DATE };
    return strcmp(x->cell_type, "e") == 0 ? (gf_file_cell){ value, GF_FILE_ERROR } : text_cell(value);
}

static void end_cell(xlsx *x)
{
    if (x->column == 0 || x->column > x->options.columns_max)
        return;  /* far out to the right: nothing that a register has */
    while (x->cell_count < x->column)
        x->cells[x->cell_count++] = (gf_file_cell){ { "", 0 }, GF_FILE_TEXT };
    x->cells[x->column - 1] = make_cell(x);
}

static void XMLCALL sheet_end(void *context, const XML_Char *name)
{
    xlsx *x = context;
    x->depth--;
    if (is(name, "v") || is(name, "t"))
        x->in_value = false;
    if (is(name, "rPh"))
        x->in_phonetic = false;
    if (is(name, "c") && x->in_cell)
        end_cell(x);
    if (is(name, "c") || is(name, "row"))
        x->in_cell = false;
    if (!is(name, "row"))
        return;
    x->row_done = true;
    (void)XML_StopParser(x->parser, XML_TRUE);  /* until the next call */
}

static gf_status start_sheet(xlsx *x, gf_error *err)
{
    static const part_handlers SHEET = { sheet_start, sheet_end, sheet_text };
    x->part = zip_fopen(x->zip, x->sheet_path, 0);
    return x->part ? make_parser(x, &SHEET, err) : fail_damaged(err, "its sheet is missing");
}

static bool has_content(const xlsx *x)
{
    for (size_t i = 0; i < x->cell_count; i++)
        if (x->cells[i].text.len)
            return true;
    return false;
}

/* Go on until a row has ended or the part has. */
static gf_status read_row(xlsx *x, gf_error *err)
{
    XML_ParsingStatus state;
    gf_arena_rewind(x->row_arena, (gf_mark){ NULL, 0 });
    x->row_done = false;
    while (!x->row_done && !x->ended) {
        XML_GetParsingStatus(x->parser, &state);
        if (state.parsing == XML_SUSPENDED) {
            if (XML_ResumeParser(x->parser) == XML_STATUS_ERROR)
                return parse_fault(x, err);
            XML_GetParsingStatus(x->parser, &state);
            if (state.parsing == XML_FINISHED)
                x->ended = true;
            continue;
        }
        bool drained;
        gf_status status = feed(x, &drained, err);
        XML_GetParsingStatus(x->parser, &state);
        if (status != GF_OK)
            return status;
        x->ended = state.parsing == XML_FINISHED;
    }
    return GF_OK;
}

gf_status xlsx_next(xlsx *x, const gf_file_cell **cells, size_t *count, gf_error *err)
{
    for (;;) {
        *count = 0;
        if (x->ended)
            return GF_OK;
        gf_status status = read_row(x, err);
        if (status != GF_OK)
            return status;
        if (x->row_done && has_content(x)) {
            *cells = x->cells;
            *count = x->cell_count;
            return GF_OK;
        }
    }
}

size_t xlsx_row(const xlsx *x) { return x->row; }

/* ---- Opening ---- */

static gf_status open_zip(xlsx *x, gf_str bytes, gf_error *err)
{
    zip_error_t fault;
    zip_source_t *source = zip_source_buffer_create(bytes.data, bytes.len, 0, &fault);
    x->zip = source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS * 0, &fault) : NULL;
    if (!x->zip && source)
        zip_source_free(source);
    return x->zip ? check_entries(x, err) : fail_damaged(err, "it is no zip file");
}

static gf_status read_parts(xlsx *x, gf_error *err)
{
    static const part_handlers WORKBOOK = { workbook_start, end_any, NULL }, RELATIONS = { relation_start, end_any, NULL };
    static const part_handlers STRINGS = { strings_start, strings_end, strings_text }, STYLES = { styles_start, styles_end, NULL };
    gf_status status = read_part(x, "xl/workbook.xml", true, &WORKBOOK, err);
    if (status == GF_OK)
        status = read_part(x, "xl/_rels/workbook.xml.rels", true, &RELATIONS, err);
    if (status == GF_OK && x->sheet_path[0] == '\0')
        return fail_damaged(err, "it has no visible sheet");
    if (status == GF_OK && x->strings_path[0])
        status = read_part(x, x->strings_path, false, &STRINGS, err);
    if (status == GF_OK && x->styles_path[0])
        status = read_part(x, x->styles_path, false, &STYLES, err);
    return status == GF_OK ? start_sheet(x, err) : status;
}

gf_status xlsx_open(gf_str bytes, const gf_file_sheet_options *options, xlsx **out, gf_error *err)
{
    xlsx *x = calloc(1, sizeof *x);
    if (!x)
        return gf_fail_memory(err);
    x->options = *options;
    x->arena = gf_arena_open(ARENA_BYTES);
    x->row_arena = gf_arena_open(ARENA_BYTES);
    x->is_date = calloc(FORMATS_MAX, sizeof *x->is_date);
    x->cells = calloc(options->columns_max + 1, sizeof *x->cells);
    gf_status status = x->arena && x->row_arena && x->is_date && x->cells ? open_zip(x, bytes, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = read_parts(x, err);
    if (status != GF_OK) {
        xlsx_close(x);
        return status;
    }
    *out = x;
    return GF_OK;
}

void xlsx_close(xlsx *x)
{
    if (!x)
        return;
    XML_ParserFree(x->parser);
    if (x->part)
        (void)zip_fclose(x->part);
    if (x->zip)
        zip_discard(x->zip);
    free(x->strings);
    free(x->is_date);
    free(x->cells);
    gf_arena_close(x->arena);
    gf_arena_close(x->row_arena);
    free(x);
}
