/* solar_table FILE…: the solar room against tables of cases. The kind of a table is told by its base name; each row that has a
 * tolerance is one check over all its outputs. chain_* are two checks (plane irradiance, power), fault_stale_* one, and
 * spa_nrel_intermediates one a quantity, to the decimals that the report prints. performance_ratio finds its plant_* beside it.
 * Last line: N passed, N failed.
 */
#include "file/gf_file.h"
#include "solar/gf_solar_plant.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 40, TEXT_BYTES = 120 };

typedef struct counts { size_t passed, failed; } counts;
typedef struct table { gf_file_csv *csv; gf_str rest; const char *path; char head[COLUMNS_MAX][TEXT_BYTES], cell[COLUMNS_MAX][TEXT_BYTES]; size_t columns; } table;

/* ---- Reading ---- */

static bool read_all(gf_arena *arena, const char *path, gf_str *out)
{
    FILE *file = fopen(path, "rb");
    gf_text text;
    char part[65536];
    gf_text_init(&text, arena);
    for (size_t got; file && (got = fread(part, 1, sizeof part, file)) > 0;)
        gf_text_add(&text, (gf_str){ part, got });
    bool done = file && !ferror(file);
    if (file)
        (void)fclose(file);
    *out = gf_text_str(&text);
    return done && gf_text_done(&text, NULL) == GF_OK;
}

static size_t read_memory(void *context, char *bytes, size_t room)
{
    gf_str *rest = context;
    size_t len = rest->len < room ? rest->len : room;
    memcpy(bytes, rest->data, len);
    *rest = gf_str_slice(*rest, len, rest->len);
    return len;
}

static bool next_row(table *t, char (*into)[TEXT_BYTES], size_t *columns)
{
    const gf_str *fields;
    size_t count;
    if (gf_file_csv_next(t->csv, &fields, &count, NULL) != GF_OK || !count)
        return false;
    for (size_t i = 0; i < COLUMNS_MAX; i++)
        (void)snprintf(into[i], TEXT_BYTES, "%.*s", i < count ? (int)fields[i].len : 0, i < count ? fields[i].data : "");
    if (columns)
        *columns = count < COLUMNS_MAX ? count : COLUMNS_MAX;
    return true;
}

static bool open_table(table *t, gf_arena *arena, const char *path)
{
    const gf_file_csv_options options = { .name = path };
    *t = (table){ .path = path };
    return read_all(arena, path, &t->rest) && gf_file_csv_open(&options, read_memory, &t->rest, &t->csv, NULL) == GF_OK && next_row(t, t->head, &t->columns);
}

static bool next(table *t) { return next_row(t, t->cell, NULL); }

static const char *text(const table *t, const char *column)
{
    for (size_t i = 0; i < t->columns; i++)
        if (strcmp(t->head[i], column) == 0)
            return t->cell[i];
    return "";
}

/* NAN for an empty cell and for "nan". */
static double number(const table *t, const char *column)
{
    const char *cell = text(t, column);
    return *cell ? strtod(cell, NULL) : NAN;
}

/* "u0=25;u1=6.84": the value of a name. */
static double param(const table *t, const char *name)
{
    gf_str rest = gf_str_of(text(t, "params")), piece;
    while (gf_str_cut(&rest, ';', &piece)) {
        size_t len = strlen(name);
        if (piece.len > len && memcmp(piece.data, name, len) == 0 && piece.data[len] == '=')
            return strtod(piece.data + len + 1, NULL);
    }
    return NAN;
}

static gf_utc_ms instant(const char *text_of_it)
{
    gf_utc_ms at = 0;
    return gf_utc_parse(gf_str_of(text_of_it), &at) ? at : INT64_MIN;
}

/* ---- Judging ---- */

typedef struct verdict { counts *c; const table *t; double tol; bool ok; size_t seen; } verdict;

static verdict begin(counts *c, const table *t)
{
    const char *tol = text(t, "tol");
    return (verdict){ c, t, strtod(*tol ? tol : text(t, "tol_s"), NULL), true, 0 };
}

