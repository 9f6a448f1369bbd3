/* The press check: gathers what the books hold about a programme, and lets the engine hold a text against it.
 *
 * Facts, entries, observations and quantities all become known figures with who, where, when and their words; the
 * engine decides. Quantities of registers that the reader's role may not read are not gathered, so they cannot be
 * found out by asking. The whole books are read for each text, every entry among them.
 */
#include "app/access.h"
#include "app/figures.h"

#include "app/ledger_inside.h"

#include <string.h>

enum { ROOM_FIRST = 256 };

typedef struct press_job {
    gf_app          *app;
    const gf_app_actor *reader;
    gf_arena        *keep;
    gf_str           origins;
    gf_figure_known *known;
    size_t           known_count, known_room;
    gf_figure_name  *names;
    size_t           name_count, name_room;
    gf_error        *err;
} press_job;

static gf_figure_known *add_known(press_job *job)
{
    if (job->known_count == job->known_room) {
        size_t room = job->known_room ? job->known_room * 2 : ROOM_FIRST;
        gf_figure_known *larger = gf_new(job->keep, gf_figure_known, room);
        if (!larger)
            return NULL;
        if (job->known_count)
            memcpy(larger, job->known, job->known_count * sizeof *larger);
        job->known = larger;
        job->known_room = room;
    }
    return &job->known[job->known_count++];
}

static gf_status add_name(press_job *job, gf_str text, gf_figure_name_kind kind, gf_str id, gf_str parent)
{
    if (text.len == 0)
        return GF_OK;
    if (job->name_count == job->name_room) {
        size_t room = job->name_room ? job->name_room * 2 : ROOM_FIRST;
        gf_figure_name *larger = gf_new(job->keep, gf_figure_name, room);
        if (!larger)
            return gf_fail_memory(job->err);
        if (job->name_count)
            memcpy(larger, job->names, job->name_count * sizeof *larger);
        job->names = larger;
        job->name_room = room;
    }
    job->names[job->name_count++] = (gf_figure_name){ text, kind, id, parent };
    return GF_OK;
}

static gf_status add_aliases(press_job *job, const record *row, gf_figure_name_kind kind, gf_str parent)
{
    gf_status status = add_name(job, record_value(row, "name"), kind, record_key(row), parent);
    if (status == GF_OK)
        status = add_name(job, record_value(row, "short_name"), kind, record_key(row), parent);
    if (status == GF_OK)
        status = add_name(job, record_value(row, "name_en"), kind, record_key(row), parent);
    gf_str rest = record_value(row, "aliases"), alias;
    while (status == GF_OK && gf_str_cut(&rest, ';', &alias))
        status = add_name(job, alias, kind, record_key(row), parent);
    return status;
}

static gf_status gather_names(press_job *job)
{
    record *rows;
    size_t count;
    gf_status status = record_all(job->app, "units", job->keep, &rows, &count, job->err);
    for (size_t i = 0; status == GF_OK && i < count; i++)
        status = add_aliases(job, &rows[i], GF_FIGURE_NAME_UNIT, record_value(&rows[i], "parent"));
    if (status == GF_OK)
        status = record_all(job->app, "places", job->keep, &rows, &count, job->err);
    for (size_t i = 0; status == GF_OK && i < count; i++)
        status = add_aliases(job, &rows[i], GF_FIGURE_NAME_PLACE, record_value(&rows[i], "parent"));
    return status;
}

static void set_period(gf_figure_known *known, gf_str text)
{
    known->has_period = text.len && gf_period_parse(text, &known->period, NULL) == GF_OK;
}

/* ---- Facts ---- */

static gf_status gather_facts(press_job *job)
{
    record *rows;
    size_t count;
    gf_status status = record_all(job->app, "facts", job->keep, &rows, &count, job->err);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        const record *fact = &rows[i];
        if (!record_wanted(job->origins, fact->origin))
            continue;
        gf_figure_known *known = add_known(job);
        if (!known)
            return gf_fail_memory(job->err);
        *known = (gf_figure_known){ .id = figure_text(job->keep, "fact.%.*s", GF_STR_ARG(record_key(fact))), .facts = record_key(fact), .unit = record_value(fact, "unit"),
                                    .who = record_value(fact, "units"), .where = record_value(fact, "place"), .phrase = record_value(fact, "phrase") };
        known->has_value = gf_decimal_parse(record_value(fact, "value"), &known->value);
        (void)gf_figure_bound_parse(record_value(fact, "bound"), &known->bound);
        set_period(known, record_value(fact, "period"));
    }
    return status;
}

