/* Pages: the surface, running heads, paragraphs that flow, and the two passes that make "page x of y" true.
 *
 * Pango shapes and breaks lines, so Chinese rules of line ends hold. The same input gives the same bytes: the only
 * instant in the file is the day of the report. A font map of its own is made and given back, so that a server keeps no
 * glyph cache behind a document.
 */
#include "report/pdf.h"

#include <cairo-pdf.h>
#include <string.h>

static const size_t PDF_SCRATCH_BYTES = (size_t)64 << 20;
static const char *const INK = "#1d1d1d";

/* What an office has first; Noto stands in where it is absent. */
static const struct { const char *families; PangoWeight weight; } FACES[] = {
    [PDF_SERIF] = { "FangSong_GB2312,FangSong,STFangsong,Noto Serif CJK SC,serif", PANGO_WEIGHT_NORMAL },
    [PDF_SANS] = { "Noto Sans CJK SC,SimHei,sans-serif", PANGO_WEIGHT_NORMAL },
    [PDF_SANS_BOLD] = { "Noto Sans CJK SC,SimHei,sans-serif", PANGO_WEIGHT_BOLD },
};

static void set_colour(cairo_t *cr, const char *hex)
{
    PangoColor c = { 0, 0, 0 };
    (void)pango_color_parse(&c, hex);
    cairo_set_source_rgb(cr, c.red / 65535.0, c.green / 65535.0, c.blue / 65535.0);
}

/* ---- Markup ---- */

void pdf_add(gf_text *markup, gf_str plain)
{
    uint32_t code;
    while (gf_utf8_next(&plain, &code)) {
        if (code == '&')
            gf_text_add_c(markup, "&amp;");
        else if (code == '<')
            gf_text_add_c(markup, "&lt;");
        else if (code == '>')
            gf_text_add_c(markup, "&gt;");
        else
            gf_text_add_code(markup, code < 0x20 && code != '\n' ? 0xFFFD : code);
    }
}

void pdf_add_c(gf_text *markup, const char *plain) { pdf_add(markup, gf_str_of(plain)); }

void pdf_add_sign(gf_text *markup, gf_figure_basis basis, size_t note)
{
    gf_text_format(markup, "<span font_family=\"Noto Sans CJK SC\" size=\"64%%\" rise=\"3.6pt\" foreground=\"%s\">%s", REPORT_BASIS[basis].colour, REPORT_BASIS[basis].sign);
    if (note)
        gf_text_format(markup, "%zu", note);
    gf_text_add_c(markup, "</span>");
}

/* ---- Layouts ---- */

static PangoLayout *make_layout(pdf_sheet *sheet, const pdf_look *look, double width, gf_str markup)
{
    PangoLayout *layout = pango_layout_new(sheet->context);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, FACES[look->face].families);
    pango_font_description_set_weight(font, FACES[look->face].weight);
    pango_font_description_set_absolute_size(font, look->size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, look->align);
    pango_layout_set_justify(layout, look->justify);
    pango_layout_set_indent(layout, (int)(look->indent * PANGO_SCALE));
    if (look->line > 0)
        pango_layout_set_line_spacing(layout, (float)look->line);
    pango_layout_set_markup(layout, markup.data, (int)markup.len);
    sheet->unknown_glyphs += pango_layout_get_unknown_glyphs_count(layout);
    return layout;
}

double pdf_put(pdf_sheet *sheet, const pdf_look *look, double x, double y, double width, gf_str markup)
{
    int height;
    PangoLayout *layout = make_layout(sheet, look, width, markup);
    pango_layout_get_size(layout, NULL, &height);
    if (sheet->page_count && !sheet->full) {
        set_colour(sheet->cr, look->colour ? look->colour : INK);
        cairo_move_to(sheet->cr, x, y);
        pango_cairo_show_layout(sheet->cr, layout);
    }
    g_object_unref(layout);
    return height / (double)PANGO_SCALE;
}

/* ---- Pages ---- */