/* An expectation that is not given is none; nan is expected where it is written. */
static void expect(verdict *v, const char *column, double got)
{
    const char *cell = text(v->t, column);
    if (!*cell)
        return;
    double wanted = strtod(cell, NULL);
    bool ok = isnan(wanted) ? isnan(got) : fabs(got - wanted) <= v->tol;
    v->seen++;
    if (!ok)
        printf("FAIL %s %s: expected %s, got %.12g (tolerance %g)\n", v->t->cell[0], column, cell, got, v->tol);
    v->ok = v->ok && ok;
}

static void end(verdict *v)
{
    bool ok = v->ok && v->seen > 0 && v->tol > 0;
    if (v->seen == 0)
        printf("FAIL %s: nothing was compared\n", v->t->cell[0]);
    v->c->passed += ok;
    v->c->failed += !ok;
}

static void say(counts *c, bool ok, const char *path, const char *what)
{
    printf("%s %s: %s\n", ok ? "ok  " : "FAIL", path, what);
    c->passed += ok;
    c->failed += !ok;
}

/* ---- A row of each kind ---- */

static void row_position(const table *t, verdict *v)
{
    const gf_solar_site site = { number(t, "lat_deg"), number(t, "lon_deg"), number(t, "alt_m"), number(t, "pressure_hpa") * 100, number(t, "temp_c"), number(t, "refract_deg") };
    gf_utc_ms at = instant(text(t, "utc"));
    gf_solar_sun sun[2];
    gf_solar_position(&site, at, number(t, "delta_t_s"), &sun[0]);
    gf_solar_positions(&site, &at, 1, number(t, "delta_t_s"), &sun[1]);
    for (size_t i = 0; i < 2; i++) {   /* in full, and by the day */
        expect(v, "zenith_deg", sun[i].zenith_deg);
        expect(v, "apparent_zenith_deg", sun[i].apparent_zenith_deg);
        expect(v, "elevation_deg", 90 - sun[i].zenith_deg);
        expect(v, "apparent_elevation_deg", 90 - sun[i].apparent_zenith_deg);
        expect(v, "azimuth_deg", sun[i].azimuth_deg);
        expect(v, "eot_min", sun[i].eot_min);
    }
}

static void row_terms(const table *t, verdict *v)
{
    /* The report's example: 2003-10-17 12:30:30 at UTC-7, Golden; delta T 67 s. */
    const gf_solar_site site = { 39.742476, -105.1786, 1830.14, 82000, 11, 0.5667 };
    gf_utc_ms at = instant("2003-10-17T19:30:30Z");
    gf_solar_terms s;
    gf_solar_sun sun;
    gf_solar_terms_at(at, 67, &s);
    gf_solar_position(&site, at, 67, &sun);
    gf_solar_parallax p;
    gf_solar_parallax_of(&site, &s, &p);
    const struct { const char *name; double value; } ALL[] = {
        { "xi_deg", p.xi }, { "dAlpha_deg", p.shift }, { "alpha_prime_deg", s.alpha + p.shift }, { "delta_prime_deg", p.delta }, { "H_prime_deg", s.nu + site.lon_deg - s.alpha - p.shift },
        { "JD", s.jd }, { "JC", s.jc }, { "JDE", s.jde }, { "JCE", s.jce }, { "JME", s.jme }, { "L_deg", s.l }, { "B_deg", s.b }, { "R_au", s.r },
        { "Theta_deg", s.theta }, { "beta_deg", s.beta }, { "X0_deg", s.x[0] }, { "X1_deg", s.x[1] }, { "X2_deg", s.x[2] }, { "X3_deg", s.x[3] },
        { "X4_deg", s.x[4] }, { "dPsi_deg", s.dpsi }, { "dEpsilon_deg", s.deps }, { "epsilon0_arcsec", s.eps0_arcsec }, { "epsilon_deg", s.eps },
        { "dTau_deg", s.dtau }, { "lambda_deg", s.lambda }, { "nu0_deg", s.nu0 }, { "nu_deg", s.nu }, { "alpha_deg", s.alpha }, { "delta_deg", s.delta },
        { "H_deg", s.nu + site.lon_deg - s.alpha }, { "e0_deg", 90 - sun.zenith_deg }, { "de_deg", sun.zenith_deg - sun.apparent_zenith_deg },
        { "e_deg", 90 - sun.apparent_zenith_deg }, { "theta_deg", sun.apparent_zenith_deg }, { "Phi_deg", sun.azimuth_deg }, { "Gamma_deg", sun.azimuth_deg - 180 },
    };
    v->tol = 1.01 * pow(10, -number(t, "decimals"));
    for (size_t i = 0; i < GF_COUNT(ALL); i++)
        if (strcmp(text(t, "quantity"), ALL[i].name) == 0)
            expect(v, "value", ALL[i].value);
}