/* ---- Entries ---- */

static gf_str join(gf_arena *keep, gf_str a, gf_str b)
{
    if (a.len == 0 || b.len == 0)
        return a.len ? a : b;
    return figure_text(keep, "%.*s;%.*s", GF_STR_ARG(a), GF_STR_ARG(b));
}

static gf_str stated_party(gf_str party) { return gf_str_is(party, "unstated") ? (gf_str){ "", 0 } : party; }

static gf_status add_entry(press_job *job, const gf_fund_entry *entry)
{
    const gf_fund_transfer *t = &entry->transfers[0];
    gf_fen sum = 0;
    gf_figure_bound bound = GF_FIGURE_EXACT;
    for (size_t i = 0; i < entry->transfer_count; i++) {
        if (!gf_fen_add(sum, entry->transfers[i].amount, &sum))
            return GF_OK;
        bound = gf_figure_looser(bound, (gf_figure_bound)entry->transfers[i].bound);
    }
    gf_str who = join(job->keep, join(job->keep, stated_party(t->from.party), stated_party(t->to.party)), entry->unit);
    gf_figure_known *known = add_known(job);
    if (!known)
        return gf_fail_memory(job->err);
    *known = (gf_figure_known){ .id = figure_text(job->keep, "entry.%lld", (long long)entry->id), .has_value = true, .value = gf_fen_to_yuan(sum), .unit = GF_STR("CNY"),
                                .bound = bound, .who = gf_str_copy(job->keep, who), .where = gf_str_copy(job->keep, t->to.place),
                                .phrase = figure_text(job->keep, "%.*s%.*s", GF_STR_ARG(entry->verb), GF_STR_ARG(gf_str_slice(entry->purpose, 0, 300))),
                                .facts = gf_str_copy(job->keep, entry->source), .independent = entry->voucher.len > 0 };
    set_period(known, t->period.len ? t->period : entry->date);
    return GF_OK;
}

static bool is_reversed(gf_app *app, int64_t id)
{
    gf_stmt *stmt = gf_store_named(app->store, "entry_reversed_by");
    gf_stmt_int(stmt, 1, id);
    bool reversed = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    return reversed;
}

/* Entries that only repeat a fact add nothing: the fact stands there already. */
static gf_status gather_entries(press_job *job)
{
    ledger_reader reader;
    gf_status status = ledger_reader_open(job->app, 1, INT64_MAX, &reader, job->err);
    if (status != GF_OK)
        return status;
    while (status == GF_OK && ledger_reader_next(&reader)) {
        const gf_fund_entry *entry = &reader.entry;
        bool repeats = (entry->source.len && entry->voucher.len == 0) || is_reversed(job->app, entry->id);
        if (!repeats && entry->reverses == 0 && entry->transfer_count && record_wanted(job->origins, entry->origin))
            status = add_entry(job, entry);
    }
    ledger_reader_close(&reader);
    return status == GF_OK ? gf_store_ok(job->app->store, job->err) : status;
}

/* ---- Observations and quantities ---- */

static gf_status gather_observations(press_job *job)
{
    record *rows;
    size_t count;
    gf_status status = record_all(job->app, "observations", job->keep, &rows, &count, job->err);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        const record *obs = &rows[i];
        record indicator;
        gf_figure_basis basis = record_basis(job->app, obs->source, record_value(obs, "document"), obs->origin);
        if (!record_wanted(job->origins, obs->origin) || basis < GF_FIGURE_DOCUMENTED)
            continue;
        gf_figure_known *known = add_known(job);
        if (!known)
            return gf_fail_memory(job->err);
        *known = (gf_figure_known){ .id = figure_text(job->keep, "obs.%.*s", GF_STR_ARG(record_key(obs))), .unit = record_value(obs, "unit"), .where = record_value(obs, "place"),
                                    .facts = obs->source, .independent = true };
        known->has_value = gf_decimal_parse(record_value(obs, "value"), &known->value);
        (void)gf_figure_bound_parse(record_value(obs, "bound"), &known->bound);
        set_period(known, record_value(obs, "period"));
        if (record_read(job->app, "indicators", record_value(obs, "indicator"), job->keep, &indicator, NULL) == GF_OK) {
            known->phrase = record_value(&indicator, "name");
            known->who = record_value(&indicator, "units");
        }
    }
    return status;
}

