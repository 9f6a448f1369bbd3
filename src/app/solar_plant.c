/* A plant as JSON, in and out. Each key is taken once from a table; one that is not in it is an error, for it is a word misspelt
 * and its value would silently be the default. */
#include "app/gf_app_solar.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static const char *const HEATS[] = { "sapm", "faiman", "pvsyst", "noct", "ross", "fuentes" };
static const char *const GLASSES[] = { "none", "physical", "ashrae", "martin_ruiz" };
static const char *const TRANSPOSITIONS[] = { "isotropic", "klucher", "hay_davies", "reindl", "perez", "perez_driesse" };
static const char *const SPLITS[] = { "erbs", "orgill_hollands", "boland", "disc" };
static const size_t HEAT_VALUES[] = { 3, 2, 4, 5, 1, 1 };

typedef struct reading { gf_arena *keep; gf_error *err; const char *part; size_t index; } reading;

static gf_status fail_key(const reading *r, const char *key, const char *what)
{
    return gf_fail(r->err, GF_EINPUT, "solar.json", "docs/solar.md shows the form of a plant.", "%s %zu: \"%.40s\" %s", r->part, r->index + 1, key, what);
}

/* The keys of an object are among `known`, which ends with NULL. */
static gf_status check_keys(const reading *r, json_t *object, const char *const *known)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        size_t i = 0;
        while (known[i] && strcmp(known[i], key) != 0)
            i++;
        if (!known[i])
            return fail_key(r, key, "is no key of it");
    }
    return GF_OK;
}

/* Keeps *out where the key is not there. */
static gf_status take_number(const reading *r, json_t *object, const char *key, double *out)
{
    json_t *value = json_object_get(object, key);
    if (!value)
        return GF_OK;
    if (!json_is_number(value))
        return fail_key(r, key, "is no number");
    *out = json_number_value(value);
    return GF_OK;
}

static gf_status take_word(const reading *r, json_t *object, const char *key, const char *const *words, size_t count, size_t *out)
{
    json_t *value = json_object_get(object, key);
    if (!value)
        return GF_OK;
    for (size_t i = 0; i < count; i++)
        if (json_is_string(value) && strcmp(json_string_value(value), words[i]) == 0) {
            *out = i;
            return GF_OK;
        }
    return fail_key(r, key, "is none of the models");
}

static gf_status take_text(const reading *r, json_t *object, const char *key, gf_str *out)
{
    json_t *value = json_object_get(object, key);
    if (!value)
        return GF_OK;
    if (!json_is_string(value) || json_string_length(value) > 200)
        return fail_key(r, key, "is no text, or too long");
    *out = gf_str_copy(r->keep, (gf_str){ json_string_value(value), json_string_length(value) });
    return out->data ? GF_OK : gf_fail_memory(r->err);
}

static gf_status take_numbers(const reading *r, json_t *array, const char *key, size_t least, size_t most, double *out)
{
    size_t count = json_array_size(array);
    if (!json_is_array(array) || count < least || count > most)
        return fail_key(r, key, "is no list, or one of the wrong length");
    for (size_t i = 0; i < count; i++) {
        if (!json_is_number(json_array_get(array, i)))
            return fail_key(r, key, "holds something that is no number");
        out[i] = json_number_value(json_array_get(array, i));
    }
    return GF_OK;
}

/* Take several numbers by one table. */
typedef struct number_key { const char *key; double *value; } number_key;

static gf_status take_all(const reading *r, json_t *object, const number_key *keys, size_t count)
{
    gf_status status = GF_OK;
    for (size_t i = 0; i < count && status == GF_OK; i++)
        status = take_number(r, object, keys[i].key, keys[i].value);
    return status;
}

/* ---- Parts ---- */

static gf_status take_heat(const reading *r, json_t *object, gf_solar_array *a)
{
    static const char *const KEYS[] = { "model", "values", NULL };
    json_t *heat = json_object_get(object, "heat");
    size_t model = a->heat_model;
    if (!heat)
        return GF_OK;
    if (!json_is_object(heat))
        return fail_key(r, "heat", "is no object with model and values");
    gf_status status = check_keys(r, heat, KEYS);
    if (status == GF_OK)
        status = take_word(r, heat, "model", HEATS, GF_COUNT(HEATS), &model);
    if (status == GF_OK)
        status = take_numbers(r, json_object_get(heat, "values"), "values", HEAT_VALUES[model], HEAT_VALUES[model], a->heat);
    a->heat_model = (gf_solar_heat)model;
    return status;
}

