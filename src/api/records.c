/* Records of every register, entries, search and sums: the same few handlers for all of them, for the register table
 * tells what each one has.
 *
 * A list of entries is copied from the cache of their texts. ETag is the record's version, If-Match is asked for with
 * every change: nobody writes over what he has not seen.
 */
#include "api/api.h"

#include <string.h>

enum { CELLS_MAX = 64 + GF_APP_COMMON_COUNT, FIELDS_MAX = 16 };
static const char *const COMMON[GF_APP_COMMON_COUNT] = { "source", "origin", "author", "version" };

static bool is_entries(const gf_register *reg) { return strcmp(reg->name, "entries") == 0; }
static const gf_app_actor *actor_of(const api_call *call) { return &call->session.actor; }

/* ---- Asking ---- */

/* What is not a word of the list itself is a column: place=..., date.from=..., date.to=... */
static const char *const LIST_WORDS[] = { "limit", "cursor", "sort", "q", "count", "within", "programme", "lang", "by", "format" };

static bool is_list_word(gf_str name)
{
    for (size_t i = 0; i < GF_COUNT(LIST_WORDS); i++)
        if (gf_str_is(name, LIST_WORDS[i]))
            return true;
    return false;
}

/* name=value is equal, name.from and name.to are ends that count. */
static gf_app_filter filter_of(const gf_http_pair *pair)
{
    static const struct { gf_str ending; gf_app_match match; } ENDINGS[] = { { GF_STR_INIT(".from"), GF_APP_FROM }, { GF_STR_INIT(".to"), GF_APP_TO } };
    for (size_t i = 0; i < GF_COUNT(ENDINGS); i++)
        if (gf_str_ends(pair->name, ENDINGS[i].ending))
            return (gf_app_filter){ gf_str_slice(pair->name, 0, pair->name.len - ENDINGS[i].ending.len), ENDINGS[i].match, pair->value };
    return (gf_app_filter){ pair->name, GF_APP_EQUALS, pair->value };
}

static gf_status read_ask(const api_call *call, const gf_register *reg, gf_app_list_ask *ask, gf_error *err)
{
    gf_str sort = api_query(call, "sort");
    *ask = (gf_app_list_ask){ .reg = reg, .q = api_query(call, "q"), .within = api_query(call, "within"), .programme = api_query(call, "programme"), .cursor = api_query(call, "cursor"), .limit = api_query_int(call, "limit", 0),
                              .want_count = api_query_flag(call, "count") };
    ask->descending = sort.len && sort.data[0] == '-';
    ask->sort = gf_str_slice(sort, ask->descending, sort.len);
    for (size_t i = 0; i < call->request->query_count; i++) {
        if (is_list_word(call->request->query[i].name))
            continue;
        if (ask->filter_count == GF_APP_FILTERS_MAX)
            return gf_fail(err, GF_ELIMIT, "list.filters", "Ask for less at once.", "there are more than %d conditions", GF_APP_FILTERS_MAX);
        ask->filters[ask->filter_count++] = filter_of(&call->request->query[i]);
    }
    return GF_OK;
}

/* What the actor may do nothing with does not stand in it. */
gf_status api_registers(api_call *call, gf_error *err)
{
    gf_text text = api_text(call);
    gf_report_registers_json(actor_of(call), &text);
    return api_send_text(call, &text, err);
}

/* ---- Lists ---- */

/* Put together from kept texts: entries never change, so a list is copied and not written. */
static gf_status list_entries(api_call *call, const gf_app_list_ask *ask, gf_error *err)
{
    gf_app_entry_list list;
    gf_text text = api_text(call);
    gf_status status = gf_app_list_entries(call->app, actor_of(call), ask, call->arena, &list, err);
    gf_text_add_c(&text, "{\"records\":[");
    for (size_t i = 0; status == GF_OK && i < list.count; i++) {
        if (i)
            gf_text_add_char(&text, ',');
        status = entry_cache_add(call->api->entries, call->app, list.ids[i], call->arena, &text, err);
    }
    if (status != GF_OK)
        return status;
    if (list.next.len)
        gf_text_format(&text, "],\"next\":\"%.*s\"", GF_STR_ARG(list.next));
    else
        gf_text_add_c(&text, "],\"next\":null");
    if (list.total >= 0)
        gf_text_format(&text, ",\"count\":%lld}", (long long)list.total);
    else
        gf_text_add_c(&text, ",\"count\":null}");
    return api_send_text(call, &text, err);
}

