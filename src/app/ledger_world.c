/* What the ledger must know of the registers: which parties, places, funds and projects there are, and who is a
 * member.
 *
 * Read once for a load or a check into maps, because each line asks for two parties, a fund, a project and a place.
 * ledger_view_of() is the one place that decides where a transfer counts: totals, checks and traces all ask it.
 */
#include "app/ledger_inside.h"

enum { WORLD_BYTES_MAX = 512 << 20 };

static gf_status fill(gf_app *app, text_map *into, const char *statement, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, statement);
    while (gf_stmt_row(stmt)) {
        bool fresh;
        int64_t *value = map_put(into, gf_row_str(stmt, 0), &fresh);
        if (!value)
            return gf_stmt_end(stmt), gf_fail_memory(err);
        *value = gf_row_int(stmt, 1);
    }
    return gf_store_ok(app->store, err);
}

/* Like fill(), keeping the second column as text by index. */
static gf_status fill_text(gf_app *app, ledger_world *world, text_map *into, const char *statement, gf_str **texts, size_t *count,
                           gf_error *err)
{
    gf_stmt *counter = gf_store_text(app->store, "SELECT (SELECT count(*) FROM places) + (SELECT count(*) FROM funds)");
    size_t room = gf_stmt_row(counter) ? (size_t)gf_row_int(counter, 0) : 0;
    gf_stmt_end(counter);
    *texts = gf_new(world->arena, gf_str, room + 1);
    if (!*texts)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, statement);
    while (*count < room && gf_stmt_row(stmt)) {
        bool fresh;
        int64_t *value = map_put(into, gf_row_str(stmt, 0), &fresh);
        gf_str text = gf_row_copy(stmt, 1, world->arena);
        if (!value || !text.data)
            return gf_stmt_end(stmt), gf_fail_memory(err);
        (*texts)[(*count)++] = text;
        *value = (int64_t)*count;
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

static gf_status read_programmes(gf_app *app, ledger_world *world, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "programmes_by_origin");
    while (gf_stmt_row(stmt)) {
        gf_str *slot = gf_str_is(gf_row_str(stmt, 1), "demo") ? &world->demo_programme : &world->real_programme;
        if (slot->len == 0)
            *slot = gf_row_copy(stmt, 0, world->arena);
    }
    return gf_store_ok(app->store, err);
}

/* `lean`: without people and projects, which decide whether a line may be booked, not where it counts. */
static gf_status read_tables(gf_app *app, ledger_world *world, bool lean, gf_error *err)
{
    const struct { text_map *into; const char *statement; bool left_out; } SETS[] = {
        { &world->units, "ledger_units", false }, { &world->people, "ledger_people", lean }, { &world->projects, "ledger_projects", lean },
        { &world->members, "ledger_members", false },
    };
    size_t fund_count = 0;
    gf_status status = fill_text(app, world, &world->places, "ledger_places", &world->parents, &world->place_count, err);
    if (status == GF_OK)
        status = fill_text(app, world, &world->funds, "ledger_funds", &world->fund_programmes, &fund_count, err);
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(SETS); i++)
        status = SETS[i].left_out ? GF_OK : fill(app, SETS[i].into, SETS[i].statement, err);
    return status == GF_OK ? read_programmes(app, world, err) : status;
}

static gf_status world_read(gf_app *app, ledger_world *world, bool lean, gf_error *err)
{
    *world = (ledger_world){ .arena = gf_arena_open(WORLD_BYTES_MAX) };
    if (!world->arena)
        return gf_fail_memory(err);
    text_map *const maps[] = { &world->units, &world->people, &world->places, &world->funds, &world->projects, &world->members };
    for (size_t i = 0; i < GF_COUNT(maps); i++)
        map_init(maps[i], world->arena);
    gf_status status = read_tables(app, world, lean, err);
    if (status != GF_OK)
        ledger_world_done(world);
    return status;
}

gf_status ledger_world_read(gf_app *app, ledger_world *world, gf_error *err) { return world_read(app, world, false, err); }
gf_status ledger_world_read_shares(gf_app *app, ledger_world *world, gf_error *err) { return world_read(app, world, true, err); }

void ledger_world_done(ledger_world *world)
{
    text_map *const maps[] = { &world->units, &world->people, &world->places, &world->funds, &world->projects, &world->members };
    for (size_t i = 0; i < GF_COUNT(maps); i++)
        map_done(maps[i]);
    gf_arena_close(world->arena);
    world->arena = NULL;
}

bool ledger_world_has_party(const ledger_world *world, gf_str party)
{
    return gf_str_is(party, "unstated") || map_find(&world->units, party) || map_find(&world->places, party) ||
           map_find(&world->people, party);
}

static bool is_listed(const ledger_world *world, gf_str programme, gf_str unit)
{
    char text[256];  /* ids have at most 96 characters; a longer one is in no list */
    int len = snprintf(text, sizeof text, "%.*s/%.*s", GF_STR_ARG(programme), GF_STR_ARG(unit));
    return len > 0 && (size_t)len < sizeof text && map_find(&world->members, (gf_str){ text, (size_t)len });
}

bool ledger_world_is_member(const ledger_world *world, gf_str programme, gf_str party)
{
    if (party.len == 0 || !map_find(&world->units, party))
        return false;
    return is_listed(world, programme, party) || !is_listed(world, programme, (gf_str){ "", 0 });
}

static gf_status fail_unknown(gf_error *err, const char *what, gf_str id, const char *file)
{
    char hint[120];
    (void)snprintf(hint, sizeof hint, "Add it to %s, or correct the id.", file);
    return gf_fail(err, GF_EINPUT, "ledger.unknown", hint, "%s \"%.*s\" is not known", what, GF_STR_ARG(gf_str_slice(id, 0, 60)));
}