static gf_status take_horizon(const reading *r, json_t *object, gf_solar_array *a)
{
    json_t *list = json_object_get(object, "horizon_deg");
    if (!list)
        return GF_OK;
    double *kept = gf_new(r->keep, double, json_array_size(list) + 1);
    if (!kept)
        return gf_fail_memory(r->err);
    a->horizon_deg = kept;
    a->horizon_count = json_array_size(list);
    return take_numbers(r, list, "horizon_deg", 1, GF_SOLAR_HORIZON_MAX, kept);
}

static gf_status take_inverter_of(const reading *r, json_t *object, const gf_solar_plant *plant, gf_solar_array *a)
{
    gf_str name = { NULL, 0 };
    gf_status status = take_text(r, object, "inverter", &name);
    if (status != GF_OK || !name.data)
        return status;
    for (size_t i = 0; i < plant->inverter_count; i++)
        if (gf_str_eq(name, plant->inverters[i].name)) {
            a->inverter = (uint32_t)i;
            return GF_OK;
        }
    return fail_key(r, "inverter", "names none of the inverters");
}

static gf_status take_array(const reading *r, json_t *object, const gf_solar_plant *plant, gf_solar_array *a)
{
    static const char *const KEYS[] = { "name", "inverter", "strings", "tilt_deg", "azimuth_deg", "dc_w", "gamma_per_c", "loss", "soiling", "albedo", "heat", "glass", "horizon_deg", NULL };
    double strings = 1;
    size_t glass;
    *a = GF_SOLAR_ARRAY_DEFAULT;
    glass = a->glass;
    const number_key NUMBERS[] = { { "strings", &strings }, { "tilt_deg", &a->tilt_deg }, { "azimuth_deg", &a->azimuth_deg }, { "dc_w", &a->dc0_w },
                                   { "gamma_per_c", &a->gamma_per_c }, { "loss", &a->loss }, { "soiling", &a->soiling }, { "albedo", &a->albedo } };
    gf_status status = check_keys(r, object, KEYS);
    if (status == GF_OK)
        status = take_all(r, object, NUMBERS, GF_COUNT(NUMBERS));
    if (status == GF_OK)
        status = take_text(r, object, "name", &a->name);
    if (status == GF_OK)
        status = take_word(r, object, "glass", GLASSES, GF_COUNT(GLASSES), &glass);
    if (status == GF_OK)
        status = take_heat(r, object, a);
    if (status == GF_OK)
        status = take_horizon(r, object, a);
    if (status == GF_OK)
        status = take_inverter_of(r, object, plant, a);
    if (status == GF_OK && !(strings >= 1 && strings <= 1e6 && strings == floor(strings)))
        status = fail_key(r, "strings", "is no whole number of strings");
    a->strings = status == GF_OK ? (uint32_t)strings : 1;
    a->glass = (gf_solar_glass)glass;
    return status;
}

static gf_status take_inverter(const reading *r, json_t *object, gf_solar_inverter *v)
{
    static const char *const KEYS[] = { "name", "ac_w", "eta", NULL };
    v->eta_nominal = 0.96;
    gf_status status = check_keys(r, object, KEYS);
    if (status == GF_OK)
        status = take_text(r, object, "name", &v->name);
    if (status == GF_OK)
        status = take_number(r, object, "ac_w", &v->ac0_w);
    return status == GF_OK ? take_number(r, object, "eta", &v->eta_nominal) : status;
}

/* The objects of a list, kept as `count` parts of `bytes`; GF_EINPUT when it is none. */
static gf_status open_parts(reading *r, json_t *root, const char *key, size_t most, size_t bytes, void **out, size_t *count)
{
    json_t *list = json_object_get(root, key);
    *count = json_array_size(list);
    if (!json_is_array(list) || *count == 0 || *count > most)
        return gf_fail(r->err, GF_EINPUT, "solar.json", "docs/solar.md shows the form of a plant.", "\"%s\" is no list of 1 to %zu parts", key, most);
    for (size_t i = 0; i < *count; i++)
        if (!json_is_object(json_array_get(list, i)))
            return gf_fail(r->err, GF_EINPUT, "solar.json", "docs/solar.md shows the form of a plant.", "part %zu of \"%s\" is no object", i + 1, key);
    *out = gf_arena_alloc(r->keep, *count, bytes);
    return *out ? GF_OK : gf_fail_memory(r->err);
}