/* Pages in the order of the key, and entries of a place and kind by date, come out of an index; anything else reads rows
 * that it then leaves out. */
static bool reads_much(const gf_app_list_ask *ask)
{
    bool slots = is_entries(ask->reg) && ask->programme.len == 0 && ask->filter_count == 2 && gf_str_is(ask->sort, "date");
    for (size_t i = 0; slots && i < ask->filter_count; i++)
        slots = ask->filters[i].match == GF_APP_EQUALS && (gf_str_is(ask->filters[i].column, "place") || gf_str_is(ask->filters[i].column, "kind"));
    return !slots && (ask->q.len || ask->within.len || ask->programme.len || ask->filter_count || ask->want_count || ask->sort.len);
}

gf_status api_list(api_call *call, gf_error *err)
{
    const gf_register *reg = api_register(call, err);
    gf_app_list_ask ask;
    gf_app_list list;
    gf_status status = reg ? read_ask(call, reg, &ask, err) : GF_ENOTFOUND;
    if (status != GF_OK)
        return status;
    if (call->request->lane == GF_HTTP_FAST && reads_much(&ask)) {
        call->out->slowly = true;
        return GF_OK;
    }
    if (is_entries(reg))
        return list_entries(call, &ask, err);
    gf_text text = api_text(call);
    status = gf_app_list_records(call->app, actor_of(call), &ask, call->arena, &list, err);
    if (status != GF_OK)
        return status;
    gf_report_list_json(&list, &text);
    return api_send_text(call, &text, err);
}

/* ---- One record ---- */

static gf_status get_entry(api_call *call, gf_error *err)
{
    int64_t id;
    gf_text text = api_text(call);
    if (!gf_str_to_int(call->request->params[1], &id) || id < 1)
        return gf_fail(err, GF_ENOTFOUND, "record.none", "Entries are numbered 1, 2, 3 ...", "there is no such entry");
    gf_status status = gf_app_entry_see(call->app, actor_of(call), id, call->arena, err);
    if (status == GF_OK)
        status = entry_cache_add(call->api->entries, call->app, id, call->arena, &text, err);
    call->out->etag = GF_STR("1");  /* an entry never changes */
    return status == GF_OK ? api_send_text(call, &text, err) : status;
}

/* The version is the ETag, and what If-Match must name in a change. */
static gf_status send_record(api_call *call, const gf_app_record *rec, gf_error *err)
{
    gf_json json;
    gf_text text = api_text(call);
    gf_json_init(&json, &text);
    gf_report_record_json(rec, &json, NULL);
    call->out->etag = gf_app_record_version(rec);
    return api_send_text(call, &text, err);
}

gf_status api_get(api_call *call, gf_error *err)
{
    const gf_register *reg = api_register(call, err);
    gf_app_record rec;
    if (!reg)
        return GF_ENOTFOUND;
    if (is_entries(reg))
        return get_entry(call, err);
    gf_status status = gf_app_record_get(call->app, actor_of(call), reg, call->request->params[1], call->arena, &rec, err);
    return status == GF_OK ? send_record(call, &rec, err) : status;
}

gf_status api_history(api_call *call, gf_error *err)
{
    const gf_register *reg = api_register(call, err);
    gf_app_change *changes;
    size_t count;
    gf_text text = api_text(call);
    gf_status status = reg ? gf_app_record_history(call->app, actor_of(call), reg, call->request->params[1], call->arena, &changes, &count, err) : GF_ENOTFOUND;
    if (status != GF_OK)
        return status;
    gf_report_history_json(changes, count, &text);
    return api_send_text(call, &text, err);
}

/* ---- Writing a record ---- */

