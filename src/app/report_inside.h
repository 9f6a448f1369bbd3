/* app/report_inside.h - inside the room only: the report being written. Failures are latched in the job. */
#pragma once
#include "app/figures.h"
#include "app/map.h"

typedef struct report_job {
    gf_app          *app;
    const gf_app_actor *reader;                 /* NULL: nothing is left out */
    gf_arena        *keep;
    bool             brief, by_county;          /* by_county: units and counties alone */
    gf_str           place;                     /* "" = the whole programme */
    text_map         inside;                    /* the place and those below it, where there is one */
    gf_str          *codes;                     /* of these, in order */
    size_t           code_count;
    gf_str           lang, programme, prefix;   /* prefix: "" or "programme/" in the names of totals */
    gf_str           origins, origin_suffix;    /* suffix: "" or "~entered" */
    gf_str           period;                    /* as in the names of totals: "2021-07/2023-12" or "all" */
    gf_period        span;
    gf_app_reported *out;
    text_map         figures;                   /* id -> index */
    size_t           figure_room, money_room, indicator_room, chapter_room;
    gf_app_chapter  *chapter;                   /* the open one */
    size_t           paragraph_room;
    gf_app_paragraph *paragraph;
    size_t           part_room;
    gf_text          text;                      /* of the open paragraph, since its last part */
    gf_status        status;                    /* latched: later steps do nothing */
    gf_error        *err;
} report_job;

/* The whole report, inside a read that the caller began. Fails as gf_app_report(). */
gf_status report_make(gf_app *app, const gf_app_report_options *options, gf_arena *keep, gf_app_reported *out, gf_error *err);

/* Is Chinese asked for? */
bool   report_zh(const report_job *job);
/* Opens the next chapter; ends the paragraph before. Chapters and paragraphs are written in order. */
void   report_chapter(report_job *job, gf_str id, gf_str scope, gf_str title);
/* Plain text behind what the open paragraph holds; opens one when there is none. At most 1199 bytes at once, cut at a
 * character. A number in it would not open: use report_figure(). */
void   report_say(report_job *job, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Its value, as a figure that opens; nothing when it cannot be opened. */
void   report_figure(report_job *job, gf_str id);
/* Does nothing when none is open. */
void   report_end_paragraph(report_job *job);
/* Make a figure known to the report, and those that it is composed of; NULL when it cannot be opened. Opened once however
 * often it is named. Dies when the next one is made known. */
const gf_app_derived *report_know(report_job *job, gf_str id);
/* Room for one more of an array in the arena, by doubling; NULL latches. What pointed into the old array is stale. */
void  *report_room(report_job *job, void *items, size_t count, size_t *room, size_t item_bytes);
#define REPORT_PUSH(job, items, count, room) ((items) = report_room((job), (items), (count), (room), sizeof *(items)), (items) ? &(items)[(count)++] : NULL)

/* report_chapters.c: all the words. */
void   report_write_chapters(report_job *job);
/* In the report's language; Chinese where there is no English one. */
gf_str report_name(const report_job *job, const record *rec);
/* Of the report's place; of any when it has none. */
bool   report_is_inside(const report_job *job, gf_str place);
/* Of the report's origins, and its period overlaps the report's or is not told. */
bool   report_wants(const report_job *job, const record *rec);