static void row_delta_t(const table *t, verdict *v) { expect(v, "delta_t_s", gf_solar_delta_t((int)number(t, "year"), (int)number(t, "month"))); }

static void row_rise(const table *t, verdict *v)
{
    static const char *const COLUMNS[3] = { "sunrise_utc", "sunset_utc", "transit_utc" };
    gf_solar_site site = GF_SOLAR_SITE_DEFAULT;
    gf_solar_rise rise;
    gf_period day;
    site.lat_deg = number(t, "lat_deg");
    site.lon_deg = number(t, "lon_deg");
    if (gf_period_parse(gf_str_of(text(t, "local_date")), &day, NULL) != GF_OK)
        return;
    gf_solar_rise_of(&site, day.first, (int)(lround(site.lon_deg / 15) * 60), number(t, "delta_t_s"), &rise);
    const gf_utc_ms got[3] = { rise.sunrise_nrel, rise.sunset_nrel, rise.transit };
    for (size_t i = 0; i < 3; i++) {
        const char *cell = text(t, COLUMNS[i]);
        if (!*cell)
            continue;
        double apart_s = (double)(got[i] - instant(cell)) / 1000;
        v->seen++;
        if (rise.rising != GF_SOLAR_RISES || fabs(apart_s) > v->tol) {
            v->ok = false;
            printf("FAIL %s %s: expected %s, %.2f s apart\n", t->cell[0], COLUMNS[i], cell, apart_s);
        }
    }
}

static void row_air_mass(const table *t, verdict *v)
{
    static const struct { const char *name; gf_solar_mass model; } MODELS[] = {
        { "simple", GF_SOLAR_MASS_SIMPLE }, { "kasten1966", GF_SOLAR_MASS_KASTEN }, { "pickering2002", GF_SOLAR_MASS_PICKERING }, { "kastenyoung1989", GF_SOLAR_MASS_KASTEN_YOUNG },
    };
    for (size_t i = 0; i < GF_COUNT(MODELS); i++)
        if (strcmp(text(t, "model"), MODELS[i].name) == 0)
            expect(v, "relative_airmass", gf_solar_air_mass(MODELS[i].model, number(t, "zenith_deg")));
}

static void row_pressure(const table *t, verdict *v)
{
    expect(v, "y", strcmp(text(t, "fn"), "pres2alt") == 0 ? gf_solar_altitude_of(number(t, "x")) : gf_solar_pressure_at(number(t, "x")));
}

static void row_extra(const table *t, verdict *v)
{
    const char *method = text(t, "method");
    double doy = number(t, "doy");
    gf_day first;
    if (strcmp(method, "spencer") == 0)
        expect(v, "w_m2", gf_solar_extra_spencer(doy, GF_SOLAR_CONSTANT));
    else if (strcmp(method, "asce") == 0)
        expect(v, "w_m2", gf_solar_extra_asce(doy, GF_SOLAR_CONSTANT));
    else if (strcmp(method, "nrel") == 0 && gf_day_make((int)number(t, "year"), 1, 1, &first)) {
        gf_solar_terms s;
        gf_solar_terms_at((first + (gf_utc_ms)doy - 1) * 86400000, NAN, &s);
        expect(v, "w_m2", gf_solar_extra_distance(s.r, GF_SOLAR_CONSTANT));
    }
}