/* Behind the columns stand source, origin, author and version; SIZE_MAX for what is none of them. */
static size_t index_of(const gf_register *reg, const char *name)
{
    for (size_t i = 0; i < reg->column_count; i++)
        if (strcmp(reg->columns[i].name, name) == 0)
            return i;
    for (size_t i = 0; i < GF_APP_COMMON_COUNT; i++)
        if (strcmp(COMMON[i], name) == 0)
            return reg->column_count + i;
    return SIZE_MAX;
}

static gf_status fail_at(const char *column, const char *hint, gf_error *err)
{
    (void)gf_fail(err, GF_EINPUT, "api.column", hint, "%.60s cannot be taken in", column);
    return gf_fail_at(err, "%.90s", column);
}

/* null empties a cell. A number with a point is refused: it would have gone through a double. */
static gf_status read_cell(api_call *call, const gf_register *reg, const char *key, const json_t *value, gf_str *cells, gf_error *err)
{
    size_t at = index_of(reg, key);
    char number[24];
    if (at == SIZE_MAX)
        return fail_at(key, "/api/v1/registers lists the columns.", err);
    if (json_is_null(value))
        cells[at] = (gf_str){ "", 0 };
    else if (json_is_integer(value)) {
        (void)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        cells[at] = gf_str_copy(call->arena, gf_str_of(number));
    } else if (json_is_string(value))
        cells[at] = (gf_str){ json_string_value(value), json_string_length(value) };
    else
        return fail_at(key, "Send a text; decimals as texts too, so that they stay exact.", err);
    return GF_OK;
}

static gf_status read_cells(api_call *call, const gf_register *reg, gf_str *cells, gf_error *err)
{
    const char *key;
    json_t *value;
    gf_status status = GF_OK;
    json_object_foreach(call->body, key, value) {
        status = read_cell(call, reg, key, value, cells, err);
        if (status != GF_OK)
            return status;
    }
    return GF_OK;
}

static gf_status add_location(api_call *call, const gf_register *reg, gf_str key, gf_error *err)
{
    gf_text text = api_text(call);
    gf_text_format(&text, "/api/v1/records/%s/", reg->name);
    for (size_t i = 0; i < key.len; i++) {
        unsigned char c = (unsigned char)key.data[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr("-._~", c);
        gf_text_format(&text, plain && c ? "%c" : "%%%02X", c);
    }
    return gf_http_add_header(call->request, call->out, "Location", gf_text_str(&text)) ? GF_OK : gf_fail_memory(err);
}

/* ---- Booking an entry ---- */

typedef struct text_target { const char *name; gf_str *to; } text_target;

static gf_status read_texts(const json_t *object, const text_target *targets, size_t count, gf_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(object, targets[i].name);
        *targets[i].to = (gf_str){ "", 0 };
        if (!value || json_is_null(value))
            continue;
        if (!json_is_string(value))
            return fail_at(targets[i].name, "Send a text.", err);
        *targets[i].to = (gf_str){ json_string_value(value), json_string_length(value) };
    }
    return GF_OK;
}

static gf_status read_row(const json_t *object, gf_app_entry_row *row, gf_error *err)
{
    gf_str bound;
    const text_target TARGETS[] = { { "period", &row->period }, { "kind", &row->kind }, { "from_party", &row->from_party }, { "to_party", &row->to_party }, { "fund", &row->fund },
                                    { "project", &row->project }, { "place", &row->place }, { "stage_from", &row->stage_from }, { "stage_to", &row->stage_to }, { "bound", &bound } };
    const json_t *amount = json_object_get(object, "amount_fen");
    gf_status status = read_texts(object, TARGETS, GF_COUNT(TARGETS), err);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        bool known = strcmp(key, "amount_fen") == 0;
        for (size_t i = 0; i < GF_COUNT(TARGETS); i++)
            known = known || strcmp(key, TARGETS[i].name) == 0;
        if (!known)
            return fail_at(key, "Rows have period, kind, from_party, to_party, fund, project, place, stage_from, stage_to, amount_fen, bound.", err);
    }
    if (status == GF_OK && !json_is_integer(amount))
        return fail_at("amount_fen", "Send a whole number of fen.", err);
    if (status == GF_OK && !gf_figure_bound_parse(bound, &row->bound))
        return fail_at("bound", "Write exact, at_least or about.", err);
    row->amount = status == GF_OK ? json_integer_value(amount) : 0;
    return status;
}

