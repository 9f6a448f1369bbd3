/* An invented province: counties, towns, villages, units, groups, who is paired with whom.
 *
 * Counties differ in size: villages are shared out by chance weights, two at the least. Every county has ten offices of its own, and one
 * of the province's eight is partner in its group.
 */
#include "app/province.h"

#include <assert.h>

enum { FULL_HOUSEHOLDS = 496000, FULL_PERSONS = 760000, FULL_VILLAGES = 5000, FULL_COUNTY_FUNDS = 40, VILLAGES_LEAST = 2, FIRST_YEAR = 2021 };

/* ---- How much of everything ---- */

static int64_t scaled(int64_t full, int64_t lines) { return full * lines / GF_APP_PROVINCE_LINES; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

static void share_villages(province_world *world)
{
    province_dice dice = province_throw(world->seed, DRAW_COUNTIES, 0);
    int64_t weight[PROVINCE_COUNTIES], sum = 0, before = 0, spare = world->villages - VILLAGES_LEAST * PROVINCE_COUNTIES;
    int turned = (int)province_below(&dice, PROVINCE_COUNTIES);
    for (int i = 0; i < PROVINCE_COUNTIES; i++)
        sum += weight[i] = 4 + province_below(&dice, 7);
    for (int i = 0; i < PROVINCE_COUNTIES; i++) {
        province_county *county = &world->county[i];
        county->first_village = VILLAGES_LEAST * i + spare * before / sum;
        before += weight[i];
        county->village_count = VILLAGES_LEAST * (i + 1) + spare * before / sum - county->first_village;
        county->first_town = world->towns;
        county->town_count = (county->village_count + PROVINCE_TOWN_VILLAGES - 1) / PROVINCE_TOWN_VILLAGES;
        county->name = (i + turned) % PROVINCE_COUNTIES;
        world->towns += county->town_count;
    }
}

void province_world_make(uint64_t seed, int64_t lines, province_world *out)
{
    gf_day day = 0;
    *out = (province_world){ .seed = seed, .rows = lines / 2, .households = scaled(FULL_HOUSEHOLDS, lines), .persons = scaled(FULL_PERSONS, lines) };
    out->villages = most(scaled(FULL_VILLAGES, lines), (int64_t)VILLAGES_LEAST * PROVINCE_COUNTIES);
    out->projects = out->villages * PROVINCE_VILLAGE_PROJECTS;
    out->county_funds = most(scaled(FULL_COUNTY_FUNDS, lines), 2);
    out->cases = out->villages / 2;
    share_villages(out);
    (void)gf_day_make(FIRST_YEAR, 1, 1, &day);
    for (int i = 0; i < PROVINCE_DAYS; i++)
        (void)gf_day_format(day + i, out->day[i]);
}

/* ---- Places ---- */

province_village province_village_at(const province_world *world, int64_t village)
{
    int county = 0;
    while (county < PROVINCE_COUNTIES - 1 && village >= world->county[county + 1].first_village)
        county++;
    int64_t in_county = village - world->county[county].first_village;
    return (province_village){ county, in_county, in_county / PROVINCE_TOWN_VILLAGES };
}

void province_town_code(const province_world *world, int county, int64_t town, char code[PROVINCE_CODE_BYTES])
{
    (void)world;
    (void)snprintf(code, PROVINCE_CODE_BYTES, "9901%02u%03u", ((unsigned)county + 1) % 100, (100 + (unsigned)town) % 1000);
}

void province_village_code(const province_world *world, int64_t village, char code[PROVINCE_CODE_BYTES])
{
    province_village at = province_village_at(world, village);
    (void)snprintf(code, PROVINCE_CODE_BYTES, "9901%02u%03u%03u", ((unsigned)at.county + 1) % 100, (100 + (unsigned)at.town) % 1000, 201 + (unsigned)(at.in_county % PROVINCE_TOWN_VILLAGES));
}

/* Steps through all pairs of words without meeting one twice: the step is a multiple of neither prime. */
static void place_name(const province_world *world, int county, int64_t number, const char *suffix, char name[PROVINCE_NAME_BYTES])
{
    int64_t firsts = PROVINCE_PLACE_FIRST.count, seconds = PROVINCE_PLACE_SECOND.count, step = 1 + 97 * (county + 7);
    province_dice dice = province_throw(world->seed, DRAW_PLACES, county);
    step += step % firsts == 0 || step % seconds == 0 ? 2 : 0;
    int64_t at = (province_below(&dice, firsts * seconds) + number * step) % (firsts * seconds);
    (void)snprintf(name, PROVINCE_NAME_BYTES, "%s%s%s", PROVINCE_PLACE_FIRST.word[at % firsts], PROVINCE_PLACE_SECOND.word[at / firsts], suffix);
}

void province_village_name(const province_world *world, int64_t village, bool bare, char name[PROVINCE_NAME_BYTES])
{
    province_village at = province_village_at(world, village);
    place_name(world, at.county, at.in_county, bare ? "村" : "村(演示)", name);
}

static void town_name(const province_world *world, int county, int64_t town, char name[PROVINCE_NAME_BYTES])
{
    place_name(world, county, town * PROVINCE_TOWN_VILLAGES, town % 3 ? "镇(演示)" : "乡(演示)", name);   /* after its first village */
}

const char *province_county_name(const province_world *world, int county) { return PROVINCE_COUNTY_NAMES.word[world->county[county].name]; }

void province_places(const province_world *world, province_out *out)
{
    char code[PROVINCE_CODE_BYTES], parent[PROVINCE_CODE_BYTES], name[PROVINCE_NAME_BYTES];
    province_row(out, "99,云水省(演示),province,,虚构;不是真实行政区,demo");
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        province_row(out, "9901%02d,%s,county,99,虚构,demo", c + 1, province_county_name(world, c));
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        for (int64_t t = 0; t < world->county[c].town_count; t++) {
            province_town_code(world, c, t, code);
            town_name(world, c, t, name);
            province_row(out, "%s,%s,town,9901%02d,,demo", code, name, c + 1);
        }
    for (int64_t v = 0; v < world->villages && province_goes_on(out); v++) {
        province_village at = province_village_at(world, v);
        province_village_code(world, v, code);
        province_town_code(world, at.county, at.town, parent);
        province_village_name(world, v, false, name);
        province_row(out, "%s,%s,village,%s,,demo", code, name, parent);
    }
}

/* ---- Units and groups ---- */

void province_units(const province_world *world, province_out *out)
{
    for (int i = 0; i < PROVINCE_SHARED_UNITS; i++)
        province_row(out, "pv-u-s%d,%s(演示),%s(演示),%s,,demo", i, PROVINCE_SHARED_OFFICES.word[i], PROVINCE_SHARED_OFFICES.word[i], i == 0 ? "department" : "enterprise");
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        for (int i = 0; i < PROVINCE_UNITS; i++)
            province_row(out, "pv-u-%02d-%d,%s%s,%.6s%s(演示),department,,demo", c + 1, i, province_county_name(world, c), PROVINCE_COUNTY_OFFICES.word[i], province_county_name(world, c),
                         PROVINCE_COUNTY_OFFICES.word[i]);
}

void province_programmes(const province_world *world, province_out *out)
{
    (void)world;
    province_row(out, "province-demo,云水省结对帮扶项目群(演示),Paired assistance of an invented province,pv-u-s0,99,2021-01/2023-12,Asia/Shanghai,虚构的一省,demo");
}

void province_groups(const province_world *world, province_out *out)
{
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        province_row(out, "pv-g-%02d,province-demo,%s结对帮扶团组,pv-u-%02d-0,2021-01/2023-12,%lld,village,exact,demo", c + 1, province_county_name(world, c), c + 1,
                     (long long)world->county[c].village_count);
}

void province_members(const province_world *world, province_out *out)
{
    for (int c = 0; c < PROVINCE_COUNTIES; c++) {
        for (int i = 0; i < PROVINCE_UNITS; i++)
            province_row(out, "pv-m-%02d-%d,pv-g-%02d,pv-u-%02d-%d,%s,%d,%s,2021-01/2023-12,demo", c + 1, i, c + 1, c + 1, i, i ? "member" : "lead", c + 1, province_county_name(world, c));
        province_row(out, "pv-m-%02d-s,pv-g-%02d,pv-u-s%d,partner,%d,%s,2021-01/2023-12,demo", c + 1, c + 1, c % PROVINCE_SHARED_UNITS, c + 1, province_county_name(world, c));
    }
}

/* Every village has a unit of its county; in one of eight another joined later. */
void province_pairings(const province_world *world, province_out *out)
{
    char code[PROVINCE_CODE_BYTES];
    for (int64_t v = 0; v < world->villages && province_goes_on(out); v++) {
        int county = province_village_at(world, v).county, unit = (int)(v % (PROVINCE_UNITS - 1));
        province_village_code(world, v, code);
        province_row(out, "pv-p-%05lld-1,pv-u-%02d-%d,%s,lead,2021-01/2023-12,demo", (long long)v, county + 1, 1 + unit, code);
        if (v % 8 == 0)
            province_row(out, "pv-p-%05lld-2,pv-u-%02d-%d,%s,partner,2022-03/2023-12,demo", (long long)v, county + 1, 1 + (unit + 4) % (PROVINCE_UNITS - 1), code);
    }
}
