/* app/search_inside.h - inside the room only: what writing the index of words and asking it share. */
#pragma once
#include "app/register.h"
#include "app/search.h"

enum { SEARCH_GRAMS_MAX = 400 };

/* Hashes of words, each once; more than there is room for are left out. keyed: with the store's search key, whose failure stays in status and err. */
typedef struct search_grams { gf_app *app; bool keyed; int64_t gram[SEARCH_GRAMS_MAX]; size_t count; gf_status status; gf_error *err; } search_grams;

void search_add_gram(search_grams *list, gf_str word);
/* All pairs of a text, and its first character marked with ^: a family name alone can be asked for. */
void search_add_text(search_grams *list, gf_str text);
/* A number of a person, whole. */
void search_add_number(search_grams *list, gf_str text);

uint32_t search_fold(uint32_t code);               /* A to Z as a to z */
bool search_is_number(const gf_column *column);    /* one that is found whole */
bool search_is_personal(const gf_column *column);
