/* gongfu: reads nothing itself. Hands the command line the one door it must not know, and returns its exit code. */
#include "api/gf_api.h"
#include "cli/gf_cli.h"

static gf_status serve(const gf_cli_serve *s, gf_error *err)
{
    const gf_api_options options = { .db = s->db, .key_file = s->key_file, .listen = s->listen, .behind_proxy = s->behind_proxy, .demo = s->demo,
                                     .tls_certificate = s->tls_certificate, .tls_key = s->tls_key };
    return gf_api_serve(&options, err);
}

int main(int argc, char **argv)
{
    static const gf_cli_doors DOORS = { .serve = serve };
    return gf_cli_main(argc, argv, &DOORS);
}
