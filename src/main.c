/* gongfu: reads nothing itself. Hands the command line the doors that it must not know, and returns its exit code. */
#include "api/gf_api.h"
#include "doors.h"

static gf_api_options as_options(const gf_cli_serve *s)
{
    return (gf_api_options){ .db = s->db, .key_file = s->key_file, .listen = s->listen, .behind_proxy = s->behind_proxy, .demo = s->demo,
                             .tls_certificate = s->tls_certificate, .tls_key = s->tls_key, .backup = s->backup };
}

static gf_status reread(const void *context, gf_arena *keep, gf_api_options *out, gf_error *err)
{
    const gf_cli_serve *given = context;
    gf_cli_serve fresh;
    gf_status status = given->reread(given, keep, &fresh, err);
    if (status == GF_OK)
        *out = as_options(&fresh);
    return status;
}

static gf_status serve(const gf_cli_serve *s, gf_error *err)
{
    gf_api_options options = as_options(s);
    options.reread = s->reread ? reread : NULL;
    options.reread_context = s;
    return gf_api_serve(&options, err);
}

int main(int argc, char **argv)
{
    static const gf_cli_doors DOORS = { .serve = serve, .open_camera = doors_open_camera, .open_network = doors_open_network };
    return gf_cli_main(argc, argv, &DOORS);
}
