/* app/public_inside.h - inside the room only: which figures everybody may see. */
#pragma once
#include "app/gf_app.h"

enum { PUBLIC_COUNT_LEAST = 10 };   /* fewer could be told apart */

/* By its name and value alone: totals of group, unit, place, project; indicators; counts of ten and more; facts, but not
 * those that count fewer than ten people. Entries, records and papers by themselves never. */
bool public_figure(const gf_figure *figure);
