/* Commands about water networks: they work on files, no store is opened. */
#define _POSIX_C_SOURCE 200809L
#include "cli/cli.h"
#include "report/gf_report_water.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const size_t PROBLEM_BYTES_MAX = (size_t)64 << 20, SCRATCH_BYTES_MAX = (size_t)8 << 30;
enum { SECONDS_DEFAULT = 10, THREADS_DEFAULT = 2, NODES_DEFAULT = 1000 };

static double now_s(void *context)
{
    struct timespec t;
    (void)context;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* A number within bounds from an option; untouched when it is not given. */
static gf_status number_option(const cli_call *cli, cli_option option, const char *name, double least, double most, double *value, gf_error *err)
{
    const char *text = cli->option[option];
    if (!text) return GF_OK;
    char *end;
    *value = strtod(text, &end);
    if (end != text && *end == '\0' && *value >= least && *value <= most) return GF_OK;
    char hint[96];
    (void)snprintf(hint, sizeof hint, "Write %s NUMBER, from %g to %g.", name, least, most);
    return gf_fail(err, GF_EUSAGE, "cli.number", hint, "%s cannot take \"%.40s\"", name, text);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static gf_status read_network(cli_call *cli, const char *path, gf_arena *keep, gf_water_net *net, gf_error *err)
{
    gf_str bytes;
    gf_water_note *notes;
    size_t count;
    cli_call reading = *cli;
    reading.arena = keep;
    gf_status status = cli_read_file(&reading, path, GF_WATER_TEXT_BYTES_MAX, &bytes, err);
    if (status == GF_OK) status = gf_water_inp_parse(bytes, base_name(path), keep, net, &notes, &count, err);
    for (size_t i = 0; status == GF_OK && !cli->option[OPT_JSON] && i < count; i++)
        (void)fprintf(stderr, "%s:%u: %.*s\n", base_name(path), notes[i].line, GF_STR_ARG(notes[i].text));
    return status;
}

/* ---- water solve ---- */

static bool go_on(void *context, int64_t time_s, int64_t duration_s)
{
    const cli_call *cli = context;
    if (isatty(STDERR_FILENO) && duration_s > 0 && !cli->option[OPT_JSON]) (void)fprintf(stderr, "\r%lld h / %lld h", (long long)(time_s / 3600), (long long)(duration_s / 3600));
    return !cli_cancelled();
}

static void solved_text(const cli_call *cli, const gf_water_net *net, const gf_app_water_solved *s, gf_text *out)
{
    bool english = gf_str_is(cli->lang, "en");
    const char *metre = net->units.metric ? "m" : "ft";
    gf_text_format(out, english ? "%u solutions, %u turns, mass error %.1e%s\n" : "求解 %u 次，迭代 %u 轮，质量误差 %.1e%s\n", s->run.solves, s->run.iterations, s->run.mass_error,
                   s->run.converged ? "" : english ? ", NOT SOLVED" : "，未收敛");
    if (isfinite(s->run.pressure_m))
        gf_text_format(out, english ? "lowest pressure %.2f %s at %.*s, %.2f h\n" : "最低压力 %.2f %s，在 %.*s，%.2f 时\n", s->run.pressure_m / net->units.length_m, metre,
                       GF_STR_ARG(net->nodes[s->run.node].id), (double)s->run.time_s / 3600);
    if (s->run.kwh > 0) gf_text_format(out, english ? "energy %.1f kWh\n" : "用电 %.1f 千瓦时\n", s->run.kwh);
    for (uint32_t i = 0; i < net->link_count; i++)
        if (s->run.pumps[i].hours_short > 0)
            gf_text_format(out, english ? "pump %.*s cannot lift against the head behind it for %.2f h: another pump or source holds it shut\n" : "水泵 %.*s 有 %.2f 小时扬程不足：被另一台泵或水源顶住\n",
                           GF_STR_ARG(net->links[i].id), s->run.pumps[i].hours_short);
    for (size_t i = 0; i < s->dry_count; i++) {
        const gf_app_water_dry *d = &s->dry[i];
        gf_text_format(out, english ? "%.*s is %.2f %s short at %.2f h. " : "%.*s 差 %.2f %s（%.2f 时）。", GF_STR_ARG(net->nodes[d->why.node].id),
                       d->why.short_m / net->units.length_m, metre, (double)d->time_s / 3600);
        gf_app_water_remedy(net, &d->why, english, out);
        gf_text_add_char(out, '\n');
    }
}

static gf_status solve(cli_call *cli, gf_arena *keep, gf_error *err)
{
    gf_water_net net;
    gf_text table, answer;
    double hours = -1, begun = now_s(NULL);
    gf_status status = cli_expect(cli, 2, 2, err);
    if (status == GF_OK) status = number_option(cli, OPT_HOURS, "--hours", 0, 87600, &hours, err);
    if (status == GF_OK) status = read_network(cli, cli->argument[1], keep, &net, err);
    if (status != GF_OK) return status;
    gf_app_water_solved solved;
    gf_app_water_solve_options options = { .duration_s = hours < 0 ? -1 : (int64_t)llround(hours * 3600), .go_on = go_on, .context = cli };
    bool wants_table = cli->option[OPT_OUT] != NULL;
    gf_text_init(&table, keep);
    gf_text_init(&answer, keep);
    status = gf_app_water_solve(&net, &options, keep, wants_table ? &table : NULL, &solved, err);
    if (status != GF_OK && status != GF_EUNSOLVED) return status;
    bool unsolved = status == GF_EUNSOLVED || !solved.run.converged;
    if (unsolved && status == GF_OK)
        (void)gf_fail(err, GF_EUNSOLVED, "water.unsolved", "", "%u of %u moments did not settle, the first at %lld s", solved.run.unsolved, solved.run.solves,
                      (long long)solved.run.unsolved_time_s);
    if (cli->option[OPT_JSON]) gf_report_water_solve_json(&net, base_name(cli->argument[1]), &solved, now_s(NULL) - begun, gf_str_is(cli->lang, "en"), &answer);
    else solved_text(cli, &net, &solved, &answer);
    if (wants_table) status = cli_write(cli, &table, err);
    else status = GF_OK;
    cli_call out = *cli;
    out.option[OPT_OUT] = NULL;
    bool table_on_stdout = wants_table && strcmp(cli->option[OPT_OUT], "-") == 0;
    if (status == GF_OK && !table_on_stdout) status = cli_write(&out, &answer, err);
    return status == GF_OK && unsolved ? GF_EUNSOLVED : status;
}

/* ---- water size ---- */

static bool stop(void *context) { (void)context; return cli_cancelled(); }

static void show_progress(void *context, const gf_water_size_progress *p)
{
    (void)context;
    if (!isatty(STDERR_FILENO)) return;
    (void)fprintf(stderr, "\r%6.1f s  %llu  ", p->seconds, (unsigned long long)p->solves);
    if (isfinite(p->cost)) (void)fprintf(stderr, "%.2f  >= %.2f  (%.2f %%)   ", p->cost, p->lower_bound, p->cost > 0 ? 100 * (p->cost - p->lower_bound) / p->cost : 0);
}

static gf_status size_options(const cli_call *cli, gf_water_size_options *out, gf_error *err)
{
    double seconds = 0, work = 0, seed = 1, threads = THREADS_DEFAULT;
    gf_status status = number_option(cli, OPT_SECONDS, "--seconds", 0.01, 1e6, &seconds, err);
    if (status == GF_OK) status = number_option(cli, OPT_WORK, "--work", 1, 9e15, &work, err);
    if (status == GF_OK) status = number_option(cli, OPT_SEED, "--seed", 0, 9e15, &seed, err);
    if (status == GF_OK) status = number_option(cli, OPT_THREADS, "--threads", 1, GF_WATER_THREADS_MAX, &threads, err);
    if (seconds <= 0 && work <= 0) seconds = SECONDS_DEFAULT;
    *out = (gf_water_size_options){ .seconds = seconds, .work = (uint64_t)work, .seed = (uint64_t)seed, .threads = (uint32_t)threads, .bound = true,
        .now_s = now_s, .stop = stop, .progress = show_progress };
    return status;
}

/* The network's path is written relative to the problem's folder. */
static const char *beside(gf_arena *keep, const char *problem, gf_str network)
{
    gf_text path;
    gf_text_init(&path, keep);
    if (network.len == 0 || network.data[0] != '/') gf_text_add(&path, (gf_str){ problem, (size_t)(base_name(problem) - problem) });
    gf_text_add(&path, network);
    return gf_text_done(&path, NULL) == GF_OK ? gf_text_str(&path).data : NULL;
}

static void sized_text(const cli_call *cli, const gf_app_water_problem *p, const gf_water_brief *b, const gf_water_sizing *z, gf_text *out)
{
    bool english = gf_str_is(cli->lang, "en");
    if (z->feasible)
        gf_text_format(out, english ? "cost %.2f %.*s, no design costs less than %.2f%s\n" : "造价 %.2f %.*s；任何可行方案不低于 %.2f%s\n", z->cost, GF_STR_ARG(p->currency),
                       z->proven ? z->cost : z->lower_bound, z->proven ? (english ? " (proven optimum)" : "（已证最优）") : "");
    else
        gf_text_add_c(out, english ? "no design meets the limits; --json tells what is missing and what would help\n" : "没有方案能满足限值；--json 说明差什么、怎么补\n");
    for (uint32_t i = 0; i < b->pipe_count; i++)
        gf_text_format(out, "%.*s\t%g %.*s\n", GF_STR_ARG(b->net->links[b->pipes[i].link].id), b->options[z->option[i]].diameter_m / p->diameter_m, GF_STR_ARG(p->diameter_unit));
}

static gf_status write_answer(cli_call *cli, const gf_app_water_problem *p, const gf_water_brief *b, const gf_water_size_options *options, const gf_water_sizing *z,
                              gf_arena *keep, gf_error *err)
{
    gf_text answer, inp;
    gf_water_net sized;
    gf_status status = GF_OK;
    gf_text_init(&answer, keep);
    gf_text_init(&inp, keep);
    if (cli->option[OPT_OUT] && z->feasible) {
        status = gf_app_water_sized(b, z, keep, &sized, err);
        if (status == GF_OK) gf_water_inp_write(&sized, &inp);
        if (status == GF_OK) status = cli_write(cli, &inp, err);
    }
    if (cli->option[OPT_JSON]) gf_report_water_size_json(p, b, options, z, gf_str_is(cli->lang, "en"), &answer);
    else sized_text(cli, p, b, z, &answer);
    cli_call out = *cli;
    out.option[OPT_OUT] = NULL;
    if (status == GF_OK && !(cli->option[OPT_OUT] && strcmp(cli->option[OPT_OUT], "-") == 0)) status = cli_write(&out, &answer, err);
    return status == GF_OK && !z->feasible ? GF_ENO : status;
}

static gf_status size_problem(cli_call *cli, gf_app_water_problem *problem, gf_arena *keep, gf_error *err)
{
    gf_water_net net;
    gf_water_brief brief;
    gf_water_sizing sizing;
    gf_water_size_options options;
    const char *path = beside(keep, cli->argument[1], problem->network);
    gf_status status = path ? size_options(cli, &options, err) : gf_fail_memory(err);
    if (status == GF_OK) status = read_network(cli, path, keep, &net, err);
    if (status != GF_OK) return status;
    status = gf_app_water_brief(problem, &net, keep, &brief, err);
    if (status == GF_OK) status = gf_water_size(&brief, &options, keep, &sizing, err);
    if (status != GF_OK) return gf_fail_at(err, "%s", base_name(cli->argument[1]));
    if (isatty(STDERR_FILENO)) (void)fprintf(stderr, "\r\033[K");
    return write_answer(cli, problem, &brief, &options, &sizing, keep, err);
}

static gf_status size(cli_call *cli, gf_arena *keep, gf_error *err)
{
    gf_app_water_problem problem = { 0 };
    gf_str json;
    gf_status status = cli_expect(cli, 2, 2, err);
    if (status == GF_OK) status = cli_read_file(cli, cli->argument[1], PROBLEM_BYTES_MAX, &json, err);
    if (status == GF_OK) status = gf_app_water_problem_parse(json, base_name(cli->argument[1]), keep, &problem, err);
    if (status == GF_OK) status = size_problem(cli, &problem, keep, err);
    gf_app_water_problem_close(&problem);
    return status;
}

/* ---- The area ---- */

typedef gf_status water_verb_fn(cli_call *cli, gf_arena *keep, gf_error *err);
static const struct { const char *name; water_verb_fn *run; } VERBS[] = { { "solve", solve }, { "size", size }, { "village", water_village } };

gf_status cli_water(cli_call *cli, gf_error *err)
{
    const char *verb = cli->argument_count > 0 ? cli->argument[0] : "";
    for (size_t i = 0; i < GF_COUNT(VERBS); i++) {
        if (strcmp(VERBS[i].name, verb) != 0) continue;
        gf_arena *keep = gf_arena_open(SCRATCH_BYTES_MAX);
        gf_status status = keep ? VERBS[i].run(cli, keep, err) : gf_fail_memory(err);
        gf_arena_close(keep);
        return status;
    }
    return gf_fail(err, GF_EUSAGE, "cli.water", "gongfu help water shows the commands.", "there is no water \"%.40s\"", verb);
}

/* gongfu demo water --nodes N --seed S [--out NET.inp] */
gf_status cli_demo_water(cli_call *cli, gf_error *err)
{
    double nodes = NODES_DEFAULT, seed = 1;
    gf_water_net net;
    gf_text inp;
    gf_status status = number_option(cli, OPT_NODES, "--nodes", 4, GF_WATER_ITEMS_MAX / 2, &nodes, err);
    if (status == GF_OK) status = number_option(cli, OPT_SEED, "--seed", 0, 9e15, &seed, err);
    gf_arena *keep = gf_arena_open(SCRATCH_BYTES_MAX);
    if (status == GF_OK && !keep) status = gf_fail_memory(err);
    if (status == GF_OK) status = gf_water_demo_grid((uint32_t)nodes, (uint64_t)seed, keep, &net, err);
    if (status == GF_OK) {
        gf_text_init(&inp, keep);
        gf_water_inp_write(&net, &inp);
        status = cli_write(cli, &inp, err);
    }
    gf_arena_close(keep);
    return status;
}
