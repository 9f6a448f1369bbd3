/* gongfu land: what towers see of the parcels in the books, computed from the records and the elevation among them. */
#include "cli/cli.h"

#include <unistd.h>

static bool show_progress(void *context, const char *stage, int64_t done, int64_t total)
{
    (void)context;
    if (isatty(STDERR_FILENO))
        (void)fprintf(stderr, "\r%s %lld/%lld", stage, (long long)done, (long long)total);
    return !cli_cancelled();
}

static void tell(const cli_call *cli, const gf_app_land_computed *c, gf_text *out)
{
    if (cli->option[OPT_JSON])
        gf_text_format(out, "{\"schema\":\"gongfu.land.sights/1\",\"towers\":%lld,\"parcels\":%lld,\"pairs\":%lld,\"off_grid\":%lld,\"ms\":%lld}\n", (long long)c->towers, (long long)c->parcels,
                       (long long)c->pairs, (long long)c->off_grid, (long long)c->ms);
    else
        gf_text_format(out, cli_word(cli, "铁塔 %lld,图斑 %lld,看得见的对应 %lld(高程外的塔 %lld)\n", "%lld towers, %lld parcels, %lld pairs that see (%lld towers off the elevation)\n"), (long long)c->towers,
                       (long long)c->parcels, (long long)c->pairs, (long long)c->off_grid);
}

gf_status cli_land(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_ground *ground = NULL;
    gf_app_land_computed computed;
    gf_text text;
    gf_text_init(&text, cli->arena);
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status == GF_OK && !gf_str_is(gf_str_of(cli->argument[0]), "sights"))
        status = gf_fail(err, GF_EUSAGE, "cli.land", "Write gongfu land sights.", "there is no land \"%.40s\"", cli->argument[0]);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_ground_open(app, &ground, err);
    if (status == GF_OK)
        status = gf_app_land_compute(app, ground, (size_t)sysconf(_SC_NPROCESSORS_ONLN), show_progress, NULL, &computed, err);
    gf_app_ground_close(ground);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    tell(cli, &computed, &text);
    return cli_write(cli, &text, err);
}
