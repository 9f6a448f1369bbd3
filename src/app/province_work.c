/* An invented province: projects with their stages and funds, who is posted where, what is measured, what goes wrong. */
#include "app/province.h"

#include <string.h>

enum { COUNTY_CADRES = 3, COUNTY_INDICATORS = 3, STAGE_ACCEPTED = 4, STAGE_HANDED_OVER = 5, YEARS = 3, STEPS_MOST = 8 };

static const char *const STAGES[] = { "proposed", "approved", "contracted", "building", "accepted", "handed_over" };

/* ---- Projects ---- */

province_project province_project_at(const province_world *world, int64_t project)
{
    int64_t village = project / PROVINCE_VILLAGE_PROJECTS;
    province_dice dice = province_throw(world->seed, DRAW_PROJECTS, project);
    province_project out = { .village = village, .county = province_village_at(world, village).county };
    out.fund = province_below(&dice, world->county_funds);
    out.unit = 1 + (int)province_below(&dice, PROVINCE_UNITS - 1);
    out.subject = province_word(&dice, &PROVINCE_SUBJECTS);
    out.stage = province_chance(&dice, 50) ? STAGE_HANDED_OVER : (int)province_below(&dice, STAGE_HANDED_OVER + 1);
    return out;
}

void province_projects(const province_world *world, province_out *out)
{
    char code[PROVINCE_CODE_BYTES], village[PROVINCE_NAME_BYTES];
    for (int64_t i = 0; i < world->projects && province_goes_on(out); i++) {
        province_project p = province_project_at(world, i);
        province_dice dice = province_throw(world->seed, DRAW_BUDGETS, i);
        int year = 2021 + (int)province_below(&dice, YEARS);
        char other[24] = "";
        if (province_chance(&dice, 20))
            (void)snprintf(other, sizeof other, ";pv-u-s%d", (int)province_below(&dice, PROVINCE_SHARED_UNITS));
        province_village_code(world, p.village, code);
        province_village_name(world, p.village, true, village);
        province_row(out, "pv-pr-%05lld,%s%s(演示),pv-u-%02d-%d%s,%s,%s,%d-%02d/2023-12,%lld00,demo", (long long)i, village, p.subject, p.county + 1, p.unit, other, code, STAGES[p.stage], year,
                     1 + (int)province_below(&dice, 12), (long long)(100000 + 5000 * province_below(&dice, 1000)));
    }
}

void province_project_stages(const province_world *world, province_out *out)
{
    for (int64_t i = 0; i < world->projects && province_goes_on(out); i++) {
        province_project p = province_project_at(world, i);
        province_dice dice = province_throw(world->seed, DRAW_STAGES, i);
        int64_t day = province_below(&dice, PROVINCE_DAYS / 2);
        char keeper[PROVINCE_NAME_BYTES] = "";
        for (int s = 0; s <= p.stage; s++) {
            if (s == STAGE_ACCEPTED)
                province_person_name(&dice, keeper);
            province_row(out, "pv-ps-%05lld-%d,pv-pr-%05lld,%s,%s,%s,demo", (long long)i, s, (long long)i, STAGES[s], world->day[day], s == STAGE_ACCEPTED ? keeper : "");
            day += province_below(&dice, (PROVINCE_DAYS - day) / 3);
        }
    }
}

void province_project_conditions(const province_world *world, province_out *out)
{
    static const char *const KINDS[] = { "land", "money", "permit", "other" }, *const STATES[] = { "open", "sought", "met" };
    for (int64_t i = 0; i < world->projects && province_goes_on(out); i++) {
        province_dice dice = province_throw(world->seed, DRAW_CONDITIONS, i);
        if (province_chance(&dice, 25))
            province_row(out, "pv-pc-%05lld,pv-pr-%05lld,%s,%s,demo", (long long)i, (long long)i, KINDS[province_below(&dice, 4)], STATES[province_below(&dice, 3)]);
    }
}

void province_funds(const province_world *world, province_out *out)
{
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        for (int64_t f = 0; f < world->county_funds; f++) {
            const char *subject = PROVINCE_SUBJECTS.word[f % PROVINCE_SUBJECTS.count];
            province_row(out, "pv-f-%02d-%02lld,%s%s资金%lld,province-demo,pv-u-%02d-%lld,%s,9901%02d,2021-01/2023-12,demo", c + 1, (long long)f, province_county_name(world, c), subject, (long long)f + 1,
                         c + 1, (long long)(f % PROVINCE_UNITS), subject, c + 1);
        }
}