static gf_status take_linke(const reading *r, json_t *root, double linke[12])
{
    json_t *value = json_object_get(root, "linke");
    for (size_t i = 0; i < 12; i++)
        linke[i] = json_is_number(value) ? json_number_value(value) : 3;
    return !value || json_is_number(value) ? GF_OK : take_numbers(r, value, "linke", 12, 12, linke);
}

static gf_status take_plant(reading *r, json_t *root, gf_solar_plant *p)
{
    static const char *const KEYS[] = { "schema", "name", "origin", "lat_deg", "lon_deg", "alt_m", "zone_minutes", "pressure_pa", "temp_c", "linke", "transposition", "split",
                                        "arrays", "inverters", NULL };
    double zone = 480, pressure = NAN;
    size_t transposition = GF_SOLAR_PEREZ, split = GF_SOLAR_ERBS;
    p->site = GF_SOLAR_SITE_DEFAULT;
    p->site.lat_deg = p->site.lon_deg = NAN;
    const number_key NUMBERS[] = { { "lat_deg", &p->site.lat_deg }, { "lon_deg", &p->site.lon_deg }, { "alt_m", &p->site.alt_m }, { "temp_c", &p->site.temp_c },
                                   { "zone_minutes", &zone }, { "pressure_pa", &pressure } };
    gf_str schema = { NULL, 0 };
    gf_status status = check_keys(r, root, KEYS);
    if (status == GF_OK)
        status = take_text(r, root, "schema", &schema);
    if (status == GF_OK && !gf_str_is(schema, "gongfu.solar.plant/1"))
        status = gf_fail(r->err, GF_EINPUT, "solar.json", "Write \"schema\": \"gongfu.solar.plant/1\".", "it is no description of a plant");
    if (status == GF_OK)
        status = take_text(r, root, "name", &p->name);
    if (status == GF_OK)
        status = take_all(r, root, NUMBERS, GF_COUNT(NUMBERS));
    if (status == GF_OK && !(fabs(zone) <= 14 * 60))
        status = gf_fail(r->err, GF_EINPUT, "solar.json", "China is 480.", "zone_minutes is no zone");
    if (status == GF_OK)
        status = take_linke(r, root, p->linke);
    if (status == GF_OK)
        status = take_word(r, root, "transposition", TRANSPOSITIONS, GF_COUNT(TRANSPOSITIONS), &transposition);
    if (status == GF_OK)
        status = take_word(r, root, "split", SPLITS, GF_COUNT(SPLITS), &split);
    p->zone_minutes = status == GF_OK ? (int)zone : 0;
    p->site.pressure_pa = isnan(pressure) ? gf_solar_pressure_at(p->site.alt_m) : pressure;
    p->transposition = (gf_solar_transposition)transposition;
    p->split = (gf_solar_split)split;
    return status;
}

static gf_status take_parts(reading *r, json_t *root, gf_solar_plant *p)
{
    void *inverters = NULL, *arrays = NULL;
    r->part = "inverter";
    gf_status status = open_parts(r, root, "inverters", GF_SOLAR_INVERTERS_MAX, sizeof(gf_solar_inverter), &inverters, &p->inverter_count);
    p->inverters = inverters;
    for (r->index = 0; status == GF_OK && r->index < p->inverter_count; r->index++)
        status = take_inverter(r, json_array_get(json_object_get(root, "inverters"), r->index), &((gf_solar_inverter *)inverters)[r->index]);
    r->part = "array";
    r->index = 0;
    if (status == GF_OK)
        status = open_parts(r, root, "arrays", GF_SOLAR_ARRAYS_MAX, sizeof(gf_solar_array), &arrays, &p->array_count);
    p->arrays = arrays;
    for (; status == GF_OK && r->index < p->array_count; r->index++)
        status = take_array(r, json_array_get(json_object_get(root, "arrays"), r->index), p, &((gf_solar_array *)arrays)[r->index]);
    return status;
}

