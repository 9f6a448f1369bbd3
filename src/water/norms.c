/* Norms of rural supply as one table, and the demand that follows from them. */
#include "water/gf_water_norms.h"
#include <math.h>

#define SL310 "SL 310-2019"
#define OLD   "SL 310-2004"
#define CHES  "T/CHES 18-2018"

static const gf_water_norm_row NORMS[GF_WATER_NORM_COUNT] = {
    [GF_WATER_NORM_PERSON_LPD] = { "person_lpd", 100, 70, 110, "L/(人·d)", SL310, 'M', "最高日居民生活用水定额", "domestic norm of the greatest day" },
    [GF_WATER_NORM_GROWTH_PERCENT] = { "growth_percent", 0, -20, 30, "%", "村级规划", 'L', "设计年限内人口增长", "growth of the population over the design life" },
    [GF_WATER_NORM_LIFE_YEARS] = { "life_years", 15, 10, 15, "a", SL310, 'M', "设计年限", "design life" },
    [GF_WATER_NORM_DAIRY_COW] = { "dairy_cow", 90, 70, 120, "L/(头·d)", SL310, 'H', "奶牛", "dairy cow" },
    [GF_WATER_NORM_CATTLE] = { "cattle", 55, 50, 60, "L/(头·d)", SL310, 'H', "育成牛", "young cattle" },
    [GF_WATER_NORM_HORSE] = { "horse", 45, 40, 50, "L/(匹·d)", SL310, 'H', "马、骡", "horse or mule" },
    [GF_WATER_NORM_SOW] = { "sow", 75, 60, 90, "L/(头·d)", SL310, 'H', "母猪", "sow" },
    [GF_WATER_NORM_PIG] = { "pig", 35, 30, 40, "L/(头·d)", SL310, 'H', "育肥猪", "fattening pig" },
    [GF_WATER_NORM_SHEEP] = { "sheep", 8, 5, 10, "L/(只·d)", SL310, 'H', "羊", "sheep or goat" },
    [GF_WATER_NORM_HEN] = { "hen", 0.8, 0.5, 1, "L/(只·d)", SL310, 'H', "鸡", "hen" },
    [GF_WATER_NORM_DUCK] = { "duck", 1.5, 1, 2, "L/(只·d)", SL310, 'H', "鸭", "duck" },
    [GF_WATER_NORM_PUBLIC_PERCENT] = { "public_percent", 8, 5, 25, "%", SL310, 'M', "公共建筑用水占居民生活用水", "public buildings, share of domestic demand" },
    [GF_WATER_NORM_LOSS_PERCENT] = { "loss_percent", 15, 10, 25, "%", SL310, 'H', "管网漏失和未预见水量", "losses and the unforeseen, share of all use" },
    [GF_WATER_NORM_KD] = { "kd", 1.5, 1.3, 1.6, "-", SL310, 'H', "日变化系数", "daily factor" },
    [GF_WATER_NORM_KH_I_II] = { "kh_1_2", 1.8, 1.6, 2.0, "-", OLD, 'H', "时变化系数(大于 5000 m³/d)", "hourly factor above 5,000 m3/d" },
    [GF_WATER_NORM_KH_III] = { "kh_3", 2.0, 1.8, 2.2, "-", OLD, 'H', "时变化系数(1000~5000 m³/d)", "hourly factor of 1,000 to 5,000 m3/d" },
    [GF_WATER_NORM_KH_IV] = { "kh_4", 2.3, 2.0, 2.5, "-", SL310, 'M', "时变化系数(100~1000 m³/d)", "hourly factor of 100 to 1,000 m3/d" },
    [GF_WATER_NORM_KH_V] = { "kh_5", 2.6, 2.3, 3.0, "-", SL310, 'M', "时变化系数(小于 100 m³/d)", "hourly factor below 100 m3/d" },
    [GF_WATER_NORM_KH_TIMED] = { "kh_timed", 3.5, 3.0, 4.0, "-", OLD, 'H', "时变化系数(定时供水)", "hourly factor of timed supply" },
    [GF_WATER_NORM_TIMED_HOURS] = { "timed_hours", 24, 6, 24, "h", "定时供水时变化系数按 24 h 平均流量计", 'L', "计算平均流量的时数", "hours over which the mean flow is taken" },
    [GF_WATER_NORM_RAW_PERCENT] = { "raw_percent", 5, 5, 10, "%", SL310, 'H', "水厂自用水率", "own use of the works" },
    [GF_WATER_NORM_RAW_HOURS] = { "raw_hours", 24, 16, 24, "h", SL310, 'H', "取水工作时间", "hours a day that the source runs" },
    [GF_WATER_NORM_HEAD_FIRST] = { "head_first", 10, 5, 10, "m", SL310, 'H', "单层建筑最小服务水头", "least head at a house of one storey" },
    [GF_WATER_NORM_HEAD_STOREY] = { "head_storey", 4, 3.5, 4, "m", SL310, 'H', "每增一层增加水头", "more for each further storey (2 storeys: 12)" },
    [GF_WATER_NORM_HEAD_TAP_MAX] = { "head_tap_max", 40, 35, 45, "m", SL310, 'H', "用户龙头最大静水头", "greatest static head at taps" },
    [GF_WATER_NORM_HEAD_LINE_MIN] = { "head_line_min", 2, 1, 5, "m", "设计惯例", 'M', "管线任意点最小压力水头", "least pressure anywhere on a line" },
    [GF_WATER_NORM_VELOCITY_MAX] = { "velocity_max", 2, 1.5, 3, "m/s", SL310, 'H', "最大流速", "greatest velocity" },
    [GF_WATER_NORM_VELOCITY_RAW_MIN] = { "velocity_raw_min", 0.6, 0.5, 0.8, "m/s", SL310, 'M', "原水管最小流速(供核对)", "least velocity of raw water (told, not forced)" },
    [GF_WATER_NORM_C_PLASTIC] = { "c_plastic", 140, 140, 150, "-", "设计惯例", 'H', "塑料管海曾-威廉系数", "Hazen-Williams C of plastic" },
    [GF_WATER_NORM_LOCAL_PERCENT] = { "local_percent", 8, 5, 10, "%", SL310, 'H', "局部水头损失占沿程", "local losses, share of friction" },
    [GF_WATER_NORM_CLASS_RESERVE] = { "class_reserve", 1.25, 1.0, 1.5, "-", "设计惯例(水锤余量)", 'L', "公称压力对静水头的余量", "pressure class over static head: room for surge" },
    [GF_WATER_NORM_DN_MIN] = { "dn_min", 25, 20, 63, "mm", "设计惯例", 'L', "埋地管最小公称外径", "least DN of buried pipes" },
    [GF_WATER_NORM_FIRE_LPS] = { "fire_lps", 5, 5, 15, "L/s", "GB 50039(未核原文)", 'L', "消防流量", "fire flow" },
    [GF_WATER_NORM_FIRE_HOURS] = { "fire_hours", 2, 1, 3, "h", "GB 50039(未核原文)", 'L', "火灾延续时间", "hours of a fire" },
    [GF_WATER_NORM_FIRE_HEAD] = { "fire_head", 10, 10, 15, "m", SL310, 'H', "消火栓处水头", "head at a hydrant" },
    [GF_WATER_NORM_HYDRANT_SPACING] = { "hydrant_spacing", 120, 100, 150, "m", "GB 50974(未核原文)", 'L', "消火栓间距", "distance of hydrants" },
    [GF_WATER_NORM_COVER] = { "cover", 0.7, 0.7, 1.2, "m", SL310, 'M', "管顶覆土", "cover over the pipe" },
    [GF_WATER_NORM_COVER_ROAD] = { "cover_road", 1.0, 1.0, 1.5, "m", SL310, 'M', "穿路管顶覆土", "cover under roads" },
    [GF_WATER_NORM_TRENCH_SIDE] = { "trench_side", 0.3, 0.2, 0.5, "m", "施工惯例", 'M', "沟底宽超出管径", "width of the trench beyond the pipe" },
    [GF_WATER_NORM_TRENCH_MIN] = { "trench_min", 0.4, 0.3, 0.6, "m", "施工惯例", 'M', "最小沟宽", "least width of a trench" },
    [GF_WATER_NORM_BEDDING] = { "bedding", 0.1, 0.1, 0.15, "m", "施工惯例", 'M', "砂垫层厚", "sand below the pipe" },
    [GF_WATER_NORM_SLOPE_PENALTY] = { "slope_penalty", 1, 0, 5, "-", "选线权重,自定", 'L', "选线时坡度加价", "routing: extra cost by slope" },
    [GF_WATER_NORM_ROAD_FACTOR] = { "road_factor", 0.9, 0.5, 1.5, "-", "选线权重,自定", 'L', "选线时沿路系数", "routing: factor along roads" },
    [GF_WATER_NORM_ROUTE_CELL] = { "route_cell", 10, 5, 30, "m", "选线网格,自定", 'L', "选线网格", "routing: cell" },
    [GF_WATER_NORM_FITTINGS_PERCENT] = { "fittings_percent", 12, 8, 20, "%", "概算惯例", 'L', "管件占管材价", "fittings, share of pipe" },
    [GF_WATER_NORM_CONTINGENCY_PERCENT] = { "contingency_percent", 8, 5, 10, "%", "概算惯例", 'M', "预备费", "contingency" },
    [GF_WATER_NORM_TANK_I_II] = { "tank_1_2", 20, 15, 25, "%", OLD, 'L', "调节容积占最高日(Ⅰ、Ⅱ型)", "tank, share of the greatest day, plants I and II" },
    [GF_WATER_NORM_TANK_III] = { "tank_3", 30, 20, 40, "%", OLD, 'M', "调节容积占最高日(Ⅲ型)", "the same, plant III" },
    [GF_WATER_NORM_TANK_IV] = { "tank_4", 40, 30, 50, "%", OLD, 'M', "调节容积占最高日(Ⅳ型)", "the same, plant IV" },
    [GF_WATER_NORM_TANK_V] = { "tank_5", 50, 40, 60, "%", OLD, 'M', "调节容积占最高日(Ⅴ型)", "the same, plant V" },
    [GF_WATER_NORM_TANK_DEPTH] = { "tank_depth", 2.5, 2, 4, "m", "设计惯例", 'M', "水池有效水深", "depth of water in the tank" },
    [GF_WATER_NORM_QUANTITY_PASS] = { "quantity_pass", 60, 40, 60, "L/(人·d)", CHES, 'M', "水量达标", "quantity: pass" },
    [GF_WATER_NORM_QUANTITY_BASIC] = { "quantity_basic", 35, 20, 35, "L/(人·d)", CHES, 'M', "水量基本达标", "quantity: basic" },
    [GF_WATER_NORM_CARRY_PASS] = { "carry_pass", 10, 10, 10, "min", CHES, 'H', "取水往返时间达标", "convenience: minutes to carry water, pass" },
    [GF_WATER_NORM_CARRY_BASIC] = { "carry_basic", 20, 20, 20, "min", CHES, 'H', "取水往返时间基本达标", "convenience: minutes, basic" },
    [GF_WATER_NORM_RELIABLE_PASS] = { "reliable_pass", 95, 95, 95, "%", CHES, 'H', "供水保证率达标", "reliability: pass" },
    [GF_WATER_NORM_RELIABLE_BASIC] = { "reliable_basic", 90, 90, 90, "%", CHES, 'H', "供水保证率基本达标", "reliability: basic" },
};