static void put_plain(pdf_sheet *sheet, const pdf_look *look, double y, gf_str plain)
{
    gf_mark mark = gf_arena_mark(sheet->scratch);
    gf_text text;
    gf_text_init(&text, sheet->scratch);
    pdf_add(&text, plain);
    (void)pdf_put(sheet, look, PDF_LEFT, y, PDF_INNER, gf_text_str(&text));
    gf_arena_rewind(sheet->scratch, mark);
}

/* Across the whole page, under the text: no page of invented data can be taken for another. */
static void draw_watermark(pdf_sheet *sheet)
{
    static const pdf_look LOOK = { PDF_SANS_BOLD, 64, 0, 0, PANGO_ALIGN_CENTER, false, "#f6e3e0" };
    cairo_save(sheet->cr);
    cairo_translate(sheet->cr, PDF_WIDTH / 2, PDF_HEIGHT / 2);
    cairo_rotate(sheet->cr, -0.72);
    gf_str words = report_in_zh(sheet->running->lang) ? GF_STR("演示数据 · 虚构") : GF_STR("DEMO · INVENTED");
    (void)pdf_put(sheet, &LOOK, -360, -50, 720, words);
    cairo_restore(sheet->cr);
}

static void draw_page_number(pdf_sheet *sheet, double y)
{
    static const pdf_look LOOK = { PDF_SANS, 8.5, 0, 0, PANGO_ALIGN_RIGHT, false, "#444444" };
    char text[96];
    (void)snprintf(text, sizeof text, report_in_zh(sheet->running->lang) ? "第 %d 页 / 共 %d 页" : "Page %d of %d", sheet->page, sheet->page_count);
    (void)pdf_put(sheet, &LOOK, PDF_LEFT, y, PDF_INNER, gf_str_of(text));
}

static void draw_running(pdf_sheet *sheet)
{
    static const pdf_look LEFT = { PDF_SANS, 8.5, 0, 0, PANGO_ALIGN_LEFT, false, "#666666" }, RIGHT = { PDF_SANS, 8.5, 0, 0, PANGO_ALIGN_RIGHT, false, "#666666" },
                          DEMO = { PDF_SANS_BOLD, 8.5, 0, 0, PANGO_ALIGN_CENTER, false, "#c1272d" };
    const pdf_running *running = sheet->running;
    bool zh = report_in_zh(running->lang);
    if (running->demo)
        draw_watermark(sheet);
    put_plain(sheet, &LEFT, 40, running->title);
    put_plain(sheet, &RIGHT, 40, running->right);
    if (running->demo)
        put_plain(sheet, &DEMO, 26, zh ? GF_STR("演示数据，全部虚构") : GF_STR("Demo data: every record is invented"));
    set_colour(sheet->cr, "#b9b3a6");
    cairo_set_line_width(sheet->cr, 0.5);
    cairo_move_to(sheet->cr, PDF_LEFT, 57);
    cairo_line_to(sheet->cr, PDF_WIDTH - PDF_LEFT, 57);
    cairo_move_to(sheet->cr, PDF_LEFT, 788);
    cairo_line_to(sheet->cr, PDF_WIDTH - PDF_LEFT, 788);
    cairo_stroke(sheet->cr);
    put_plain(sheet, &LEFT, 794, running->anchor);
    draw_page_number(sheet, 794);
}

static void begin_page(pdf_sheet *sheet)
{
    sheet->page++;
    sheet->full = sheet->page > PDF_PAGES_MAX;
    sheet->y = PDF_TOP;
    if (sheet->page_count && !sheet->full)
        draw_running(sheet);
}

static void end_page(pdf_sheet *sheet)
{
    if (sheet->page_count && !sheet->full)
        cairo_show_page(sheet->cr);
}

bool pdf_keep(pdf_sheet *sheet, double height)
{
    if (sheet->y + height <= PDF_BOTTOM || sheet->y <= PDF_TOP)
        return false;
    end_page(sheet);
    begin_page(sheet);
    return true;
}

void pdf_space(pdf_sheet *sheet, double height) { sheet->y += sheet->y > PDF_TOP ? height : 0; }

