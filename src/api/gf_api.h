/* api/gf_api.h - the pages and the JSON interface: translates requests into calls of app. Holds no rule. */
#pragma once
#include "base/gf_base.h"

typedef struct gf_api_options {
    gf_str db;                       /* must exist */
    gf_str key_file;                 /* of the master key; "" = beside the store */
    gf_str listen;                   /* "127.0.0.1:8080" */
    bool   behind_proxy, demo;       /* demo: demo accounts exist, may log in, and are shown on the login page */
    gf_str tls_certificate, tls_key; /* paths of PEM files; both or neither */
} gf_api_options;

/* Serve until SIGINT or SIGTERM. */
gf_status gf_api_serve(const gf_api_options *options, gf_error *err);
