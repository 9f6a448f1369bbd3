/* app/servers.h - inside the room only: what other use cases owe to the jobs that servers keep. */
#pragma once
#include "app/app.h"

/* Results, answers and words of all ended jobs are gone: any of them may hold what was just erased. Inside a transaction. */
gf_status servers_drop_results(gf_app *app, gf_error *err);
/* How many certificates of erasure there are; -1 when it cannot be read. */
int64_t   servers_erasures(gf_app *app);