static void row_ineichen(const table *t, verdict *v)
{
    gf_solar_sky sky;
    gf_solar_clear_ineichen(number(t, "apparent_zenith_deg"), number(t, "airmass_absolute"), number(t, "linke_turbidity"), number(t, "alt_m"), number(t, "dni_extra"),
                            number(t, "perez_enhancement") > 0, &sky);
    expect(v, "ghi", sky.ghi);
    expect(v, "dni", sky.dni);
    expect(v, "dhi", sky.dhi);
}

static void row_haurwitz(const table *t, verdict *v) { expect(v, "ghi", gf_solar_clear_haurwitz(number(t, "apparent_zenith_deg"))); }

static void row_split(const table *t, verdict *v)
{
    static const struct { const char *name; gf_solar_split model; } MODELS[] = {
        { "erbs", GF_SOLAR_ERBS }, { "disc", GF_SOLAR_DISC }, { "orgill_hollands", GF_SOLAR_ORGILL_HOLLANDS }, { "boland", GF_SOLAR_BOLAND },
    };
    for (size_t i = 0; i < GF_COUNT(MODELS); i++)
        if (strcmp(text(t, "model"), MODELS[i].name) == 0) {
            gf_solar_sky sky;
            double kt;
            gf_solar_split_global(MODELS[i].model, number(t, "ghi"), number(t, "zenith_deg"), number(t, "doy"), number(t, "pressure_pa"), &sky, &kt);
            expect(v, "dni", sky.dni);
            expect(v, "dhi", sky.dhi);
            expect(v, "kt", kt);
        }
}

static void row_sky(const table *t, verdict *v)
{
    static const char *const MODELS[] = { "isotropic", "klucher", "haydavies", "reindl", "perez", "perez-driesse" };
    const gf_solar_plane_in in = { number(t, "tilt_deg"), number(t, "surf_azimuth_deg"), number(t, "solar_zenith_deg"), number(t, "solar_azimuth_deg"), number(t, "ghi"),
                                   number(t, "dni"), number(t, "dhi"), number(t, "dni_extra"), number(t, "airmass_relative"), 0.2 };
    for (size_t i = 0; i < GF_COUNT(MODELS); i++)
        if (strcmp(text(t, "model"), MODELS[i]) == 0)
            expect(v, "poa_sky_diffuse", gf_solar_sky_on_plane((gf_solar_transposition)i, &in));
}

static void row_aoi(const table *t, verdict *v)
{
    double cosine = gf_solar_aoi_cos(number(t, "tilt_deg"), number(t, "surf_azimuth_deg"), number(t, "solar_zenith_deg"), number(t, "solar_azimuth_deg"));
    expect(v, "cos_aoi", cosine);
    expect(v, "aoi_deg", acos(cosine) * 180 / acos(-1));
}

static void row_ground(const table *t, verdict *v) { expect(v, "poa_ground_diffuse", gf_solar_ground_on_plane(number(t, "tilt_deg"), number(t, "ghi"), number(t, "albedo"))); }

static void row_iam(const table *t, verdict *v)
{
    const char *model = text(t, "model");
    double aoi = number(t, "aoi_deg");
    expect(v, "iam", strcmp(model, "physical") == 0 ? gf_solar_iam_physical(aoi, param(t, "n"), param(t, "K"), param(t, "L"))
                     : strcmp(model, "ashrae") == 0 ? gf_solar_iam_ashrae(aoi, param(t, "b")) : gf_solar_iam_martin_ruiz(aoi, param(t, "a_r")));
}

