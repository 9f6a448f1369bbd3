/* An invented province: 26 counties with towns and villages, a group of eleven units for each, what they do, and the households.
 *
 * Numbers of people are those of the low-income households of Zhejiang's 26 mountain counties; nothing else is of anywhere.
 * Persons' names are drawn from common surnames and given names, their ID numbers have the right check digit and an area that
 * does not exist, telephone numbers begin with 100, which no mobile number does.
 */
#define _POSIX_C_SOURCE 200809L
#include "app/province_demo.h"

#include "app/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HOUSEHOLDS = 496000, PERSONS = 760000, VILLAGES_OF_TOWN = 16, PROJECTS_OF_COUNTY = 200, FUNDS_OF_COUNTY = 40, CADRES = 12, LINE_BYTES_MAX = 2048, ID_BYTES = 64 };

static const char *const COUNTY_NAMES[PROVINCE_COUNTIES] = { "云岭", "青屏", "岚溪", "松坞", "竹屿", "石濑", "枫岙", "梧坑", "鹤垟", "栗峰", "茶垄", "桐岱", "杉门",
                                                             "柚洲", "苔溪", "雪坳", "霞屏", "月岙", "星垟", "锦坑", "银濑", "玉坞", "瑶峰", "黛屏", "碧垟", "丹岱" };
static const char *const TOWN_NAMES[PROVINCE_TOWNS] = { "上源", "下源", "大坪", "小岭", "东溪", "西溪", "南山", "北坑", "前洋", "后垟", "里岙", "外坞" };
static const char *const VILLAGE_HEADS[] = { "石", "竹", "枫", "梅", "桃", "柳", "松", "茶" };
static const char *const VILLAGE_TAILS[] = { "坑", "坪", "岭", "湾", "源", "垟", "岙", "坞" };
static const struct { const char *name, *kind; } UNIT_NAMES[PROVINCE_UNITS] = {
    { "网信办", "department" }, { "体育局", "department" }, { "林业局", "department" }, { "农科大学", "university" }, { "师范学院", "university" }, { "水电院", "company" },
    { "通信公司", "company" }, { "电力公司", "company" }, { "农发银行", "bank" }, { "临海区", "district" }, { "滨江区", "district" },
};
static const char *const WORKS[] = { "供水", "鸡舍", "光伏站", "步道", "茶园", "冷库", "卫生室", "云课堂" };
static const char *const STAGES[] = { "proposed", "approved", "contracted", "building", "accepted", "handed_over" };
static const char *const CATEGORIES[] = { "低收入农户", "低保户", "低保边缘户", "特困户" };
static const struct { const char *name; int from, to; } RELATIONS[] = {   /* years of birth */
    { "配偶", 1938, 1985 }, { "子", 1965, 2012 }, { "女", 1965, 2012 }, { "父", 1930, 1955 }, { "母", 1930, 1955 }, { "孙子女", 1998, 2020 },
};
static const char *const HEALTH[] = { "健康", "健康", "健康", "慢性病", "残疾", "大病" };
static const char *const SURNAMES[] = { "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许",
                                        "韩", "冯", "邓", "曹", "蓝", "雷", "钟", "包", "陶", "翁", "季", "叶", "潘", "董" };
static const char *const GIVEN[] = { "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀", "兰", "霞", "平", "刚", "桂", "英", "华", "玉",
                                     "萍", "红", "梅", "建", "文", "斌", "宇", "浩", "凯", "婷", "雪", "倩", "琳", "晨" };

#define DRAW(p, list) ((list)[province_draw((p), (int64_t)GF_COUNT(list))])

/* ---- Chance ---- */

