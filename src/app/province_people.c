/* An invented province: households and who lives in them, visits and measures.
 *
 * Villages differ in size: the border between two of them is moved by chance, by less than half a village, so that the sum stays exact.
 * Households are taken eight at a time: each of the eight has a head, and the rest of their members are dealt out by chance. Numbers of
 * telephones begin with 10, of cards with 9900, of persons with 99, which are given to nobody; the check digit of a person's is right.
 */
#include "app/province.h"

#include <string.h>

enum { DEALT = 8, VISIT_EVERY = 40, MEASURE_EVERY = 20 };

int64_t province_first_household(const province_world *world, int64_t village)
{
    int64_t each = world->households / world->villages;
    if (village <= 0 || village >= world->villages)
        return village <= 0 ? 0 : world->households;
    province_dice dice = province_throw(world->seed, DRAW_SHARE, village);
    return village * world->households / world->villages + province_below(&dice, each * 2 / 3 + 1) - each / 3;
}

/* ---- Households ---- */

typedef struct home { char place[PROVINCE_CODE_BYTES], village[PROVINCE_NAME_BYTES]; int county; int64_t first, end; } home;

/* The village that household `number` lies in; numbers are asked for in order. */
static void find_home(const province_world *world, int64_t number, int64_t *village, home *out)
{
    if (number < out->end)
        return;
    while (number >= province_first_household(world, *village + 1))
        ++*village;
    *out = (home){ .county = province_village_at(world, *village).county, .first = province_first_household(world, *village), .end = province_first_household(world, *village + 1) };
    province_village_code(world, *village, out->place);
    province_village_name(world, *village, true, out->village);
}

void province_households(const province_world *world, province_out *out)
{
    char head[PROVINCE_NAME_BYTES];
    int64_t village = 0;
    home at = { .end = 0 };
    for (int64_t i = 0; i < world->households && province_goes_on(out); i++) {
        province_dice dice = province_throw(world->seed, DRAW_HOUSEHOLDS, i);
        find_home(world, i, &village, &at);
        province_person_name(&dice, head);   /* the first draw: the register of members draws it again */
        const char *category = province_word(&dice, &PROVINCE_CATEGORIES), *day = world->day[province_below(&dice, PROVINCE_DAYS)];
        int64_t phone = province_below(&dice, 1000000000), card = province_below(&dice, 1000000000), house = i - at.first + 1;
        province_row(out, "pv-h-%06lld,%s%lld号户(演示),%s,pv-u-%02d-%lld,%s,%s,%s,10%09lld,%s%lld号(示例),9900%06lld%09lld,demo", (long long)i, at.village, (long long)house, at.place, at.county + 1,
                     (long long)(1 + village % (PROVINCE_UNITS - 1)), category, day, head, (long long)phone, at.village, (long long)house, (long long)i, (long long)card);
    }
}

/* ---- Members ---- */

/* Against the head: born so many years later, at most twice that number earlier or later still. */
static const struct { int least, spread; } BORN_LATER[] = { { -6, 12 }, { 20, 18 }, { 20, 18 }, { -34, 14 }, { -34, 14 }, { 44, 20 }, { -10, 20 } };
enum { HEAD_FIRST = 1938, HEAD_YEARS = 45, BORN_LAST = 2020, BORN_FIRST = 1925 };