const gf_water_norm_row *gf_water_norm_of(gf_water_norm norm) { return &NORMS[norm]; }

gf_water_norms gf_water_norms_default(void)
{
    gf_water_norms norms = { .given = { false } };
    for (size_t i = 0; i < GF_WATER_NORM_COUNT; i++)
        norms.value[i] = NORMS[i].value;
    return norms;
}

gf_status gf_water_norms_set(gf_water_norms *norms, gf_str id, double value, gf_error *err)
{
    for (size_t i = 0; i < GF_WATER_NORM_COUNT; i++) {
        if (!gf_str_is(id, NORMS[i].id))
            continue;
        bool negative = NORMS[i].low < 0;       /* a village may shrink */
        double least = negative ? -90 : NORMS[i].low > 0 ? NORMS[i].low / 10 : 0, most = negative ? 300 : NORMS[i].high * 10;
        if (!(value >= least && value <= most))
            return gf_fail(err, GF_EINPUT, "water.norm", "Look at its unit: practice is within a tenth and ten times the usual range.",
                           "%s cannot be %g %s; usual is %g to %g", NORMS[i].id, value, NORMS[i].unit, NORMS[i].low, NORMS[i].high);
        norms->value[i] = value;
        norms->given[i] = true;
        return GF_OK;
    }
    return gf_fail(err, GF_EINPUT, "water.norm", "docs/water-village.md lists the norms.", "there is no norm \"%.*s\"", GF_STR_ARG(gf_str_slice(id, 0, 60)));
}

