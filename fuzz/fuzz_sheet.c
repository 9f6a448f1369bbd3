/* Sheets: any bytes as a file, or as the parts of a workbook that is zipped here (a mutated zip seldom gets past its sums).
 * A reader answers with cells or a sentence; it neither reads beyond its bytes nor takes memory without end. */
#include "file/gf_file.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

static const char *const PARTS[] = { "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml" };
static const char WORKBOOK[] = "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
static const char RELATIONS[] = "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"x/sharedStrings\" "
                                "Target=\"sharedStrings.xml\"/><Relationship Id=\"r3\" Type=\"x/styles\" Target=\"styles.xml\"/></Relationships>";

static void add(zip_t *book, const char *name, const char *bytes, size_t len)
{
    zip_source_t *part = zip_source_buffer(book, bytes, len, 0);
    if (part && zip_file_add(book, name, part, ZIP_FL_OVERWRITE) < 0)
        zip_source_free(part);
}

/* The parts stand one after another, 0x01 between them; those that are not there are as a plain workbook has them. */
static gf_str zipped(gf_str parts, char **keep)
{
    zip_error_t fault;
    zip_stat_t stat;
    *keep = NULL;
    zip_source_t *bytes = zip_source_buffer_create(NULL, 0, 0, &fault);
    zip_t *book = bytes ? zip_open_from_source(bytes, ZIP_CREATE | ZIP_TRUNCATE, &fault) : NULL;
    if (!book)
        return zip_source_free(bytes), (gf_str){ "", 0 };
    zip_source_keep(bytes);
    add(book, "xl/workbook.xml", WORKBOOK, sizeof WORKBOOK - 1);
    add(book, "xl/_rels/workbook.xml.rels", RELATIONS, sizeof RELATIONS - 1);
    gf_str part;
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS && gf_str_cut(&parts, '\x01', &part); i++)
        add(book, PARTS[i], part.data, part.len);
    gf_str out = { "", 0 };
    if (zip_close(book) < 0)
        zip_discard(book);
    else if (zip_source_stat(bytes, &stat) == 0 && zip_source_open(bytes) == 0) {
        *keep = malloc(stat.size + 1);
        if (*keep)
            out = (gf_str){ *keep, (size_t)zip_source_read(bytes, *keep, stat.size) };
        zip_source_close(bytes);
    }
    zip_source_free(bytes);
    return out;
}

static void read_sheet(gf_str bytes)
{
    const gf_file_sheet_options options = { .name = "f.xlsx" };
    gf_file_sheet *sheet = NULL;
    const gf_file_cell *cells;
    size_t count, seen = 0;
    gf_error err = { .status = GF_OK };
    if (gf_file_sheet_open(bytes, &options, &sheet, &err) != GF_OK) {
        if (!err.what[0])
            abort();
        return;
    }
    gf_status status;
    while ((status = gf_file_sheet_next(sheet, &cells, &count, &err)) == GF_OK && count && seen++ < 20000)
        for (size_t i = 0; i < count; i++)
            if (cells[i].text.len && !memchr(cells[i].text.data, cells[i].text.data[0], cells[i].text.len))
                abort();
    if (status != GF_OK && !err.what[0])
        abort();
    gf_file_sheet_close(sheet);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (len == 0)
        return 0;
    gf_str rest = { (const char *)bytes + 1, len - 1 };
    char *keep = NULL;
    read_sheet(bytes[0] & 1 ? zipped(rest, &keep) : rest);
    free(keep);
    return 0;
}