/* GB 11643: the check digit of seventeen digits. */
static char check_digit(const char digits[17])
{
    static const int WEIGHT[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (digits[i] - '0') * WEIGHT[i];
    return "10X98765432"[sum % 11];
}

static void id_number(int county, int year, province_dice *dice, char out[24])
{
    unsigned month = 1 + (unsigned)province_below(dice, 12), day = 1 + (unsigned)province_below(dice, 28), serial = (unsigned)province_below(dice, 1000);
    (void)snprintf(out, 24, "9901%02u%04u%02u%02u%03u", ((unsigned)county + 1) % 100, (unsigned)year % 10000, month % 100, day % 100, serial % 1000);
    out[17] = check_digit(out);
    out[18] = '\0';
}

static int clamp(int year) { return year < BORN_FIRST ? BORN_FIRST : year > BORN_LAST ? BORN_LAST : year; }

static void write_members(const province_world *world, int64_t household, int count, int county, int64_t *number, province_out *out)
{
    province_dice of_house = province_throw(world->seed, DRAW_HOUSEHOLDS, household), dice = province_throw(world->seed, DRAW_MEMBERS, household);
    int head_year = HEAD_FIRST + (int)province_below(&dice, HEAD_YEARS);
    for (int i = 0; i < count; i++) {
        char name[PROVINCE_NAME_BYTES], id[24];
        int relation = i == 0 ? -1 : i == 1 && province_chance(&dice, 60) ? 0 : 1 + (int)province_below(&dice, PROVINCE_RELATIONS.count - 1);
        int year = relation < 0 ? head_year : clamp(head_year + BORN_LATER[relation].least + (int)province_below(&dice, BORN_LATER[relation].spread));
        province_person_name(i == 0 ? &of_house : &dice, name);
        id_number(county, year, &dice, id);
        province_row(out, "pv-hm-%07lld,pv-h-%06lld,%s,%d,%s,%s,%s,demo", (long long)(*number)++, (long long)household, relation < 0 ? "户主" : PROVINCE_RELATIONS.word[relation], year, name, id,
                     province_word(&dice, &PROVINCE_HEALTH));
    }
}

static int64_t persons_before(const province_world *world, int64_t household) { return household * world->persons / world->households; }

void province_household_members(const province_world *world, province_out *out)
{
    int64_t number = 0, village = 0;
    home at = { .end = 0 };
    for (int64_t first = 0; first < world->households && province_goes_on(out); first += DEALT) {
        int64_t end = first + DEALT < world->households ? first + DEALT : world->households;
        int64_t spare = persons_before(world, end) - persons_before(world, first) - (end - first);   /* more persons than households: never below 0 */
        province_dice dice = province_throw(world->seed, DRAW_DEALS, first);
        int count[DEALT] = { 0 };
        for (; spare > 0; spare--)
            count[province_below(&dice, end - first)]++;
        for (int64_t i = first; i < end; i++) {
            find_home(world, i, &village, &at);
            write_members(world, i, 1 + count[i - first], at.county, &number, out);
        }
    }
}

/* ---- What is done for them ---- */

void province_visits(const province_world *world, province_out *out)
{
    int64_t village = 0;
    home at = { .end = 0 };
    for (int64_t i = 0; i < world->households && province_goes_on(out); i += VISIT_EVERY) {
        province_dice dice = province_throw(world->seed, DRAW_VISITS, i);
        find_home(world, i, &village, &at);
        const char *occasion = province_word(&dice, &PROVINCE_OCCASIONS);
        province_row(out, "pv-vi-%06lld,%s%s(演示),pv-u-%02d-%lld,%s,pv-h-%06lld,%s,%s,demo", (long long)i, at.village, occasion, at.county + 1, (long long)(1 + village % (PROVINCE_UNITS - 1)), at.place, (long long)i,
                     world->day[province_below(&dice, PROVINCE_DAYS)], occasion);
    }
}

void province_measures(const province_world *world, province_out *out)
{
    int64_t village = 0;
    home at = { .end = 0 };
    for (int64_t i = 0; i < world->households && province_goes_on(out); i += MEASURE_EVERY) {
        province_dice dice = province_throw(world->seed, DRAW_MEASURES, i);
        find_home(world, i, &village, &at);
        const char *kind = province_word(&dice, &PROVINCE_MEASURES);
        province_row(out, "pv-me-%06lld,%s%s(演示),pv-u-%02d-%lld,%s,pv-h-%06lld,%s,%d,demo", (long long)i, at.village, kind, at.county + 1, (long long)(1 + village % (PROVINCE_UNITS - 1)), at.place, (long long)i, kind,
                     2021 + (int)province_below(&dice, 3));
    }
}