static uint64_t next(province *p)
{
    uint64_t z = (p->state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

int64_t province_draw(province *p, int64_t below) { return (int64_t)((next(p) >> 32) * (uint64_t)below >> 32); }
bool    province_chance(province *p, int64_t in_thousand) { return province_draw(p, 1000) < in_thousand; }

/* ---- Tables ---- */

gf_status province_open(const province *p, const char *name, const char *header, province_table **out, gf_error *err)
{
    province_table *t = *out = calloc(1, sizeof *t);
    if (!t)
        return gf_fail_memory(err);
    t->fd = openat(p->dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (t->fd < 0) {
        free(t);
        *out = NULL;
        return gf_fail(err, GF_EIO, "province.file", "See that the folder may be written.", "%s cannot be made: %s", name, strerror(errno));
    }
    province_put(t, "%s\n", header);
    return GF_OK;
}

static void flush(province_table *t)
{
    for (size_t done = 0; !t->failed && done < t->used;) {
        ssize_t written = write(t->fd, t->bytes + done, t->used - done);
        t->failed = written < 0 && errno != EINTR;
        done += written > 0 ? (size_t)written : 0;
    }
    t->used = 0;
}

void province_put(province_table *t, const char *format, ...)
{
    va_list args;
    if (t->used + LINE_BYTES_MAX > sizeof t->bytes)
        flush(t);
    va_start(args, format);
    int len = vsnprintf(t->bytes + t->used, LINE_BYTES_MAX, format, args);
    va_end(args);
    t->failed = t->failed || len < 0 || len >= LINE_BYTES_MAX;
    t->used += len > 0 && len < LINE_BYTES_MAX ? (size_t)len : 0;
}

gf_status province_close(province_table *t, gf_error *err)
{
    if (!t)
        return GF_OK;
    flush(t);
    bool failed = close(t->fd) != 0 || t->failed;
    free(t);
    return failed ? gf_fail(err, GF_EIO, "province.write", "Free some space on the disk.", "a table could not be written to its end") : GF_OK;
}

/* ---- Where ---- */

static void town_code(int county, int64_t town, char out[PROVINCE_CODE]) { (void)snprintf(out, PROVINCE_CODE, "9901%02d%03d", county + 1, 100 + (int)town); }

void province_village(const province *p, int county, int64_t village, char out[PROVINCE_CODE])
{
    (void)snprintf(out, PROVINCE_CODE, "9901%02d%03d%03d", county + 1, 100 + (int)(village / p->villages), 200 + (int)(village % p->villages));
}

static int64_t villages_of_county(const province *p) { return p->villages * PROVINCE_TOWNS; }

static void village_name(const province *p, int64_t village, char out[32])
{
    (void)snprintf(out, 32, "%s%s村", VILLAGE_HEADS[village % p->villages % (int64_t)GF_COUNT(VILLAGE_HEADS)],
                   VILLAGE_TAILS[(village / p->villages + village % p->villages / (int64_t)GF_COUNT(VILLAGE_HEADS)) % (int64_t)GF_COUNT(VILLAGE_TAILS)]);
}

static void write_places(const province *p, province_table *t)
{
    char town[PROVINCE_CODE], village[PROVINCE_CODE], name[32];
    province_put(t, "99,示例省(演示),province,,demo\n");
    for (int c = 0; c < PROVINCE_COUNTIES; c++) {
        province_put(t, "9901%02d,%s县(演示),county,99,demo\n", c + 1, COUNTY_NAMES[c]);
        for (int k = 0; k < PROVINCE_TOWNS; k++) {
            town_code(c, k, town);
            province_put(t, "%s,%s镇,town,9901%02d,demo\n", town, TOWN_NAMES[k], c + 1);
        }
        for (int64_t v = 0; v < villages_of_county(p); v++) {
            province_village(p, c, v, village);
            village_name(p, v, name);
            province_put(t, "%s,%s,village,%.9s,demo\n", village, name, village);
        }
    }
    p->made->counties = PROVINCE_COUNTIES;
    p->made->villages = PROVINCE_COUNTIES * villages_of_county(p);
}

/* ---- Who ---- */

static void write_units(const province *p, province_table *t)
{
    (void)p;
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        for (int u = 0; u < PROVINCE_UNITS; u++)
            province_put(t, "pv-u-%02d-%02d,%s县结对%s(演示),%s,demo\n", c + 1, u + 1, COUNTY_NAMES[c], UNIT_NAMES[u].name, UNIT_NAMES[u].kind);
}

static void write_programme(const province *p, province_table *t)
{
    (void)p;
    province_put(t, "province-demo,示例省结对帮扶(演示),Paired assistance of an invented province,pv-u-01-01,99,2021-01/2023-12,Asia/Shanghai,全部虚构,demo\n");
}

static void write_groups(const province *p, province_table *t)
{
    (void)p;
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        province_put(t, "pv-g-%02d,province-demo,%s县帮扶团组(演示),pv-u-%02d-01,2021-01/2023-12,demo\n", c + 1, COUNTY_NAMES[c], c + 1);
}

static void write_members(const province *p, province_table *t)
{
    (void)p;
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        for (int u = 0; u < PROVINCE_UNITS; u++)
            province_put(t, "pv-m-%02d-%02d,pv-g-%02d,pv-u-%02d-%02d,%s,%d,2021-01/2023-12,demo\n", c + 1, u + 1, c + 1, c + 1, u + 1, u ? "member" : "lead", u + 1);
}

static void write_pairings(const province *p, province_table *t)
{
    char village[PROVINCE_CODE];
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        for (int u = 0; u < PROVINCE_UNITS; u++) {
            province_village(p, c, u % villages_of_county(p), village);
            province_put(t, "pv-p-%02d-%02d,pv-u-%02d-%02d,%s,%s,2021-01/2023-12,demo\n", c + 1, u + 1, c + 1, u + 1, village, u ? "partner" : "lead");
        }
}

static void draw_name(province *p, char out[32])
{
    const char *surname = DRAW(p, SURNAMES), *first = DRAW(p, GIVEN), *second = province_chance(p, 650) ? DRAW(p, GIVEN) : "";
    (void)snprintf(out, 32, "%s%s%s", surname, first, second);
}

/* The head of a household, as households.csv and household_members.csv both say it. */
static void head_name(const province *p, int64_t household, char out[32])
{
    province own = { .state = p->names ^ (uint64_t)household * 0x9E3779B97F4A7C15u };
    draw_name(&own, out);
}

static void write_cadres(province *p, province_table *t)
{
    char village[PROVINCE_CODE], name[32];
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        for (int k = 0; k < CADRES; k++) {
            province_village(p, c, k % villages_of_county(p), village);
            draw_name(p, name);
            province_put(t, "pv-pe-%02d-%02d,驻村干部,pv-u-%02d-%02d,%s,%s,100%08d,demo\n", c + 1, k + 1, c + 1, k % PROVINCE_UNITS + 1, village, name, (int)province_draw(p, 100000000));
        }
}

/* ---- What is done ---- */

static void write_funds(const province *p, province_table *t)
{
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        for (int64_t k = 0; k < p->funds; k++)
            province_put(t, "pv-f-%02d-%03d,%s县帮扶资金%03d(演示),province-demo,pv-u-%02d-%02d,9901%02d,demo\n", c + 1, (int)k + 1, COUNTY_NAMES[c], (int)k + 1, c + 1,
                         (int)(k % PROVINCE_UNITS) + 1, c + 1);
}

static void write_projects(province *p, province_table *t)
{
    char village[PROVINCE_CODE], name[32];
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        for (int64_t k = 0; k < p->projects; k++) {
            int64_t at = k % villages_of_county(p);
            province_village(p, c, at, village);
            village_name(p, at, name);
            province_put(t, "pv-pr-%02d-%04d,%s%s(演示),pv-u-%02d-%02d,%s,%s,%d,%d000000,demo\n", c + 1, (int)k + 1, name, DRAW(p, WORKS), c + 1, (int)(k % PROVINCE_UNITS) + 1, village,
                         DRAW(p, STAGES), 2021 + (int)province_draw(p, 3), 5 + (int)province_draw(p, 400));
        }
    p->made->projects = PROVINCE_COUNTIES * p->projects;
}

static void write_indicators(const province *p, province_table *t)
{
    (void)p;
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        province_put(t, "pv-i-%02d,%s县村集体经营收入(演示),9901%02d,pv-u-%02d-01,CNY,observations,2020,%d0000,2023,demo\n", c + 1, COUNTY_NAMES[c], c + 1, c + 1, 9000 + c * 100);
}

static void write_observations(province *p, province_table *t)
{
    for (int c = 0; c < PROVINCE_COUNTIES; c++)
        for (int year = 2020; year <= 2023; year++)
            province_put(t, "pv-o-%02d-%d,pv-i-%02d,9901%02d,%d,%d0000,CNY,exact,虚构,demo\n", c + 1, year, c + 1, c + 1, year, 6000 + (year - 2020) * 900 + (int)province_draw(p, 500));
}

/* ---- Households ---- */

static int64_t share(const province *p, int64_t of_all) { return of_all * p->lines / GF_APP_PROVINCE_LINES; }

static void write_households(province *p, province_table *t)
{
    char village[PROVINCE_CODE], name[32], head[32];
    int64_t count = share(p, HOUSEHOLDS), places = PROVINCE_COUNTIES * villages_of_county(p);
    for (int64_t i = 0; i < count; i++) {
        int64_t place = i * places / count, first = (place * count + places - 1) / places;   /* a village's households stand together */
        int county = (int)(place / villages_of_county(p));
        province_village(p, county, place % villages_of_county(p), village);
        village_name(p, place % villages_of_county(p), name);
        head_name(p, i, head);
        province_put(t, "pv-h-%07lld,%s示例户%lld,%s,pv-u-%02d-%02d,%s,2021-%02d-%02d,%s,100%08d,%s%d号,0000%015lld,demo\n", (long long)i + 1, name, (long long)(i - first) + 1, village,
                     county + 1, (int)province_draw(p, PROVINCE_UNITS) + 1, DRAW(p, CATEGORIES), 1 + (int)province_draw(p, 12), 1 + (int)province_draw(p, 28), head,
                     (int)province_draw(p, 100000000), name, 1 + (int)province_draw(p, 300), (long long)(next(p) % 1000000000000000u));
    }
    p->made->households = count;
}

/* GB 11643: the eighteenth sign is that of ISO 7064, MOD 11-2, over the seventeen before it. */
static void id_number(province *p, int county, int year, char out[ID_BYTES])
{
    int sum = 0;
    (void)snprintf(out, ID_BYTES, "9901%02d%04d%02d%02d%03d", county + 1, year, 1 + (int)province_draw(p, 12), 1 + (int)province_draw(p, 28), (int)province_draw(p, 1000));
    for (int i = 0; i < 17; i++)
        sum = (sum + out[i] - '0') * 2 % 11;
    out[17] = "10X98765432"[sum % 11];
    out[18] = '\0';
}

static void write_persons(province *p, province_table *t)
{
    char name[32], number[ID_BYTES];
    int64_t count = share(p, PERSONS), households = share(p, HOUSEHOLDS), places = PROVINCE_COUNTIES * villages_of_county(p), before = -1;
    for (int64_t i = 0; i < count; i++) {
        int64_t household = i * households / count;
        int county = (int)(household * places / households / villages_of_county(p)), relation = (int)province_draw(p, (int64_t)GF_COUNT(RELATIONS)), first = household != before;
        int from = first ? 1938 : RELATIONS[relation].from, to = first ? 1985 : RELATIONS[relation].to, year = from + (int)province_draw(p, to - from + 1);
        if (first)
            head_name(p, household, name);
        else
            draw_name(p, name);
        id_number(p, county, year, number);
        province_put(t, "pv-hm-%07lld,pv-h-%07lld,%s,%d,%s,%s,%s,demo\n", (long long)i + 1, (long long)household + 1, first ? "户主" : RELATIONS[relation].name, year, name, number,
                     DRAW(p, HEALTH));
        before = household;
    }
    p->made->persons = count;
}

/* ---- All of it ---- */

typedef void write_fn(province *p, province_table *t);
typedef void write_const_fn(const province *p, province_table *t);

static const struct { const char *name, *header; write_const_fn *fixed; write_fn *drawn; } TABLES[] = {
    { "places.csv", "code,name,level,parent,origin", write_places, NULL },
    { "units.csv", "id,name,kind,origin", write_units, NULL },
    { "programmes.csv", "id,name,name_en,lead,place,period,zone,note,origin", write_programme, NULL },
    { "groups.csv", "id,programme,name,lead,period,origin", write_groups, NULL },
    { "members.csv", "id,group,unit,role,block,period,origin", write_members, NULL },
    { "pairings.csv", "id,unit,place,role,period,origin", write_pairings, NULL },
    { "funds.csv", "id,name,programme,owner,place,origin", write_funds, NULL },
    { "projects.csv", "id,name,units,place,stage,period,budget_fen,origin", NULL, write_projects },
    { "indicators.csv", "id,name,place,units,unit,reads,baseline_period,target,target_period,origin", write_indicators, NULL },
    { "observations.csv", "id,indicator,place,period,value,unit,bound,method,origin", NULL, write_observations },
    { "persons.csv", "id,role,unit,place,name,phone,origin", NULL, write_cadres },
    { "households.csv", "id,name,place,units,category,registered,head,phone,address,bank_card,origin", NULL, write_households },
    { "household_members.csv", "id,household,relation,birth_year,name,id_number,health,origin", NULL, write_persons },
};

static gf_status fill(void *context, int dirfd, gf_error *err)
{
    province *p = context;
    p->dirfd = dirfd;
    for (size_t i = 0; i < GF_COUNT(TABLES); i++) {
        province_table *t;
        gf_status status = province_open(p, TABLES[i].name, TABLES[i].header, &t, err);
        if (status != GF_OK)
            return status;
        if (TABLES[i].fixed)
            TABLES[i].fixed(p, t);
        else
            TABLES[i].drawn(p, t);
        status = province_close(t, err);
        if (status != GF_OK)
            return status;
    }
    return province_books(p, err);
}

static int64_t at_least(int64_t value, int64_t least) { return value < least ? least : value; }

gf_status gf_app_province_demo(const char *folder, int64_t seed, int64_t lines, gf_app_province *out, gf_error *err)
{
    *out = (gf_app_province){ .counties = 0 };
    if (lines < GF_APP_PROVINCE_LINES_MIN || lines > GF_APP_PROVINCE_LINES_MAX || lines % 2)
        return gf_fail(err, GF_EUSAGE, "province.lines", "Write --lines 5000000: an even number, 10000 to 20000000.", "a province of %lld ledger lines cannot be made", (long long)lines);
    province p = { .state = (uint64_t)seed, .names = ~(uint64_t)seed, .lines = lines, .made = out };
    p.villages = at_least(share(&p, VILLAGES_OF_TOWN), 1);
    p.projects = at_least(share(&p, PROJECTS_OF_COUNTY), 4);
    p.funds = at_least(share(&p, FUNDS_OF_COUNTY), 2);
    return folder_make(folder, fill, &p, err);
}