void pdf_box(pdf_sheet *sheet, double x, double y, double width, double height, const char *colour)
{
    if (!sheet->page_count || sheet->full)
        return;
    set_colour(sheet->cr, colour);
    cairo_rectangle(sheet->cr, x, y, width, height);
    cairo_fill(sheet->cr);
}

void pdf_rule(pdf_sheet *sheet, double x, double width, double thickness, const char *colour)
{
    pdf_box(sheet, x, sheet->y, width, thickness, colour);
    sheet->y += thickness;
}

/* ---- Running text ---- */

static void show_line(pdf_sheet *sheet, PangoLayoutIter *at, const char *colour, double x, double drop)
{
    PangoRectangle logical;
    if (!sheet->page_count || sheet->full)
        return;
    pango_layout_iter_get_line_extents(at, NULL, &logical);
    set_colour(sheet->cr, colour ? colour : INK);
    cairo_move_to(sheet->cr, x + logical.x / (double)PANGO_SCALE, sheet->y + drop);
    pango_cairo_show_layout_line(sheet->cr, pango_layout_iter_get_line_readonly(at));
}

/* A paragraph that would leave one line behind starts on the next page. */
static void flow(pdf_sheet *sheet, PangoLayout *layout, const char *colour)
{
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    int lines = pango_layout_get_line_count(layout), number = 0;
    do {
        int top, bottom;
        pango_layout_iter_get_line_yrange(at, &top, &bottom);
        double height = (bottom - top) / (double)PANGO_SCALE, drop = (pango_layout_iter_get_baseline(at) - top) / (double)PANGO_SCALE;
        (void)pdf_keep(sheet, number == 0 && lines > 2 ? 2 * height : height);
        show_line(sheet, at, colour, PDF_LEFT, drop);
        sheet->y += height;
        number++;
    } while (!sheet->full && pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
}

void pdf_text(pdf_sheet *sheet, const pdf_look *look, gf_str markup)
{
    PangoLayout *layout = make_layout(sheet, look, PDF_INNER, markup);
    flow(sheet, layout, look->colour);
    g_object_unref(layout);
}

static void add_outline(pdf_sheet *sheet, gf_str plain)
{
    char link[64];
    const char *name = gf_str_cstr(sheet->scratch, plain);
    (void)snprintf(link, sizeof link, "page=%d pos=[%d %d]", sheet->page, (int)PDF_LEFT, (int)sheet->y);
    if (sheet->page_count && !sheet->full && name)
        (void)cairo_pdf_surface_add_outline(sheet->surface, CAIRO_PDF_OUTLINE_ROOT, name, link, 0);
}

void pdf_heading(pdf_sheet *sheet, gf_str plain, int level)
{
    static const pdf_look LOOKS[] = { { PDF_SANS_BOLD, 14, 1.3, 0, PANGO_ALIGN_LEFT, false, NULL }, { PDF_SANS_BOLD, 11, 1.3, 0, PANGO_ALIGN_LEFT, false, "#333333" } };
    gf_mark mark = gf_arena_mark(sheet->scratch);
    gf_text text;
    gf_text_init(&text, sheet->scratch);
    pdf_add(&text, plain);
    pdf_space(sheet, level == 1 ? 16 : 8);
    (void)pdf_keep(sheet, level == 1 ? 84 : 60);
    if (level == 1)
        add_outline(sheet, plain);
    pdf_text(sheet, &LOOKS[level - 1], gf_text_str(&text));
    pdf_space(sheet, level == 1 ? 6 : 3);
    gf_arena_rewind(sheet->scratch, mark);
}

/* ---- Two passes ---- */

static cairo_status_t drop_bytes(void *context, const unsigned char *bytes, unsigned int len)
{
    (void)context, (void)bytes, (void)len;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t keep_bytes(void *context, const unsigned char *bytes, unsigned int len)
{
    gf_text *out = context;
    gf_text_add(out, (gf_str){ (const char *)bytes, len });
    return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void name_document(pdf_sheet *sheet)
{
    const pdf_running *running = sheet->running;
    char day[64];
    const char *title = gf_str_cstr(sheet->scratch, running->title);
    (void)snprintf(day, sizeof day, "%.*sT00:00:00+08:00", GF_STR_ARG(gf_str_slice(running->as_of, 0, 10)));
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_TITLE, title ? title : "");
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATOR, "gongfu " GONGFU_VERSION);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATE_DATE, day);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_MOD_DATE, day);
}