static gf_water_plant plant_of(double m3d)
{
    return m3d >= 10000 ? GF_WATER_PLANT_I : m3d >= 5000 ? GF_WATER_PLANT_II : m3d >= 1000 ? GF_WATER_PLANT_III : m3d >= 100 ? GF_WATER_PLANT_IV : GF_WATER_PLANT_V;
}

gf_water_need gf_water_need_of(const gf_water_norms *norms, const gf_water_users *users)
{
    static const gf_water_norm KH[] = { GF_WATER_NORM_KH_I_II, GF_WATER_NORM_KH_I_II, GF_WATER_NORM_KH_III, GF_WATER_NORM_KH_IV, GF_WATER_NORM_KH_V };
    static const gf_water_norm TANK[] = { GF_WATER_NORM_TANK_I_II, GF_WATER_NORM_TANK_I_II, GF_WATER_NORM_TANK_III, GF_WATER_NORM_TANK_IV, GF_WATER_NORM_TANK_V };
    const double *v = norms->value;
    gf_water_need n = { .growth = 1 + v[GF_WATER_NORM_GROWTH_PERCENT] / 100, .kd = v[GF_WATER_NORM_KD] };
    n.persons = users->persons * n.growth;
    n.domestic_m3 = n.persons * v[GF_WATER_NORM_PERSON_LPD] / 1000;
    for (size_t i = 0; i < GF_WATER_LIVESTOCK_COUNT; i++)
        n.livestock_m3 += users->livestock[i] * v[GF_WATER_NORM_DAIRY_COW + i] / 1000;
    n.public_m3 = users->public_m3d >= 0 ? users->public_m3d : n.domestic_m3 * v[GF_WATER_NORM_PUBLIC_PERCENT] / 100;
    n.used_m3 = n.domestic_m3 + n.livestock_m3 + n.public_m3;
    n.loss_m3 = n.used_m3 * v[GF_WATER_NORM_LOSS_PERCENT] / 100;
    n.max_day_m3 = n.used_m3 + n.loss_m3;
    n.average_day_m3 = n.max_day_m3 / n.kd;
    n.plant = plant_of(n.max_day_m3);
    n.kh = v[users->timed ? GF_WATER_NORM_KH_TIMED : KH[n.plant]];
    n.hours = users->timed ? v[GF_WATER_NORM_TIMED_HOURS] : 24;
    n.mean_lps = n.max_day_m3 / n.hours / 3.6;
    n.peak_lps = n.mean_lps * n.kh;
    n.raw_lps = n.max_day_m3 * (1 + v[GF_WATER_NORM_RAW_PERCENT] / 100) / v[GF_WATER_NORM_RAW_HOURS] / 3.6;
    n.tank_share = v[TANK[n.plant]] / 100;
    n.fire_m3 = users->hydrants ? v[GF_WATER_NORM_FIRE_LPS] * v[GF_WATER_NORM_FIRE_HOURS] * 3.6 : 0;
    n.tank_m3 = n.max_day_m3 * n.tank_share + n.fire_m3;
    return n;
}

/* One storey 10, two 12, each further one 4 more: the ladder of the standard, scaled by the two norms. */
double gf_water_head_of(const gf_water_norms *norms, double storeys)
{
    double first = norms->value[GF_WATER_NORM_HEAD_FIRST], more = norms->value[GF_WATER_NORM_HEAD_STOREY];
    return storeys <= 1 ? first : first + more / 2 + (storeys - 2) * more;
}

const char *gf_water_plant_name(gf_water_plant plant)
{
    static const char *const NAMES[] = { "I", "II", "III", "IV", "V" };
    return NAMES[plant];
}