/* What stands of projects that were accepted. */
void province_assets(const province_world *world, province_out *out)
{
    char code[PROVINCE_CODE_BYTES], village[PROVINCE_NAME_BYTES], keeper[PROVINCE_NAME_BYTES];
    for (int64_t i = 0; i < world->projects && province_goes_on(out); i++) {
        province_project p = province_project_at(world, i);
        province_dice dice = province_throw(world->seed, DRAW_ASSETS, i);
        if (p.stage < STAGE_ACCEPTED)
            continue;
        province_village_code(world, p.village, code);
        province_village_name(world, p.village, true, village);
        province_person_name(&dice, keeper);
        province_row(out, "pv-as-%05lld,%s%s资产(演示),%s,%s,pv-pr-%05lld,pv-u-%02d-%d,%s,%s,demo", (long long)i, village, p.subject, code, code, (long long)i, p.county + 1, p.unit,
                     world->day[PROVINCE_DAYS / 2 + province_below(&dice, PROVINCE_DAYS / 2)], keeper);
    }
}

/* ---- Cadres: one for each town, and some in the county's seat ---- */

typedef struct cadre { int county, unit; char place[PROVINCE_CODE_BYTES], name[PROVINCE_NAME_BYTES]; const char *post; int64_t phone, first_month; } cadre;

static cadre cadre_at(const province_world *world, int64_t number)
{
    province_dice dice = province_throw(world->seed, DRAW_CADRES, number);
    cadre out = { .county = (int)((number - world->towns) / COUNTY_CADRES) };
    if (number < world->towns) {
        out.county = 0;
        while (out.county < PROVINCE_COUNTIES - 1 && number >= world->county[out.county + 1].first_town)
            out.county++;
        province_town_code(world, out.county, number - world->county[out.county].first_town, out.place);
    } else
        (void)snprintf(out.place, sizeof out.place, "9901%02d", out.county + 1);
    out.unit = (int)province_below(&dice, PROVINCE_UNITS);
    province_person_name(&dice, out.name);
    out.post = province_word(&dice, &PROVINCE_POSTS);
    out.phone = province_below(&dice, 1000000000);
    out.first_month = 1 + province_below(&dice, 12);
    return out;
}

static int64_t cadre_count(const province_world *world) { return world->towns + COUNTY_CADRES * PROVINCE_COUNTIES; }

void province_persons(const province_world *world, province_out *out)
{
    for (int64_t i = 0; i < cadre_count(world) && province_goes_on(out); i++) {
        cadre c = cadre_at(world, i);
        province_row(out, "pv-pe-%04lld,%s,pv-u-%02d-%d,%s,%s,10%09lld,demo", (long long)i, c.post, c.county + 1, c.unit, c.place, c.name, (long long)c.phone);
    }
}

void province_assignments(const province_world *world, province_out *out)
{
    for (int64_t i = 0; i < cadre_count(world) && province_goes_on(out); i++) {
        cadre c = cadre_at(world, i);
        province_row(out, "pv-a-%04lld,pv-pe-%04lld,pv-u-%02d-%d,%s,%s,2021-%02d/2023-12,demo", (long long)i, (long long)i, c.county + 1, c.unit, c.place, c.post, (int)c.first_month);
    }
}

/* ---- Indicators ---- */

static const struct { const char *name, *unit; int64_t base, target, spread; } INDICATORS[COUNTY_INDICATORS] = {
    { "村均集体经营收入", "CNY", 180000, 300000, 40000 }, { "低收入农户人均可支配收入", "CNY", 14000, 20000, 2000 }, { "乡村旅游人次", "person", 320000, 500000, 60000 },
};

void province_indicators(const province_world *world, province_out *out)
{
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        for (int k = 0; k < COUNTY_INDICATORS; k++)
            province_row(out, "pv-i-%02d-%d,%s%s,9901%02d,pv-u-%02d-%d,%s,observations,2020,%lld,2023,demo", c + 1, k, province_county_name(world, c), INDICATORS[k].name, c + 1, c + 1, k + 1, INDICATORS[k].unit,
                         (long long)INDICATORS[k].target);
}

