/* The writer's items: ids, numbers, times, line ends; and the heads of sections. */
#include "water/inp.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMN_BYTES = 12, NUMBER_BYTES = 40 };

static void pad(inp_writer *w, size_t len, size_t width)
{
    for (; len < width; len++)
        gf_text_add_char(w->out, ' ');
}

/* Does the reader get `value` from this text? */
static bool reads_back(const char *text, double value, double unit)
{
    double read;
    return inp_to_number(gf_str_of(text), &read) && read * unit == value;
}

/* 12 digits say what a person wrote; where they do not give the same double again, as many as it takes. The division by the
 * unit may be off by a last bit, which 17 digits of its neighbours mend. */
static void format_number(char text[NUMBER_BYTES], double value, double unit)
{
    static const int DIGITS[] = { 12, 15, 16, 17 };
    double shown = value / unit;
    for (size_t i = 0; i < GF_COUNT(DIGITS); i++) {
        (void)snprintf(text, NUMBER_BYTES, "%.*g", DIGITS[i], shown);
        if (reads_back(text, value, unit))
            return;
    }
    for (int step = -2; step <= 2; step++) {
        (void)snprintf(text, NUMBER_BYTES, "%.17g", shown * (1 + step * 1.2e-16));
        if (reads_back(text, value, unit))
            return;
    }
    (void)snprintf(text, NUMBER_BYTES, "%.17g", shown);
}

void inp_put_number(inp_writer *w, double value, double unit)
{
    char text[NUMBER_BYTES];
    format_number(text, value, unit);
    gf_text_add_char(w->out, ' ');
    gf_text_add_c(w->out, text);
    pad(w, strlen(text), COLUMN_BYTES);
}

/* Quotes keep an id with blanks together, and a '[' from beginning a section. */
void inp_put_id(inp_writer *w, gf_str id, int width)
{
    bool quoted = id.len == 0 || id.data[0] == '[' || memchr(id.data, ' ', id.len) || memchr(id.data, '\t', id.len);
    gf_text_add_char(w->out, ' ');
    gf_text_add_c(w->out, quoted ? "\"" : "");
    gf_text_add(w->out, id);
    gf_text_add_c(w->out, quoted ? "\"" : "");
    pad(w, id.len + 2 * quoted, (size_t)width);
}

void inp_put_word(inp_writer *w, const char *word)
{
    gf_text_add_char(w->out, ' ');
    gf_text_add_c(w->out, word);
    pad(w, strlen(word), COLUMN_BYTES);
}

static void drop_blanks(gf_text *out)
{
    while (!out->failed && out->len && out->data[out->len - 1] == ' ')
        out->len--;
}

void inp_put_note(inp_writer *w, gf_str note)
{
    for (size_t i = 0; i < note.len; i++)
        gf_text_add_char(w->out, (unsigned char)note.data[i] < ' ' ? ' ' : note.data[i]);
}

void inp_put_end(inp_writer *w, gf_str note)
{
    drop_blanks(w->out);
    if (note.len) {
        gf_text_add_c(w->out, " ;");
        inp_put_note(w, note);
    }
    gf_text_add_char(w->out, '\n');
}

void inp_put_time(inp_writer *w, int64_t seconds)
{
    gf_text_format(w->out, " %lld:%02lld", (long long)(seconds / 3600), (long long)(seconds / 60 % 60));
    if (seconds % 60)
        gf_text_format(w->out, ":%02lld", (long long)(seconds % 60));
}

static bool reads_as(gf_str text, int64_t seconds)
{
    double hours;
    return inp_to_hours(text, GF_STR(""), &hours) && (int64_t)(3600 * hours) == seconds;
}

/* Controls and rules cut parts of a second: where the clock loses its last one so, hours between it and the next are written. */
void inp_put_moment(inp_writer *w, int64_t seconds)
{
    char clock[NUMBER_BYTES];
    (void)snprintf(clock, sizeof clock, "%lld:%02lld:%02lld", (long long)(seconds / 3600), (long long)(seconds / 60 % 60), (long long)(seconds % 60));
    if (reads_as(gf_str_of(clock), seconds))
        inp_put_time(w, seconds);
    else
        gf_text_format(w->out, " %.12g", ((double)seconds + 0.25) / 3600);
}

void inp_put_head(inp_writer *w, inp_section section, const char *columns)
{
    gf_text_format(w->out, "%s[%s]\n", w->out->len ? "\n" : "", inp_section_name(section));
    if (columns)
        gf_text_format(w->out, ";%s\n", columns);
}
