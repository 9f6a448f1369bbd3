/* Parts of which the names of an invented province are put together. No county of China is called as these counties are; persons get
 * common family and given names in chance order. */
#include "app/province.h"

#include <assert.h>

#define WORDS(name, ...) \
    static const char *const name##_WORDS[] = { __VA_ARGS__ }; \
    const province_words name = { name##_WORDS, GF_COUNT(name##_WORDS) };

WORDS(PROVINCE_COUNTY_NAMES, "云岭县(演示)", "霜溪县(演示)", "栗垟县(演示)", "鹭汀县(演示)", "竹渡县(演示)", "雁坞县(演示)", "枫垟县(演示)", "桐隐县(演示)", "萤川县(演示)", "麦浦县(演示)",
      "蓝沚县(演示)", "橘墟县(演示)", "茶岙县(演示)", "芦汀县(演示)", "梅墩县(演示)", "鹤渚县(演示)", "霁岫县(演示)", "槐浦县(演示)", "杉坞县(演示)", "苇塘县(演示)",
      "星垟县(演示)", "榆渡县(演示)", "棠墩县(演示)", "绿堤县(演示)", "杏岙县(演示)", "樟渡县(演示)")

/* A place is called by one word of each: 61 * 59 names, more than the villages of any county. Both numbers are prime. */
WORDS(PROVINCE_PLACE_FIRST, "青", "白", "石", "竹", "柳", "松", "枫", "桃", "杏", "梅", "兰", "荷", "茶", "稻", "麦", "溪", "泉", "井", "塘", "桥", "岭", "坑", "岩", "洋", "垟", "沙", "金", "银", "玉",
      "龙", "凤", "鹤", "鹭", "燕", "雁", "牛", "马", "羊", "鹿", "云", "月", "星", "霞", "雾", "雨", "雪", "霜", "东", "南", "西", "北", "上", "下", "前", "后", "大", "小", "新", "古", "高", "长")
WORDS(PROVINCE_PLACE_SECOND, "溪", "源", "坪", "岭", "岗", "坞", "湾", "浦", "塘", "田", "坑", "垟", "岙", "墩", "埠", "渡", "桥", "井", "泉", "洞", "岩", "峰", "崖", "谷", "川", "河", "湖", "洲", "沙",
      "滩", "林", "园", "圃", "庄", "店", "铺", "铺头", "街", "巷", "里", "坊", "阁", "亭", "台", "楼", "寨", "堡", "关", "口", "门", "头", "尾", "边", "外", "阳", "安", "平", "和", "丰")

static_assert(GF_COUNT(PROVINCE_PLACE_FIRST_WORDS) == 61 && GF_COUNT(PROVINCE_PLACE_SECOND_WORDS) == 59, "two primes");

WORDS(PROVINCE_SURNAMES, "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "邓", "冯", "曹",
      "彭", "曾", "肖", "田", "董", "潘", "袁", "蔡", "蒋", "余", "于", "杜", "叶", "程", "魏", "苏", "吕", "丁", "任", "卢", "姚", "沈", "钟", "姜", "崔", "谭", "陆", "范", "汪", "廖",
      "石", "金", "韦", "贾", "夏", "付", "方", "邹", "熊", "白", "孟", "秦", "邱", "侯", "江", "尹", "薛", "闫", "雷", "蓝")
WORDS(PROVINCE_GIVEN, "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀", "霞", "平", "刚", "桂", "英", "华", "玉", "兰", "红", "梅", "春", "生",
      "国", "建", "文", "德", "福", "贵", "根", "发", "水", "木", "林", "森", "海", "山", "云", "月", "仙", "珍", "珠", "宝", "金", "银", "荣", "光", "辉", "志", "忠", "良", "善", "和",
      "安", "康", "健", "寿", "喜", "庆", "顺", "昌", "盛", "茂", "松", "柏", "竹", "菊", "莲", "花", "香", "凤", "燕", "雁")

WORDS(PROVINCE_SUBJECTS, "村级光伏", "茶园改造", "食用菌大棚", "自来水提升", "村道硬化", "共富工坊", "笋竹加工", "农旅民宿", "高标准农田", "蔬菜冷库", "跑步鸡养殖", "中药材种植", "危旧房改造", "文化礼堂", "卫生室修缮",
      "学校操场", "污水治理", "山塘加固", "电商服务站", "养老食堂", "油茶基地", "杨梅基地", "机耕路", "来料加工点")
WORDS(PROVINCE_COUNTY_OFFICES, "财政局", "农业农村局", "水利局", "交通运输局", "教育局", "卫生健康局", "文化旅游局", "住房建设局", "民政局", "供销合作社")
WORDS(PROVINCE_SHARED_OFFICES, "省结对帮扶办", "省农业银行", "省属能源集团", "省农科院", "省交通集团", "省电力公司", "省师范大学", "省慈善总会")
WORDS(PROVINCE_CATEGORIES, "低收入农户", "低收入农户", "低收入农户", "最低生活保障", "低保边缘", "特困供养", "防返贫监测", "山区搬迁")
WORDS(PROVINCE_RELATIONS, "配偶", "儿子", "女儿", "母亲", "父亲", "孙辈", "兄弟姐妹")
WORDS(PROVINCE_HEALTH, "健康", "健康", "健康", "健康", "健康", "慢性病", "慢性病", "残疾", "大病")
WORDS(PROVINCE_PURPOSES, "工程款", "材料款", "设计费", "监理费", "设备购置", "种苗", "有机肥", "农机具", "培训费", "劳务工资", "土地流转", "保险费", "检测费", "运输费", "包装材料", "冷链租金", "教学器材", "医疗器械",
      "慰问金", "助学金", "维修费", "电费", "水费", "网络服务")
WORDS(PROVINCE_POSTS, "驻村第一书记", "农村工作指导员", "科技特派员", "驻镇联络员")
WORDS(PROVINCE_MEASURES, "产业到户", "公益岗位", "医疗救助", "教育资助", "住房保障", "小额信贷", "技能培训", "兜底保障")
WORDS(PROVINCE_OCCASIONS, "春节慰问", "季度走访", "防汛检查", "就业回访", "入户核查", "重阳慰问")
WORDS(PROVINCE_TROUBLES, "因病支出骤增", "缺劳力", "因灾减收", "外出务工失联", "住房漏雨", "子女辍学风险")

const char *province_word(province_dice *dice, const province_words *words) { return words->word[province_below(dice, words->count)]; }

void province_person_name(province_dice *dice, char name[PROVINCE_NAME_BYTES])
{
    const char *surname = province_word(dice, &PROVINCE_SURNAMES), *first = province_word(dice, &PROVINCE_GIVEN), *second = province_word(dice, &PROVINCE_GIVEN);
    (void)snprintf(name, PROVINCE_NAME_BYTES, "%s%s%s(示例)", surname, first, province_chance(dice, 80) ? second : "");
}