static gf_status read_entry(api_call *call, gf_app_entry *entry, gf_error *err)
{
    const json_t *rows = json_object_get(call->body, "rows"), *reverses = json_object_get(call->body, "reverses"), *item;
    size_t i;
    const text_target TARGETS[] = { { "key", &entry->key }, { "date", &entry->date }, { "verb", &entry->verb }, { "purpose", &entry->purpose }, { "voucher", &entry->voucher },
                                    { "source", &entry->source }, { "origin", &entry->origin }, { "unit", &entry->unit }, { "note", &entry->note } };
    gf_status status = read_texts(call->body, TARGETS, GF_COUNT(TARGETS), err);
    const char *key;
    json_t *value;
    json_object_foreach(call->body, key, value) {
        bool known = strcmp(key, "rows") == 0 || strcmp(key, "reverses") == 0;
        for (size_t k = 0; k < GF_COUNT(TARGETS); k++)
            known = known || strcmp(key, TARGETS[k].name) == 0;
        if (!known)
            return fail_at(key, "An entry has key, date, verb, purpose, voucher, source, origin, unit, note, reverses, rows.", err);
    }
    if (status != GF_OK)
        return status;
    if (reverses && !json_is_null(reverses) && !(json_is_integer(reverses) && json_integer_value(reverses) > 0))
        return fail_at("reverses", "Send the number of an entry.", err);
    entry->reverses = json_is_integer(reverses) ? json_integer_value(reverses) : 0;
    if (!json_is_array(rows) || json_array_size(rows) == 0 || json_array_size(rows) > 500)
        return fail_at("rows", "Send 1 to 500 rows.", err);
    entry->rows = gf_new(call->arena, gf_app_entry_row, json_array_size(rows));
    if (!entry->rows)
        return gf_fail_memory(err);
    json_array_foreach(rows, i, item) {
        status = json_is_object(item) ? read_row(item, &entry->rows[i], err) : fail_at("rows", "Send objects.", err);
        if (status != GF_OK)
            return status;
    }
    entry->row_count = json_array_size(rows);
    return GF_OK;
}

static gf_status book_entry(api_call *call, const gf_register *reg, gf_error *err)
{
    gf_app_entry entry = { .id = 0 };
    int64_t id;
    bool fresh;
    char key[24];
    gf_json json;
    gf_text text = api_text(call);
    gf_status status = read_entry(call, &entry, err);
    if (status == GF_OK)
        status = gf_app_entry_post(call->app, actor_of(call), &entry, &id, &fresh, err);
    if (status == GF_OK)
        status = gf_app_entry_read(call->app, id, call->arena, &entry, err);  /* not into the cache: the batch may yet fail */
    if (status != GF_OK)
        return status;
    (void)snprintf(key, sizeof key, "%lld", (long long)id);
    gf_json_init(&json, &text);
    gf_report_entry_json(&entry, &json, NULL);
    status = add_location(call, reg, gf_str_of(key), err);
    if (status == GF_OK)
        status = api_send_text(call, &text, err);
    call->out->status = status != GF_OK ? 0 : fresh ? 201 : 200;
    api_announce_change(call, reg);
    return status;
}

gf_status api_create(api_call *call, gf_error *err)
{
    const gf_register *reg = api_register(call, err);
    gf_str cells[CELLS_MAX] = { { NULL, 0 } };
    gf_app_record rec;
    gf_status status = reg ? gf_app_require(actor_of(call), reg, GF_APP_READ | GF_APP_WRITE, err) : GF_ENOTFOUND;  /* who may not write is told that first */
    if (status == GF_OK && is_entries(reg))
        return book_entry(call, reg, err);
    if (status == GF_OK)
        status = read_cells(call, reg, cells, err);
    if (status == GF_OK)
        status = gf_app_record_create(call->app, actor_of(call), reg, cells, call->arena, &rec, err);
    if (status == GF_OK)
        status = add_location(call, reg, rec.cells[0], err);
    if (status == GF_OK)
        status = send_record(call, &rec, err);
    call->out->status = status == GF_OK ? 201 : 0;
    if (status == GF_OK)
        api_announce_change(call, reg);
    return status;
}

