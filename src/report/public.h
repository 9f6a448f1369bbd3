/* report/public.h - inside the room only: the frame of a public page and the small pieces that pages share. */
#pragma once
#include "report/words.h"

typedef struct public_page {
    gf_text                *out;
    const gf_app_published *published;      /* NULL on the page for what is not there */
    gf_str                  lang;
    bool                    zh;
    const char             *path;           /* of this page: "/public/money" */
} public_page;

void page_begin(public_page *page, const char *path, gf_str title);
void page_end(public_page *page);
void html_text(gf_text *out, gf_str plain);                    /* escaped for text and attributes */
void page_say(public_page *page, const char *zh, const char *en);       /* const text of the program, may hold tags */
void page_href(public_page *page, const char *path);           /* href="..." with language and programme */
void page_figure(public_page *page, gf_str id, gf_str written);        /* a number that opens, with the sign of its basis */
void page_value(public_page *page, gf_str id);                 /* the same, written by its own value; a dash when there is none */
void page_sign(public_page *page, gf_figure_basis basis);      /* sign and word */
void page_legend(public_page *page);