static void row_heat(const table *t, verdict *v)
{
    const char *model = text(t, "model");
    double poa = number(t, "poa_w_m2"), air = number(t, "temp_air_c"), wind = number(t, "wind_m_s"), got = INFINITY;
    if (strcmp(model, "sapm_module") == 0) got = gf_solar_temp_sapm_module(poa, air, wind, param(t, "a"), param(t, "b"));
    if (strcmp(model, "sapm_cell") == 0) got = gf_solar_temp_sapm_cell(poa, air, wind, param(t, "a"), param(t, "b"), param(t, "deltaT"));
    if (strcmp(model, "faiman") == 0) got = gf_solar_temp_faiman(poa, air, wind, param(t, "u0"), param(t, "u1"));
    if (strcmp(model, "pvsyst_cell") == 0) got = gf_solar_temp_pvsyst(poa, air, wind, param(t, "u_c"), param(t, "u_v"), param(t, "module_efficiency"), param(t, "alpha_absorption"));
    if (strcmp(model, "noct_sam") == 0) got = gf_solar_temp_noct(poa, air, wind, param(t, "noct"), param(t, "module_efficiency"), param(t, "ta"), (int)param(t, "h"), param(t, "standoff"));
    if (strcmp(model, "ross") == 0) got = gf_solar_temp_ross(poa, air, param(t, "noct"));
    expect(v, "temp_c", got);
}

static void row_dc(const table *t, verdict *v)
{
    expect(v, "pdc_w", gf_solar_pvwatts_dc(number(t, "poa_effective"), number(t, "temp_cell_c"), number(t, "pdc0_w"), number(t, "gamma_per_c"), number(t, "temp_ref_c")));
}

static void row_ac(const table *t, verdict *v) { expect(v, "pac_w", gf_solar_pvwatts_ac(number(t, "pdc_w"), number(t, "pdc0_w"), number(t, "eta_nom"), number(t, "eta_ref"))); }

static void row_losses(const table *t, verdict *v)
{
    static const char *const NAMES[GF_SOLAR_LOSSES] = { "soiling", "shading", "snow", "mismatch", "wiring", "connections", "lid", "nameplate_rating", "age", "availability" };
    double percent[GF_SOLAR_LOSSES];
    for (size_t i = 0; i < GF_SOLAR_LOSSES; i++)
        percent[i] = number(t, NAMES[i]);
    expect(v, "total_loss_pct", gf_solar_pvwatts_losses(percent));
}

/* ---- Whole files ---- */

enum { ROWS_MAX = 20000 };