/* The version that the browser has read, out of If-Match: "3" in quotes. */
static gf_status read_if_match(api_call *call, gf_str *version, gf_error *err)
{
    gf_str given = gf_str_trim(gf_http_header(call->request, "If-Match"));
    if (given.len == 0) {
        call->out->status = 428;
        return gf_fail(err, GF_EUSAGE, "record.if_match", "Send the ETag of the record as If-Match.", "a change says which version it changes");
    }
    bool quoted = given.len >= 2 && given.data[0] == '"' && given.data[given.len - 1] == '"';
    *version = quoted ? gf_str_slice(given, 1, given.len - 1) : given;
    return GF_OK;
}

/* The record as it stands goes along, so that a page can show both values and both authors. */
static void send_current(api_call *call, const gf_app_record *rec)
{
    gf_json json;
    gf_text text = api_text(call), member = api_text(call);
    gf_json_init(&json, &text);
    gf_report_record_json(rec, &json, NULL);
    gf_text_add_c(&member, "\"current\":");
    gf_text_add(&member, gf_text_str(&text));
    call->out->status = 412;
    call->out->body = gf_text_str(&member);
}

gf_status api_change(api_call *call, gf_error *err)
{
    const gf_register *reg = api_register(call, err);
    gf_str cells[CELLS_MAX] = { { NULL, 0 } }, version;
    gf_app_record rec = { .cells = NULL };
    gf_status status = reg ? read_if_match(call, &version, err) : GF_ENOTFOUND;
    if (status == GF_OK)
        status = read_cells(call, reg, cells, err);
    if (status == GF_OK && (cells[reg->column_count + 2].data || cells[reg->column_count + 3].data))
        status = fail_at(cells[reg->column_count + 2].data ? "author" : "version", "Leave it out: the program keeps it.", err);
    if (status == GF_OK)
        status = gf_app_record_change(call->app, actor_of(call), reg, call->request->params[1], version, cells, call->arena, &rec, err);
    if (status == GF_ECONFLICT && rec.cells && strcmp(err->code, "record.changed") == 0)
        send_current(call, &rec);
    if (status != GF_OK)
        return status;
    api_announce_change(call, reg);
    return send_record(call, &rec, err);
}

gf_status api_reveal(api_call *call, gf_error *err)
{
    const gf_register *reg = api_register(call, err);
    const json_t *list = json_object_get(call->body, "fields");
    gf_str fields[FIELDS_MAX], plain[FIELDS_MAX];
    size_t count = json_array_size(list);
    gf_json json;
    gf_text text = api_text(call);
    if (!reg)
        return GF_ENOTFOUND;
    if (count > FIELDS_MAX)
        return fail_at("fields", "Name at most sixteen.", err);
    for (size_t i = 0; i < count; i++)
        fields[i] = gf_str_of(json_string_value(json_array_get(list, i)));
    gf_status status = gf_app_record_reveal(call->app, actor_of(call), reg, call->request->params[1], fields, count, api_field(call, "reason"), call->arena, plain, err);
    if (status != GF_OK)
        return status;
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "fields", '{');
    for (size_t i = 0; i < count; i++)
        gf_json_str(&json, gf_str_cstr(call->arena, fields[i]), plain[i]);
    gf_json_end(&json, '}');
    gf_json_end(&json, '}');
    return api_send_text(call, &text, err);
}

/* What the log of the store still holds goes when the batch is kept: see batch_end(). */
gf_status api_erase(api_call *call, gf_error *err)
{
    const gf_register *reg = api_register(call, err);
    gf_app_erased erased;
    gf_json json;
    gf_text text = api_text(call);
    if (!reg)
        return GF_ENOTFOUND;
    gf_status status = gf_app_erase(call->app, actor_of(call), reg, call->request->params[1], api_field(call, "reason"), call->arena, &erased, err);
    if (status != GF_OK)
        return status;
    call->api->erased = true;
    api_announce_change(call, reg);
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_json_str(&json, "certificate", erased.certificate);
    gf_json_int(&json, "texts", erased.texts);
    gf_json_end(&json, '}');
    return api_send_text(call, &text, err);
}

