/* report/public.h - inside the room only: the frame of a public page and the small pieces that pages share.
 *
 * No script, no style attribute: the content policy forbids both. Whatever is somebody's text goes through html_text().
 */
#pragma once
#include "report/words.h"

typedef struct public_page {
    gf_text                *out;
    const gf_app_published *published;      /* NULL on the page for what is not there */
    gf_str                  lang;
    bool                    zh;
    const char             *path;           /* of this page: "/public/money" */
} public_page;

/* Head, navigation and, for a demo programme, the line that says so. Sets path and zh. */
void page_begin(public_page *page, const char *path, gf_str title);
/* The foot, with what the page is anchored to. */
void page_end(public_page *page);
/* Escaped for text and quoted attributes. */
void html_text(gf_text *out, gf_str plain);
/* Const text of the program, may hold tags. */
void page_say(public_page *page, const char *zh, const char *en);
/* href="..." with language and programme; `path` is a literal. */
void page_href(public_page *page, const char *path);
/* A number that opens, with the sign of its basis; plain when it is no figure of the page. */
void page_figure(public_page *page, gf_str id, gf_str written);
/* The same, written by its own value; a dash when there is none. */
void page_value(public_page *page, gf_str id);
/* Sign and word: nothing is told by colour alone. */
void page_sign(public_page *page, gf_figure_basis basis);
/* What each sign means, and how many figures carry it. */
void page_legend(public_page *page);
