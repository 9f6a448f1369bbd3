/* gongfu plant: PV plants of the books. run works out those whose readings have changed, take brings readings in, settle books a month. */
#include "cli/cli.h"

#include "app/gf_app_plant.h"
#include "cli/terrain.h"
#include "report/gf_report_plant.h"

#include <string.h>

enum { READINGS_BYTES_MAX = 33 << 20, PLANTS_MAX = 1000 };

/* A store without elevation has plants without a skyline. */
static gf_status open_ground(gf_app *app, gf_app_ground **out, gf_error *err)
{
    gf_status status = gf_app_ground_open(app, out, err);
    if (status == GF_ENOTFOUND) {
        *out = NULL;
        return GF_OK;
    }
    return status;
}

static gf_status run_stale(cli_call *cli, gf_app *app, gf_error *err)
{
    gf_app_ground *ground = NULL;
    gf_app_plant_ran ran;
    gf_str id;
    gf_text text;
    int64_t plants = 0, days = 0, faults = 0, alarms = 0, problems = 0;
    gf_text_init(&text, cli->arena);
    gf_status status = open_ground(app, &ground, err);
    while (status == GF_OK && plants < PLANTS_MAX && (status = gf_app_plant_stale(app, cli->arena, &id, err)) == GF_OK && id.len) {
        status = gf_app_plant_run(app, &GF_APP_ACTOR_CLI, id, ground, &ran, err);
        plants++;
        days += ran.days;
        faults += ran.faults;
        alarms += ran.alarms;
        problems += ran.problem;
    }
    gf_app_ground_close(ground);
    if (status != GF_OK)
        return status;
    if (cli->option[OPT_JSON])
        gf_text_format(&text, "{\"schema\":\"gongfu.plant.run/1\",\"plants\":%lld,\"days\":%lld,\"faults\":%lld,\"alarms\":%lld,\"problems\":%lld}\n", (long long)plants, (long long)days,
                       (long long)faults, (long long)alarms, (long long)problems);
    else
        gf_text_format(&text, cli_word(cli, "电站 %lld 座,%lld 天,故障 %lld 项,新立工单 %lld 件,读不通的 %lld 座\n", "%lld plants, %lld days, %lld faults, %lld new alarms, %lld that cannot be read\n"),
                       (long long)plants, (long long)days, (long long)faults, (long long)alarms, (long long)problems);
    return cli_write(cli, &text, err);
}

/* What `write` does, in a part of its own. */
typedef gf_status write_fn(cli_call *cli, gf_app *app, gf_text *told, gf_error *err);

static gf_status in_part(cli_call *cli, gf_app *app, write_fn *write, gf_error *err)
{
    gf_text text;
    gf_text_init(&text, cli->arena);
    gf_status status = gf_app_batch_begin(app, err);
    if (status != GF_OK)
        return status;
    status = gf_app_part_begin(app, &GF_APP_ACTOR_CLI, err);
    if (status == GF_OK)
        status = gf_app_part_end(app, &GF_APP_ACTOR_CLI, write(cli, app, &text, err), err);
    gf_status ended = gf_app_batch_end(app, status == GF_OK ? err : NULL);
    status = status == GF_OK ? ended : status;
    return status == GF_OK ? cli_write(cli, &text, err) : status;
}

static gf_status write_readings(cli_call *cli, gf_app *app, gf_text *told, gf_error *err)
{
    gf_str id = gf_str_of(cli->argument[1]), bytes, stamp = cli_option_text(cli, OPT_STAMP);
    gf_app_record batch;
    gf_json json;
    gf_status status = cli_read_file(cli, cli->argument[2], READINGS_BYTES_MAX, &bytes, err);
    if (status == GF_OK)
        status = gf_app_plant_try(app, &GF_APP_ACTOR_CLI, id, bytes, stamp, err);
    if (status == GF_OK)
        status = gf_app_plant_take(app, &GF_APP_ACTOR_CLI, id, terrain_base_name(cli->argument[2]), bytes, stamp, cli->arena, &batch, err);
    if (status != GF_OK)
        return status;
    if (cli->option[OPT_JSON]) {
        gf_json_init(&json, told);
        gf_report_record_json(&batch, &json, NULL);
        gf_text_add_char(told, '\n');
    } else
        gf_text_format(told, cli_word(cli, "收入读数批次 %.*s\n", "took in the readings %.*s\n"), GF_STR_ARG(batch.cells[0]));
    return GF_OK;
}

static gf_status write_settlement(cli_call *cli, gf_app *app, gf_text *told, gf_error *err)
{
    gf_app_plant_settled settled;
    gf_period month;
    int year, mon, mday;
    gf_str text = gf_str_of(cli->argument[2]);
    if (text.len != 7 || gf_period_parse(text, &month, NULL) != GF_OK)
        return gf_fail(err, GF_EUSAGE, "solar.month", "Write 2025-05.", "\"%.*s\" is no month", GF_STR_ARG(gf_str_slice(text, 0, 20)));
    gf_day_split(month.first, &year, &mon, &mday);
    gf_status status = gf_app_plant_settle(app, &GF_APP_ACTOR_CLI, gf_str_of(cli->argument[1]), year, mon, cli->arena, &settled, err);
    if (status != GF_OK)
        return status;
    if (cli->option[OPT_JSON]) {
        gf_report_plant_settled_json(&settled, told);
        gf_text_add_char(told, '\n');
    } else
        gf_text_format(told, cli_word(cli, "%.*s:新记 %zu 笔,不变 %zu 笔\n", "%.*s: %zu booked, %zu unchanged\n"), GF_STR_ARG(text), settled.booked, settled.unchanged);
    return GF_OK;
}

static gf_status take_readings(cli_call *cli, gf_app *app, gf_error *err) { return in_part(cli, app, write_readings, err); }
static gf_status settle_month(cli_call *cli, gf_app *app, gf_error *err) { return in_part(cli, app, write_settlement, err); }

static const struct { const char *verb; size_t words; gf_status (*run)(cli_call *, gf_app *, gf_error *); } VERBS[] = {
    { "run", 1, run_stale }, { "take", 3, take_readings }, { "settle", 3, settle_month },
};

gf_status cli_plant(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_status status = cli_expect(cli, 1, 3, err);
    if (status != GF_OK)
        return status;
    for (size_t i = 0; i < GF_COUNT(VERBS); i++) {
        if (strcmp(cli->argument[0], VERBS[i].verb) != 0)
            continue;
        status = cli_expect(cli, VERBS[i].words, VERBS[i].words, err);
        if (status == GF_OK)
            status = cli_open(cli, false, &app, err);
        if (status == GF_OK)
            status = VERBS[i].run(cli, app, err);
        gf_app_close(app);
        return status;
    }
    return gf_fail(err, GF_EUSAGE, "cli.verb", "gongfu help plant shows them.", "there is no plant command \"%.40s\"", cli->argument[0]);
}