/* Denver, hour h covers h to h + 1, the sun at half past; 1990 is a year of 365 days, as the export is. */
static void file_chain(table *t, counts *c, gf_arena *arena)
{
    static const gf_solar_inverter INVERTER = { .name = { "", 0 }, .ac0_w = 4000 / 1.2, .eta_nominal = 0.96 };
    gf_solar_array array = GF_SOLAR_ARRAY_DEFAULT;
    gf_solar_plant plant = { .site = { 39.73, -105.18, 1820, gf_solar_pressure_at(1820), 12, 0.5667 }, .zone_minutes = -420, .arrays = &array, .array_count = 1,
                             .inverters = &INVERTER, .inverter_count = 1, .transposition = GF_SOLAR_PEREZ };
    gf_solar_weather *w = gf_new(arena, gf_solar_weather, ROWS_MAX);
    gf_solar_yield *got = gf_new(arena, gf_solar_yield, ROWS_MAX);
    double (*wanted)[3] = gf_arena_alloc(arena, ROWS_MAX, sizeof *wanted);
    size_t count = 0;
    array.dc0_w = 4000;
    array.gamma_per_c = -0.0047;
    array.loss = 0.1408;
    array.soiling = 0;
    array.heat_model = GF_SOLAR_HEAT_FUENTES;
    array.heat[0] = 45;
    for (size_t i = 0; i < 12; i++)
        plant.linke[i] = 3;
    for (; w && got && wanted && count < ROWS_MAX && next(t); count++) {
        gf_day day = 0;
        (void)gf_day_make(1990, (int)number(t, "month"), (int)number(t, "day"), &day);
        gf_utc_ms at = ((gf_utc_ms)day * 24 + (gf_utc_ms)number(t, "hour") + 7) * 3600000 + 1800000;
        w[count] = (gf_solar_weather){ at, NAN, number(t, "dni"), number(t, "dhi"), NAN, number(t, "temp_air_c"), number(t, "wind_m_s") };
        wanted[count][0] = number(t, "poa_w_m2");
        wanted[count][1] = number(t, "dc_w");
        wanted[count][2] = number(t, "ac_w");
    }
    if (gf_solar_plant_check(&plant, NULL) != GF_OK || !count) {
        say(c, false, t->path, "the table cannot be read");
        return;
    }
    gf_solar_plant_run(&plant, w, count, &(gf_solar_run_options){ .step_s = 3600, .delta_t_s = NAN }, got, NULL);
    double apart = 0, poa = 0, poa_wanted = 0, dc = 0, dc_wanted = 0, dc_apart = 0, ac_worst = 0;
    for (size_t i = 0; i < count; i++) {
        apart += fabs(got[i].poa - wanted[i][0]);
        poa += got[i].poa;
        poa_wanted += wanted[i][0];
        dc += got[i].dc_w;
        dc_wanted += wanted[i][1];
        dc_apart += fabs(got[i].dc_w - wanted[i][1]);
        ac_worst = fmax(ac_worst, fabs(gf_solar_pvwatts_ac(wanted[i][1], INVERTER.ac0_w / 0.96, 0.96, 0.9637) - wanted[i][2]));
    }
    char line[200];
    double mae = apart / (double)count, poa_off = poa / poa_wanted - 1, dc_off = dc / dc_wanted - 1;
    (void)snprintf(line, sizeof line, "plane: mean error of %zu hours %.3f W/m2 (1.5), of the sum %.4f %% (0.1)", count, mae, poa_off * 100);
    say(c, mae <= 1.5 && fabs(poa_off) <= 0.001, t->path, line);
    (void)snprintf(line, sizeof line, "power: DC sum %.4f %% (0.3), mean error %.2f W; AC from their DC, worst %.4f W (0.1)", dc_off * 100, dc_apart / (double)count, ac_worst);
    say(c, fabs(dc_off) <= 0.003 && ac_worst <= 0.1, t->path, line);
}