gf_status api_own_copy(api_call *call, gf_error *err)
{
    const gf_register *reg = api_register(call, err);
    gf_app_own_copy copy;
    gf_text text = api_text(call);
    if (!reg)
        return GF_ENOTFOUND;
    gf_status status = gf_app_own_copy_make(call->app, actor_of(call), reg, call->request->params[1], api_field(call, "reason"), call->arena, &copy, err);
    if (status == GF_OK && gf_str_is(api_field(call, "format"), "pdf")) {
        status = gf_report_own_copy_pdf(&copy, call->lang, &text, err);
        if (status == GF_OK)
            status = api_send_text(call, &text, err);
        call->out->type = "application/pdf";
        return status;
    }
    if (status == GF_OK)
        gf_report_own_copy_json(&copy, &text);
    return status == GF_OK ? api_send_text(call, &text, err) : status;
}

/* ---- Search and sums ---- */

gf_status api_search(api_call *call, gf_error *err)
{
    gf_app_found *found;
    size_t count;
    gf_text text = api_text(call);
    gf_status status = gf_app_search(call->app, actor_of(call), api_query(call, "programme"), api_query(call, "q"), api_query_int(call, "limit", 20), call->arena, &found, &count, err);
    if (status != GF_OK)
        return status;
    gf_report_found_json(found, count, &text);
    return api_send_text(call, &text, err);
}

gf_status api_groups(api_call *call, gf_error *err)
{
    gf_app_list_ask ask;
    gf_app_groups groups;
    gf_text text = api_text(call);
    gf_str by = api_query(call, "by");
    bool kept = gf_str_is(by, "place,kind") || gf_str_is(by, "kind,place") || gf_str_is(by, "kind") || gf_str_is(by, "place");
    gf_status status = read_ask(call, gf_register_find(GF_STR("entries")), &ask, err);
    if (status == GF_OK && call->request->lane == GF_HTTP_FAST && (!kept || reads_much(&ask))) {
        call->out->slowly = true;
        return GF_OK;
    }
    if (status == GF_OK)
        status = gf_app_group_entries(call->app, actor_of(call), api_query(call, "by"), &ask, call->arena, &groups, err);
    if (status != GF_OK)
        return status;
    gf_report_groups_json(&groups, &text);
    return api_send_text(call, &text, err);
}

/* ---- Contents of documents ---- */

gf_status api_document_put(api_call *call, gf_error *err)
{
    gf_app_content content;
    gf_json json;
    gf_text text = api_text(call);
    gf_status status = gf_app_content_put(call->app, actor_of(call), call->upload.name, call->upload.bytes, call->arena, &content, err);
    if (status != GF_OK)
        return status;
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_json_str(&json, "sha256", content.sha256);
    gf_json_int(&json, "bytes", (int64_t)content.bytes.len);
    gf_json_str(&json, "media_type", content.media_type);
    gf_json_str(&json, "name", call->upload.name);
    gf_json_end(&json, '}');
    status = api_send_text(call, &text, err);
    call->out->status = status == GF_OK ? 201 : 0;
    return status;
}

void api_send_content(api_call *call, const gf_app_content *content)
{
    gf_text text = api_text(call);
    gf_text_add_c(&text, "attachment; filename*=UTF-8''");
    for (size_t i = 0; i < content->name.len; i++) {
        unsigned char c = (unsigned char)content->name.data[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        gf_text_format(&text, plain ? "%c" : "%%%02X", c);
    }
    (void)gf_http_add_header(call->request, call->out, "Content-Disposition", gf_text_str(&text));
    call->out->type = gf_str_cstr(call->arena, content->media_type.len ? content->media_type : GF_STR("application/octet-stream"));
    call->out->body = content->bytes;
    call->out->etag = gf_str_slice(content->sha256, 0, 32);
}

gf_status api_document_get(api_call *call, gf_error *err)
{
    gf_app_content content;
    gf_status status = gf_app_content_get(call->app, actor_of(call), call->request->params[0], call->arena, &content, err);
    if (status == GF_OK)
        api_send_content(call, &content);
    return status;
}