/* Quantities of records that more than a statement carries. */
static gf_status gather_quantities(press_job *job)
{
    for (size_t r = 0; r < GF_REGISTER_COUNT; r++) {
        const gf_register *reg = &GF_REGISTERS[r];
        record *rows;
        size_t count;
        if (strcmp(reg->name, "entries") == 0 || !gf_register_column(reg, GF_STR("quantity")) || !access_may_read(job->reader, reg->name))
            continue;
        gf_status status = record_all(job->app, reg->name, job->keep, &rows, &count, job->err);
        if (status != GF_OK)
            return status;
        for (size_t i = 0; i < count; i++) {
            gf_decimal value;
            gf_str unit;
            gf_figure_bound bound;
            gf_figure_basis basis = record_basis(job->app, rows[i].source, record_value(&rows[i], "document"), rows[i].origin);
            bool own = basis >= GF_FIGURE_DOCUMENTED;
            if (!own || !record_wanted(job->origins, rows[i].origin) || !record_quantity(&rows[i], &value, &unit, &bound))
                continue;
            gf_figure_known *known = add_known(job);
            if (!known)
                return gf_fail_memory(job->err);
            gf_str who = record_value(&rows[i], "units");
            *known = (gf_figure_known){ .id = figure_text(job->keep, "record.%s.%.*s", reg->name, GF_STR_ARG(record_key(&rows[i]))), .has_value = true, .value = value, .unit = unit,
                                        .bound = bound, .who = who.len ? who : record_value(&rows[i], "unit"), .where = record_value(&rows[i], "place"),
                                        .phrase = record_value(&rows[i], "name"), .facts = rows[i].source, .independent = true };
            set_period(known, record_value(&rows[i], "period"));
        }
    }
    return GF_OK;
}

static gf_status press_text(gf_app *app, const gf_app_press_options *options, gf_str text, gf_arena *keep, gf_app_pressed *out, gf_error *err)
{
    uint8_t hash[GF_HASH_BYTES];
    char hex[GF_HASH_HEX_BYTES];
    gf_str programme = options->programme.len ? options->programme : figure_default_programme(app, keep);
    record unused;
    gf_status status = options->programme.len ? record_read(app, "programmes", programme, keep, &unused, err) : GF_OK;
    if (status != GF_OK)
        return status;
    if (!gf_utf8_valid(text, NULL))
        return gf_fail(err, GF_EINPUT, "press.encoding", "Save the text as UTF-8.", "the text is not UTF-8");
    press_job job = { .app = app, .reader = options->reader, .keep = keep, .err = err, .origins = options->origins.len ? options->origins : figure_programme_origins(app, programme, keep) };
    gf_status (*const steps[])(press_job *) = { gather_names, gather_facts, gather_entries, gather_observations, gather_quantities };
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(steps); i++)
        status = steps[i](&job);
    *out = (gf_app_pressed){ .programme = gf_str_copy(keep, programme) };
    gf_figure_press_books books = { job.known, job.known_count, job.names, job.name_count, options->lang };
    if (status == GF_OK)
        status = gf_figure_press(text, &books, keep, &out->tokens, &out->token_count, err);
    if (status == GF_OK && !gf_hash_bytes(GF_HASH_SHA256, text.data, text.len, hash))
        status = gf_fail_memory(err);
    if (status != GF_OK)
        return status;
    gf_hex_format(hash, sizeof hash, hex);
    out->sha256 = gf_str_copy(keep, gf_str_of(hex));
    for (size_t i = 0; i < out->token_count; i++)
        out->counts[out->tokens[i].verdict]++;
    return GF_OK;
}

gf_status gf_app_press(gf_app *app, const gf_app_press_options *options, gf_str text, gf_arena *keep, gf_app_pressed *out, gf_error *err)
{
    gf_status status = app_begin_read(app, err);
    return status == GF_OK ? app_end_read(app, press_text(app, options, text, keep, out, err), err) : status;
}
