/* api/gf_api.h - the pages and the JSON interface: translates requests into calls of app. Holds no rule. */
#pragma once
#include "base/gf_base.h"

/* Serve until SIGINT or SIGTERM. `db` must exist; `listen` is a loopback address in this version. */
gf_status gf_api_serve(gf_str db, gf_str listen, gf_error *err);