gf_status ledger_world_check_account(const ledger_world *world, const gf_fund_account *account, const char *party_column, gf_error *err)
{
    const struct { const text_map *map; const char *column; gf_str id; const char *file; } NAMES[] = {
        { &world->funds, "fund", account->fund, "funds.csv" }, { &world->projects, "project", account->project, "projects.csv" },
        { &world->places, "place", account->place, "places.csv" },
    };
    if (!ledger_world_has_party(world, account->party))
        return fail_unknown(err, party_column, account->party, "units.csv or places.csv");
    for (size_t i = 0; i < GF_COUNT(NAMES); i++)
        if (NAMES[i].id.len && !map_find(NAMES[i].map, NAMES[i].id))
            return fail_unknown(err, NAMES[i].column, NAMES[i].id, NAMES[i].file);
    return GF_OK;
}

gf_str ledger_world_programme(const ledger_world *world, gf_str fund, gf_str origin)
{
    const int64_t *index = fund.len ? map_find(&world->funds, fund) : NULL;
    if (index && world->fund_programmes[*index - 1].len)
        return world->fund_programmes[*index - 1];
    return gf_str_is(origin, "demo") ? world->demo_programme : world->real_programme;
}

/* ---- Scopes ---- */

static gf_str scope_name(gf_arena *scratch, const char *prefix, gf_str id)
{
    gf_text text;
    gf_text_init(&text, scratch);
    gf_text_add_c(&text, prefix);
    gf_text_add(&text, id);
    return gf_text_str(&text);
}

static void add_share(ledger_view *view, gf_arena *scratch, const char *prefix, gf_str id, int8_t sign)
{
    if (sign && view->count < LEDGER_SCOPES_MAX)
        view->shares[view->count++] = (ledger_share){ scope_name(scratch, prefix, id), sign };
}

/* Every unit that gives, takes or acts sees the transfer once; one that only moves money on inside a stage saw it
 * when the money reached that stage. */
static void add_units(const ledger_world *world, ledger_view *view, gf_arena *scratch, const gf_str units[3], bool move, int8_t sign)
{
    for (size_t i = 0; i < 3; i++) {
        bool seen = !map_find(&world->units, units[i]);
        for (size_t k = 0; k < i; k++)
            seen = seen || gf_str_eq(units[k], units[i]);
        if (seen)
            continue;
        view->members += ledger_world_is_member(world, view->programme, units[i]);
        add_share(view, scratch, "unit:", units[i], move && gf_str_eq(units[0], units[i]) ? 0 : sign);
    }
}

static void add_places(const ledger_world *world, ledger_view *view, gf_arena *scratch, gf_str place, int8_t sign)
{
    for (int depth = 0; place.len && depth < LEDGER_ANCESTORS_MAX; depth++) {
        add_share(view, scratch, "place:", place, sign);
        const int64_t *index = map_find(&world->places, place);
        place = index ? world->parents[*index - 1] : (gf_str){ "", 0 };
    }
}

/* A move inside one stage was counted when the money first reached that stage: moved on by a member it adds nothing to
 * the group, nor to the funds, projects and places that are parts of it, so that the parts still sum to the whole.
 * Moved in by an outsider it is new to all of them. A reversal counts against what it takes back. */
void ledger_view_of(const ledger_world *world, const gf_fund_entry *entry, const gf_fund_transfer *transfer, gf_arena *scratch,
                    ledger_view *out)
{
    bool back = entry->reverses != 0;
    const gf_fund_account *from = back ? &transfer->to : &transfer->from, *to = back ? &transfer->from : &transfer->to;
    int8_t sign = back ? -1 : 1;
    bool move = gf_fund_is_move(from, to);
    *out = (ledger_view){ .programme = ledger_world_programme(world, to->fund, entry->origin), .stage = to->stage };
    const gf_str units[3] = { from->party, to->party, entry->unit };
    bool mover_inside = move && ledger_world_is_member(world, out->programme, from->party);
    int8_t fresh = mover_inside ? 0 : sign;
    add_share(out, scratch, "group", (gf_str){ "", 0 }, fresh);
    add_units(world, out, scratch, units, move, sign);
    if (out->members == 0)
        add_share(out, scratch, "outside", (gf_str){ "", 0 }, sign);
    if (to->fund.len)
        add_share(out, scratch, "fund:", to->fund, fresh);
    if (to->project.len)
        add_share(out, scratch, "project:", to->project, fresh);
    add_places(world, out, scratch, to->place, fresh);
}

int32_t ledger_month_of(gf_day day)
{
    int year, month, mday;
    gf_day_split(day, &year, &month, &mday);
    return year * 12 + month - 1;
}

gf_status ledger_days(const gf_fund_entry *entry, const gf_fund_transfer *transfer, gf_period *out, gf_error *err)
{
    gf_str text = transfer->period.len ? transfer->period : entry->date;
    if (text.len)
        return gf_period_parse(text, out, err);
    *out = (gf_period){ INT32_MIN, INT32_MAX };
    return GF_OK;
}

gf_status ledger_months(const gf_fund_entry *entry, const gf_fund_transfer *transfer, int32_t *first, int32_t *last, gf_error *err)
{
    gf_period days;
    gf_status status = ledger_days(entry, transfer, &days, err);
    if (status != GF_OK)
        return status;
    *first = days.first == INT32_MIN ? 0 : ledger_month_of(days.first);
    *last = days.last == INT32_MAX ? LEDGER_MONTH_NONE_LAST : ledger_month_of(days.last);
    return GF_OK;
}