gf_status gf_app_solar_plant_read(gf_str bytes, gf_str name, gf_arena *keep, gf_solar_plant *out, gf_error *err)
{
    json_error_t fault;
    reading r = { keep, err, "plant", 0 };
    gf_solar_plant plant = { 0 };
    gf_str schemaless = gf_str_trim(bytes);
    json_t *root = json_loadb(schemaless.data ? schemaless.data : "", schemaless.len, JSON_REJECT_DUPLICATES, &fault);
    gf_status status = GF_OK;
    if (!root || !json_is_object(root))
        status = gf_fail(err, GF_EINPUT, "solar.json", "docs/solar.md shows the form of a plant.", "line %d: %.80s", root ? 1 : fault.line, root ? "it is no object" : fault.text);
    if (status == GF_OK)
        status = take_plant(&r, root, &plant);
    if (status == GF_OK)
        status = take_parts(&r, root, &plant);
    json_decref(root);
    if (status == GF_OK)
        status = gf_solar_plant_check(&plant, err);
    if (status == GF_OK)
        *out = plant;
    else
        (void)gf_fail_at(err, "%.*s", GF_STR_ARG(gf_str_slice(name, 0, 80)));
    return status;
}

/* ---- Out ---- */

static void write_array(const gf_solar_plant *p, const gf_solar_array *a, gf_json *j)
{
    gf_json_begin(j, NULL, '{');
    gf_json_str(j, "name", a->name);
    gf_json_str(j, "inverter", p->inverters[a->inverter].name);
    gf_json_int(j, "strings", a->strings);
    const struct { const char *key; double value; int decimals; } NUMBERS[] = {
        { "tilt_deg", a->tilt_deg, 3 }, { "azimuth_deg", a->azimuth_deg, 3 }, { "dc_w", a->dc0_w, 1 }, { "gamma_per_c", a->gamma_per_c, 6 },
        { "loss", a->loss, 6 }, { "soiling", a->soiling, 6 }, { "albedo", a->albedo, 4 },
    };
    for (size_t i = 0; i < GF_COUNT(NUMBERS); i++)
        gf_json_real(j, NUMBERS[i].key, NUMBERS[i].value, NUMBERS[i].decimals);
    gf_json_begin(j, "heat", '{');
    gf_json_cstr(j, "model", HEATS[a->heat_model]);
    gf_json_begin(j, "values", '[');
    for (size_t i = 0; i < HEAT_VALUES[a->heat_model]; i++)
        gf_json_real(j, NULL, a->heat[i], 4);
    gf_json_end(j, ']');
    gf_json_end(j, '}');
    gf_json_cstr(j, "glass", GLASSES[a->glass]);
    if (a->horizon_count) {
        gf_json_begin(j, "horizon_deg", '[');
        for (size_t i = 0; i < a->horizon_count; i++)
            gf_json_real(j, NULL, a->horizon_deg[i], 2);
        gf_json_end(j, ']');
    }
    gf_json_end(j, '}');
}

void gf_app_solar_plant_write(const gf_solar_plant *p, const char *origin, gf_text *out)
{
    gf_json j;
    gf_json_init(&j, out);
    gf_json_begin(&j, NULL, '{');
    gf_json_cstr(&j, "schema", "gongfu.solar.plant/1");
    gf_json_str(&j, "name", p->name);
    gf_json_cstr(&j, "origin", origin);
    gf_json_real(&j, "lat_deg", p->site.lat_deg, 5);
    gf_json_real(&j, "lon_deg", p->site.lon_deg, 5);
    gf_json_real(&j, "alt_m", p->site.alt_m, 1);
    gf_json_real(&j, "pressure_pa", p->site.pressure_pa, 0);
    gf_json_int(&j, "zone_minutes", p->zone_minutes);
    gf_json_begin(&j, "linke", '[');
    for (size_t i = 0; i < 12; i++)
        gf_json_real(&j, NULL, p->linke[i], 2);
    gf_json_end(&j, ']');
    gf_json_cstr(&j, "transposition", TRANSPOSITIONS[p->transposition]);
    gf_json_cstr(&j, "split", SPLITS[p->split]);
    gf_json_begin(&j, "inverters", '[');
    for (size_t i = 0; i < p->inverter_count; i++) {
        gf_json_begin(&j, NULL, '{');
        gf_json_str(&j, "name", p->inverters[i].name);
        gf_json_real(&j, "ac_w", p->inverters[i].ac0_w, 1);
        gf_json_real(&j, "eta", p->inverters[i].eta_nominal, 4);
        gf_json_end(&j, '}');
    }
    gf_json_end(&j, ']');
    gf_json_begin(&j, "arrays", '[');
    for (size_t i = 0; i < p->array_count; i++)
        write_array(p, &p->arrays[i], &j);
    gf_json_end(&j, ']');
    gf_json_end(&j, '}');
    gf_text_add_char(out, '\n');
}