static void file_stale(table *t, counts *c, gf_arena *arena)
{
    double *value = gf_new(arena, double, ROWS_MAX);
    bool *fault = gf_new(arena, bool, ROWS_MAX), *flag = gf_new(arena, bool, ROWS_MAX);
    size_t count = 0, hit = 0, said = 0, true_count = 0;
    for (; value && fault && flag && count < ROWS_MAX && next(t); count++) {
        value[count] = number(t, "value_normalized");
        fault[count] = number(t, "fault") > 0;
    }
    gf_solar_mark_stale(value, count, flag);
    for (size_t i = 0; i < count; i++) {
        hit += fault[i] && flag[i];
        said += flag[i];
        true_count += fault[i];
    }
    char line[120];
    double recall = (double)hit / (double)true_count, precision = (double)hit / (double)said;
    (void)snprintf(line, sizeof line, "stale: %zu readings, %zu labelled, recall %.3f precision %.3f", count, true_count, recall, precision);
    say(c, recall >= 0.9 && precision >= 0.9, t->path, line);
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

typedef struct plant_rows { gf_solar_weather *weather; double *ac_kw; char (*day)[11]; size_t count; } plant_rows;

/* Of `dataset` the month is part of the file's name: the one that is there. */
static bool read_plant(gf_arena *arena, const table *ratios, plant_rows *p)
{
    static const char *const MONTHS[] = { "_2022-01.csv", ".csv" };
    table t = { 0 };
    char path[400];
    bool open = false;
    for (size_t i = 0; i < GF_COUNT(MONTHS) && !open; i++) {
        (void)snprintf(path, sizeof path, "%.*s%s%s", (int)(name_of(ratios->path) - ratios->path), ratios->path, text(ratios, "dataset"), MONTHS[i]);
        open = open_table(&t, arena, path);
    }
    *p = (plant_rows){ gf_new(arena, gf_solar_weather, ROWS_MAX), gf_new(arena, double, ROWS_MAX), gf_arena_alloc(arena, ROWS_MAX, sizeof *p->day), 0 };
    for (; open && p->weather && p->ac_kw && p->day && p->count < ROWS_MAX && next(&t); p->count++) {
        p->weather[p->count] = (gf_solar_weather){ .poa = number(&t, "poa_w_m2"), .air_c = number(&t, "temp_air_c"), .wind_m_s = number(&t, "wind_m_s") };
        p->ac_kw[p->count] = number(&t, "inv2_ac_w") / 1000;
        (void)snprintf(p->day[p->count], 11, "%.10s", text(&t, "local_time"));
    }
    gf_file_csv_close(t.csv);
    return p->count > 0;
}

static void file_ratio(table *t, counts *c, gf_arena *arena)
{
    static const double HEAT[3] = { -3.56, -0.075, 3 };
    plant_rows p = { 0 };
    while (next(t)) {
        verdict v = begin(c, t);
        const char *period = text(t, "period");
        bool all = strcmp(period, "all") == 0;
        size_t first = 0, last;
        gf_solar_ratio ratio = { NAN, NAN, 0 };
        if (p.count || read_plant(arena, t, &p)) {
            while (!all && first < p.count && strcmp(p.day[first], period) != 0)
                first++;
            for (last = first; last < p.count && (all || strcmp(p.day[last], period) == 0); last++)
                ;
            gf_solar_performance_ratio(p.weather + first, p.ac_kw + first, last - first, number(t, "pdc0_kw"), -0.00433, HEAT, NAN, &ratio);
        }
        expect(&v, "pr_nrel_weather_corrected", ratio.corrected);
        end(&v);
    }
}

/* ---- All kinds ---- */

static const struct { const char *prefix; void (*row)(const table *, verdict *); void (*file)(table *, counts *, gf_arena *); } KINDS[] = {
    { "spa_position", row_position, NULL }, { "spa_nrel_intermediates", row_terms, NULL }, { "delta_t", row_delta_t, NULL }, { "sun_rise_set", row_rise, NULL },
    { "airmass", row_air_mass, NULL }, { "pressure_altitude", row_pressure, NULL }, { "extra_radiation", row_extra, NULL },
    { "clearsky_ineichen", row_ineichen, NULL }, { "clearsky_haurwitz", row_haurwitz, NULL }, { "decomposition", row_split, NULL },
    { "transposition_sky_diffuse", row_sky, NULL }, { "aoi", row_aoi, NULL }, { "ground_diffuse", row_ground, NULL }, { "iam", row_iam, NULL },
    { "cell_temperature", row_heat, NULL }, { "pvwatts_dc", row_dc, NULL }, { "pvwatts_ac", row_ac, NULL }, { "pvwatts_losses", row_losses, NULL },
    { "chain_", NULL, file_chain }, { "fault_stale", NULL, file_stale }, { "performance_ratio", NULL, file_ratio },
};

static void check_table(const char *path, counts *c)
{
    gf_arena *arena = gf_arena_open(256 * GF_MIB);
    static table t;
    size_t kind = 0;
    while (kind < GF_COUNT(KINDS) && strncmp(name_of(path), KINDS[kind].prefix, strlen(KINDS[kind].prefix)) != 0)
        kind++;
    if (kind == GF_COUNT(KINDS))
        printf("%s: no table of cases, nothing to check\n", path);
    else if (!arena || !open_table(&t, arena, path))
        say(c, false, path, "the table cannot be read");
    else if (KINDS[kind].file)
        KINDS[kind].file(&t, c, arena);
    else
        while (next(&t)) {
            verdict v = begin(c, &t);
            KINDS[kind].row(&t, &v);
            end(&v);
        }
    if (kind < GF_COUNT(KINDS))
        gf_file_csv_close(t.csv);
    t.csv = NULL;
    gf_arena_close(arena);
}

int main(int argc, char **argv)
{
    counts c = { 0, 0 };
    for (int i = 1; i < argc; i++)
        check_table(argv[i], &c);
    printf("%zu passed, %zu failed\n", c.passed, c.failed);
    return c.failed == 0 && c.passed > 0 ? 0 : 1;
}