static void open_sheet(pdf_sheet *sheet, cairo_write_func_t write, void *to)
{
    sheet->surface = cairo_pdf_surface_create_for_stream(write, to, PDF_WIDTH, PDF_HEIGHT);
    sheet->cr = cairo_create(sheet->surface);
    sheet->context = pango_font_map_create_context(sheet->fonts);
    pango_cairo_context_set_resolution(sheet->context, 72);
    pango_context_set_language(sheet->context, pango_language_from_string(report_in_zh(sheet->running->lang) ? "zh-cn" : "en"));
    pango_cairo_update_context(sheet->cr, sheet->context);
}

static cairo_status_t close_sheet(pdf_sheet *sheet)
{
    g_object_unref(sheet->context);
    cairo_destroy(sheet->cr);
    cairo_surface_finish(sheet->surface);
    cairo_status_t status = cairo_surface_status(sheet->surface);
    cairo_surface_destroy(sheet->surface);
    return status;
}

static gf_status check_font(pdf_sheet *sheet, gf_error *err)
{
    static const pdf_look LOOK = { PDF_SERIF, 12, 0, 0, PANGO_ALIGN_LEFT, false, NULL };
    sheet->unknown_glyphs = 0;
    (void)pdf_put(sheet, &LOOK, 0, 0, 400, GF_STR("共富報告"));
    return sheet->unknown_glyphs == 0 ? GF_OK : gf_fail(err, GF_EIO, "pdf.font", "Install a Chinese font, for example: apt-get install fonts-noto-cjk",
                                                        "no font on this machine has Chinese characters");
}

/* One pass; page_count 0 counts. */
static gf_status run_pass(pdf_sheet *sheet, pdf_draw_fn *draw, void *context, int page_count, gf_text *out, gf_error *err)
{
    sheet->page = 0;
    sheet->page_count = page_count;
    sheet->full = false;
    open_sheet(sheet, page_count ? keep_bytes : drop_bytes, out);
    if (page_count)
        name_document(sheet);
    gf_status status = page_count ? GF_OK : check_font(sheet, err);
    sheet->unknown_glyphs = 0;
    if (status == GF_OK) {
        begin_page(sheet);
        draw(sheet, context);
        end_page(sheet);
    }
    cairo_status_t drawn = close_sheet(sheet);
    if (status == GF_OK && drawn != CAIRO_STATUS_SUCCESS)
        status = out->failed ? gf_fail_memory(err) : gf_fail(err, GF_EIO, "pdf.draw", "", "the pages cannot be drawn: %s", cairo_status_to_string(drawn));
    if (status == GF_OK && sheet->full)
        status = gf_fail(err, GF_ELIMIT, "pdf.pages", "Choose a shorter period or one scope.", "the document has more than %d pages", PDF_PAGES_MAX);
    return status;
}

gf_status pdf_write(const pdf_running *running, pdf_draw_fn *draw, void *context, gf_text *out, gf_error *err)
{
    pdf_sheet sheet = { .running = running, .scratch = gf_arena_open(PDF_SCRATCH_BYTES) };
    if (!sheet.scratch)
        return gf_fail_memory(err);
    sheet.fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    gf_status status = sheet.fonts ? run_pass(&sheet, draw, context, 0, out, err) : gf_fail(err, GF_EIO, "pdf.font", "", "this build of pango has no fonts");
    if (status == GF_OK)
        status = run_pass(&sheet, draw, context, sheet.page, out, err);
    if (sheet.fonts)
        g_object_unref(sheet.fonts);
    gf_arena_close(sheet.scratch);
    return status == GF_OK ? gf_text_done(out, err) : status;
}