void province_observations(const province_world *world, province_out *out)
{
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        for (int k = 0; k < COUNTY_INDICATORS; k++) {
            province_dice dice = province_throw(world->seed, DRAW_OBSERVED, c * COUNTY_INDICATORS + k);
            int64_t value = INDICATORS[k].base;
            for (int year = 0; year <= YEARS; year++) {
                province_row(out, "pv-o-%02d-%d-%d,pv-i-%02d-%d,9901%02d,%d,%lld,%s,exact,年报,demo", c + 1, k, year, c + 1, k, c + 1, 2020 + year, (long long)value, INDICATORS[k].unit);
                value += province_below(&dice, INDICATORS[k].spread);
            }
        }
}

/* ---- Cases: one for every other village ---- */

/* Stages in the order of app/case.c; those whose bit is set in `proof` need a document. */
static const struct { const char *kind; const char *stage[STEPS_MOST]; int count; unsigned proof; } CHAINS[] = {
    { "risk", { "clue", "checked", "reviewed", "noticed", "town_review", "decided", "removal", "closed" }, 8, 1u << 5 | 1u << 6 | 1u << 7 },
    { "field", { "found", "reviewed", "assigned", "checked", "handled", "looked_again", "closed" }, 7, 1u << 3 | 1u << 4 | 1u << 5 | 1u << 6 },
};

typedef struct trouble { int64_t village, town; int county, chain, steps; const char *what; province_dice dice; } trouble;

static trouble trouble_at(const province_world *world, int64_t number)
{
    trouble out = { .village = number * 2, .dice = province_throw(world->seed, DRAW_CASES, number) };
    province_village at = province_village_at(world, out.village);
    out.county = at.county;
    out.town = world->county[at.county].first_town + at.town;
    out.chain = province_chance(&out.dice, 35);
    out.steps = 1 + (int)province_below(&out.dice, CHAINS[out.chain].count + 4);
    out.steps = out.steps > CHAINS[out.chain].count ? CHAINS[out.chain].count : out.steps;
    out.what = out.chain ? "地块堆土" : province_word(&out.dice, &PROVINCE_TROUBLES);
    return out;
}

static int64_t opened_on(trouble *t) { return PROVINCE_DAYS / 3 + province_below(&t->dice, PROVINCE_DAYS / 3); }

void province_cases(const province_world *world, province_out *out)
{
    char code[PROVINCE_CODE_BYTES], village[PROVINCE_NAME_BYTES], household[24];
    for (int64_t i = 0; i < world->cases && province_goes_on(out); i++) {
        trouble t = trouble_at(world, i);
        int64_t day = opened_on(&t);
        province_village_code(world, t.village, code);
        province_village_name(world, t.village, true, village);
        (void)snprintf(household, sizeof household, "pv-h-%06lld", (long long)province_first_household(world, t.village));
        province_row(out, "pv-c-%05lld,%s%s(演示),%s,%s,%s,%s,pv-pe-%04lld,pv-u-%02d-1,demo", (long long)i, village, t.what, CHAINS[t.chain].kind, code, t.chain ? "" : household, world->day[day], (long long)t.town,
                     t.county + 1);
    }
}

void province_case_steps(const province_world *world, province_out *out)
{
    for (int64_t i = 0; i < world->cases && province_goes_on(out); i++) {
        trouble t = trouble_at(world, i);
        int64_t day = opened_on(&t);
        for (int s = 0; s < t.steps; s++) {
            char actor[32], proof[32];
            (void)snprintf(actor, sizeof actor, s == 0 ? "pv-pe-%04lld" : "pv-u-%02lld-1", (long long)(s == 0 ? t.town : t.county + 1));
            (void)snprintf(proof, sizeof proof, "pv-d-%05lld", (long long)i);
            province_row(out, "pv-cs-%05lld-%d,pv-c-%05lld,%s,%s,%s,%s,demo", (long long)i, s, (long long)i, world->day[day], CHAINS[t.chain].stage[s], actor, CHAINS[t.chain].proof >> s & 1 ? proof : "");
            day += 1 + province_below(&t.dice, 20);
        }
    }
}

/* The proof of a case: known by name, its content is not in the books. */
void province_documents(const province_world *world, province_out *out)
{
    for (int64_t i = 0; i < world->cases && province_goes_on(out); i++) {
        trouble t = trouble_at(world, i);
        province_row(out, "pv-d-%05lld,%s核查记录(演示),record,%s农业农村局,%s,虚构;内容不在库中,demo", (long long)i, t.what, province_county_name(world, t.county), world->day[PROVINCE_DAYS - 1]);
    }
}
