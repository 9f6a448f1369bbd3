/* The command line's frame: options in any order, help from the table, one place where a failure is told.
 *
 * Two tables, options and commands, feed parsing and help alike. Every command takes every option; what it does not
 * use it does not see.
 */
#define _POSIX_C_SOURCE 200809L
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t CLI_BYTES_MAX = (size_t)4 << 30;

static const struct { const char *name; cli_option option; bool takes_value; const char *zh, *en; } OPTIONS[] = {
    { "--lang", OPT_LANG, true, "zh 或 en", "zh or en" },
    { "--db", OPT_DB, true, "数据库,如 sqlite:var/gongfu.db、postgres://用户@主机/库名", "the store, for example sqlite:var/gongfu.db, postgres://user@host/name" },
    { "--json", OPT_JSON, false, "输出一个 JSON 文档", "one JSON document" },
    { "--out", OPT_OUT, true, "写入文件;- 为标准输出", "write to a file; - is standard output" },
    { "--help", OPT_HELP, false, "说明", "help" },
    { "--templates", OPT_TEMPLATES, true, "在文件夹中写出各登记册模板", "write a template of every register into a folder" },
    { "--anchor", OPT_ANCHOR, true, "库外保存的链头(manifest 或 check --json)", "a head kept elsewhere (manifest, check --json)" },
    { "--programme", OPT_PROGRAMME, true, "项目群编号", "id of the programme" },
    { "--origin", OPT_ORIGIN, true, "来源,逗号分隔", "origins, with commas" },
    { "--from", OPT_FROM, true, "起始日期;move:自何库", "first day; of move: which store" },
    { "--to", OPT_TO, true, "截止日期;move:到何库", "last day; of move: into which store" },
    { "--format", OPT_FORMAT, true, "md、json、pdf 等", "md, json, pdf and others: see the command" },
    { "--listen", OPT_LISTEN, true, "地址,如 127.0.0.1:8080", "address, for example 127.0.0.1:8080" },
    { "--on", OPT_ON, true, "某日", "on a day" },
    { "--author", OPT_AUTHOR, true, "操作人,记入历史", "who acts: stands in history" },
    { "--role", OPT_ROLE, true, "角色", "role" },
    { "--scope", OPT_SCOPE, true, "范围:all、units、unit、below、own", "scope: all, units, unit, below, own" },
    { "--unit", OPT_UNIT, true, "所在单位", "own unit" },
    { "--units", OPT_UNITS, true, "指定的单位,逗号分隔", "chosen units, with commas" },
    { "--place", OPT_PLACE, true, "所在地点", "own place" },
    { "--name", OPT_NAME, true, "姓名,或令牌的名称", "name of a person or token" },
    { "--days", OPT_DAYS, true, "令牌有效天数", "days that a token lives" },
    { "--behind-proxy", OPT_BEHIND_PROXY, false, "在反向代理之后(TLS 由代理负责)", "behind a reverse proxy, which does TLS" },
    { "--demo", OPT_DEMO, false, "演示:登录页列出演示账号", "demo: the login page shows demo accounts" },
    { "--tls-cert", OPT_TLS_CERT, true, "证书(PEM)", "certificate (PEM)" },
    { "--tls-key", OPT_TLS_KEY, true, "私钥(PEM)", "private key (PEM)" },
    { "--reveal", OPT_REVEAL, false, "个人字段以明文写出,须给理由", "write personal fields in the open; needs a reason" },
    { "--reason", OPT_REASON, true, "理由,记入日志", "the reason, kept in the log" },
    { "--register", OPT_REGISTER, true, "登记册", "register" },
    { "--dry-run", OPT_DRY_RUN, false, "只检查", "check only" },
    { "--errors", OPT_ERRORS, true, "把错误写进工作簿", "write a workbook that shows the errors" },
    { "--template", OPT_TEMPLATE, true, "写出登记册的 Excel 模板", "write the Excel template of a register" },
    { "--dem", OPT_DEM, true, "高程文件(.hgt、GeoTIFF、.asc,可为 .zip);可重复,拼成一个面", "elevation (.hgt, GeoTIFF, .asc, also zipped); repeat it for the tiles of one surface" },
    { "--pairs", OPT_PAIRS, true, "视线表(CSV)", "table of sight lines (CSV)" },
    { "--crs", OPT_CRS, true, "点的坐标系(高程文件未写明时也用它),如 EPSG:4549", "system of the points, and of an elevation that names none, for example EPSG:4549" },
    { "--nodata", OPT_NODATA, true, "高程文件未声明的无数据值", "a void value that the elevation does not declare" },
    { "--cell", OPT_CELL, true, "行,列(从 0 起)", "row,column from 0" },
    { "--at", OPT_AT, true, "X,Y(东,北)", "x,y: east and north" },
    { "--lonlat", OPT_LONLAT, true, "经度,纬度(WGS84)", "longitude,latitude (WGS84)" },
    { "--mast", OPT_MAST, true, "镜头离地高度(米)", "height of the camera above ground, metres" },
    { "--target", OPT_TARGET, true, "目标离地高度(米),默认 1.5", "height of the target above ground, metres; 1.5 if not given" },
    { "--range", OPT_RANGE, true, "距离上限(米),默认 10000", "greatest distance, metres; 10000 if not given" },
    { "--pan", OPT_PAN, true, "方位角 A,B:自 A 顺时针到 B(度,坐标北起)", "azimuths A,B: from A clockwise to B, degrees from grid north" },
    { "--pitch", OPT_PITCH, true, "俯仰角 A,B(度)", "pitch A,B: degrees above the horizontal" },
    { "--margin", OPT_MARGIN, true, "另写一幅视线余量(GeoTIFF)", "also write the margin of each sight line (GeoTIFF)" },
    { "--threads", OPT_THREADS, true, "线程数", "number of threads" },
    { "--towers", OPT_TOWERS, true, "铁塔表(CSV)", "table of towers (CSV)" },
    { "--parcels", OPT_PARCELS, true, "图斑图层(GeoJSON、.shp、.gpkg)", "layer of parcels (GeoJSON, .shp, .gpkg)" },
    { "--layer", OPT_LAYER, true, "界线图层(GeoJSON、.shp、.gpkg)", "layer of a boundary (GeoJSON, .shp, .gpkg)" },
    { "--layer-crs", OPT_LAYER_CRS, true, "图层的坐标系(不按文件所写),如 EPSG:4528、gcj02", "system of the layer, whatever it says, for example EPSG:4528, gcj02" },
    { "--table", OPT_TABLE, true, "GeoPackage 中的图层名", "which layer of a GeoPackage" },
    { "--candidates", OPT_CANDIDATES, true, "候选站址表(CSV)", "table of candidates (CSV)" },
    { "--new", OPT_NEW, true, "新建几座", "how many new ones" },
    { "--upgrade", OPT_UPGRADE, true, "改造几座", "how many upgrades" },
    { "--budget", OPT_BUDGET, true, "预算(与 cost 列同单位)", "budget, in the unit of the column cost" },
    { "--weight", OPT_WEIGHT, true, "以此字段(如人口)代替面积", "a field of the parcels (people, for example) in place of area" },
    { "--count", OPT_COUNT_OF, true, "个数", "how many" },
    { "--seed", OPT_SEED, true, "随机种子", "seed of what is made at random" },
    { "--seconds", OPT_SECONDS, true, "最多用几秒", "stop after so many seconds" },
    { "--work", OPT_WORK, true, "水力求解次数:同样次数、种子、线程数,结果逐字节相同", "hydraulic solves: the same work, seed and threads give the same bytes" },
    { "--hours", OPT_HOURS, true, "模拟多少小时(默认按文件)", "hours to simulate; the file's when not given" },
    { "--nodes", OPT_NODES, true, "节点数", "number of nodes" },
    { "--alt", OPT_ALT, true, "海拔(米)", "altitude, metres" },
    { "--pressure", OPT_PRESSURE, true, "气压(百帕),默认由海拔推算", "pressure, hPa; from the altitude if not given" },
    { "--temp", OPT_TEMP, true, "气温(摄氏度),用于折射,默认 12", "air temperature for refraction, Celsius; 12 if not given" },
    { "--delta-t", OPT_DELTA_T, true, "TT−UT(秒),默认自行推算", "TT - UT, seconds; worked out if not given" },
    { "--linke", OPT_LINKE, true, "林克浑浊度,默认 3", "Linke turbidity; 3 if not given" },
    { "--utc", OPT_UTC, true, "时刻,如 2024-06-21T04:00:00Z", "an instant, for example 2024-06-21T04:00:00Z" },
    { "--step", OPT_STEP, true, "步长(秒),默认 3600", "step, seconds; 3600 if not given" },
    { "--zone", OPT_ZONE, true, "时区(分钟,东为正),默认 480", "zone, minutes east of UTC; 480 if not given" },
    { "--preset", OPT_PRESET, true, "预置位说明(JSON)", "description of a preset (JSON)" },
    { "--pixel", OPT_PIXEL, true, "参考画面中的像素 X,Y", "a pixel X,Y of the reference picture" },
    { "--pixel-error", OPT_PIXEL_ERROR, true, "像素误差", "by how many pixels it may be off" },
    { "--plant", OPT_PLANT, true, "光伏电站的描述(JSON)", "description of a PV plant (JSON)" },
    { "--weather", OPT_WEATHER, true, "气象序列(CSV:带单位的列,PVGIS,NREL)", "series of weather (CSV with units, PVGIS, NREL)" },
    { "--readings", OPT_READINGS, true, "发电与辐照读数(CSV)", "readings of power and light (CSV)" },
    { "--stamp", OPT_STAMP, true, "每行时刻指 begin、middle 或 end", "a row's time is the begin, middle or end of its step" },
    { "--clear", OPT_CLEAR, false, "按晴空计算,不用实测辐照", "under a clear sky, whatever was measured" },
    { "--year", OPT_YEAR, true, "年份,默认 2024", "year; 2024 if not given" },
    { "--masks", OPT_MASKS, true, "每帧写一幅变化掩膜(PNG)的文件夹", "folder for a mask (PNG) of each frame" },
    { "--events", OPT_EVENTS, true, "把发现逐行写成 JSON", "write what is found, a line of JSON each" },
    { "--poses", OPT_POSES, true, "把每帧的位姿写成 CSV", "write the pose of each frame (CSV)" },
    { "--model", OPT_MODEL, true, "检测器模型的描述(JSON)", "description of a detector's model (JSON)" },
    { "--fps", OPT_FPS, true, "图片文件夹每秒几帧,默认 25", "frames a second of a folder of pictures; 25 if not given" },
    { "--start", OPT_START, true, "第一帧的时刻,如 2024-06-21T04:00:00Z", "instant of the first frame, for example 2024-06-21T04:00:00Z" },
    { "--speed", OPT_SPEED, true, "max:不按实际速度等待", "max: do not wait for the clock" },
    { "--rate", OPT_RATE, true, "视频每秒至多取几帧", "at most so many frames a second of a video" },
    { "--width", OPT_WIDTH, true, "视频缩到这个宽度", "scale a video down to this width" },
    { "--keys", OPT_KEYS, false, "只解码关键帧", "decode key frames alone" },
    { "--every", OPT_EVERY, true, "检测器两次之间的秒数", "seconds between two looks of the detector" },
    { "--pictures", OPT_PICTURES, true, "发现的图片文件夹(图斑以外涂灰)", "folder for pictures of findings, painted over outside the parcels" },
    { "--live", OPT_LIVE, true, "文件夹:每个来源的最新一帧(图斑以外涂灰)", "folder for the newest frame of each source, painted over outside the parcels" },
    { "--live-every", OPT_LIVE_EVERY, true, "最新一帧隔几秒写一次,默认 1", "seconds between two such frames; 1 if not given" },
    { "--verdicts", OPT_VERDICTS, true, "人的判断,逐行 JSON", "what people said, a line of JSON each" },
    { "--whole", OPT_WHOLE, false, "图片可以不涂灰就离开", "pictures may leave as they are, not painted over" },
    { "--lines", OPT_LINES, true, "账目行数,默认 5000000", "lines of the ledger; 5000000 if not given" },
    { "--sigma", OPT_SIGMA, true, "摇摆的标准差(像素),默认 5", "deviation of a sway, pixels; 5 if not given" },
    { "--key", OPT_KEY, true, "备份文件夹的密钥文件,没有则新建", "key file of a folder of backups; made when it is not there" },
    { "--backup", OPT_BACKUP, true, "serve:每夜备份到这个文件夹", "serve: a backup into this folder every night" },
    { "--settings", OPT_SETTINGS, true, "serve:收到 SIGHUP 时重读的设置文件", "serve: the file of settings that SIGHUP reads again" },
    { "--keep", OPT_KEEP, true, "保留:天,周,月,如 7,5,12", "backups that stay: days,weeks,months, for example 7,5,12" },
    { "--hash", OPT_HASH, true, "新库的链式哈希:sha256 或 sm3", "hash of a new store's chain: sha256 or sm3" },
};

static const struct { const char *name, *usage; cli_command_fn *run; const char *zh, *en; } COMMANDS[] = {
    { "load", "load DIR|FILE… | load --templates DIR", cli_load, "载入记录,要么全部,要么不动", "take in records, all or nothing" },
    { "import", "import FILE --register R [--dry-run] [--errors F.xlsx] | import undo N | import list | import --template R --out F.xlsx", cli_import, "从 Excel 或 CSV 导入;整批撤销", "take in a file from Excel or CSV; take a whole import back" },
    { "dump", "dump DIR [--reveal --reason R]", cli_dump, "把全部记录写成表格", "write every record as tables" },
    { "check", "check [--anchor F]", cli_check, "重新证明账目、链、合计与引用", "prove ledger, chain, totals and references again" },
    { "trace", "trace FIGURE", cli_trace, "打开一个数字的依据", "open what stands under a figure" },
    { "report", "report --programme P [--place CODE] [--format md|json|pdf|xlsx|iati] [--from D --to D] [--out F]", cli_report, "写报告", "write the report" },
    { "press", "press FILE|- [--programme P]", cli_press, "核对稿件中的每个数字", "hold every number of a text against the books" },
    { "statement", "statement SCOPE [--on D] [--format text|json|pdf|xlsx]", cli_statement, "资金表:group、unit:、place:、fund:、project:", "money of group, unit:, place:, fund:, project:" },
    { "ageing", "ageing [--on D]", cli_ageing, "到账未付的资金及天数", "money received and not paid, by age" },
    { "roster", "roster pairings|assignments|gaps [--on D]", cli_roster, "某日的结对与派驻;空档与重叠", "who was paired or posted on a day; gaps and overlaps" },
    { "cases", "cases [--on D]", cli_cases, "工单及期限", "cases and when their next step is due" },
    { "queue", "queue [--on D]", cli_queue, "按优先政策排队的贷款", "loans in the order of the priority policy" },
    { "backup", "backup FILE | backup into DIR [--key F] [--keep 7,5,12] | backup list DIR", cli_backup, "在线备份并复核;到文件夹的备份只写有变化的块,可加密", "copy the store while it is in use, and read the copy through; into a folder: only what has changed, sealed on request" },
    { "restore", "restore FILE | restore DIR [--at NAME] [--key F]", cli_restore, "恢复备份", "put a backup in place" },
    { "upgrade", "upgrade", cli_upgrade, "没有库就新建;旧库升级,并在旁边留一份", "make the store when there is none; bring an older one up to date, with a copy beside it" },
    { "move", "move --from URL --to URL", cli_move, "把数据库整个搬到另一个(SQLite、PostgreSQL),并核对两边", "copy a whole store into another (SQLite, PostgreSQL), and prove both" },
    { "doctor", "doctor", cli_doctor, "检查本机与本程序", "what this machine and build have and lack" },
    { "demo", "demo taishun | demo accounts | demo parcels --count N --seed S --dem F [--out P.geojson] | demo pv --seed S [--year Y] --out DIR | demo water --nodes N --seed S [--out NET.inp] | demo village --seed S --dem F… [--lonlat LON,LAT] [--count N] --out DIR | demo sway --seed S [--sigma PX] [--count N] [--from DIR] --out DIR | demo province --seed S [--lines 5000000] [--out DIR]", cli_demo,
      "载入虚构的演示数据;建演示账号;虚构图斑", "load invented demo data; make demo accounts; invented parcels" },
    { "user", "user add NAME --role R [--scope S] [--unit U] [--units U,…] [--place P] [--name N] | list | invite NAME | set NAME … | disable NAME | enable NAME | unlock NAME", cli_user, "用户与权限", "users and rights" },
    { "token", "token add USER [--name N] [--days 30] | list | revoke MARK", cli_token, "程序用的令牌", "tokens for programs" },
    { "person", "person erase REGISTER/ID --reason R | person copy REGISTER/ID --reason R [--format json|pdf] [--out F] | person retain [--dry-run]", cli_person, "清除一人的个人信息并出证明;给本人的副本;清除保留期满的", "erase a person's text with a certificate; a person's own copy; erase what was kept long enough" },
    { "key", "key rotate", cli_key, "更换主密钥", "a new master key" },
    { "land", "land sights", cli_land, "由铁塔、摄像机、图斑与高程重算塔田对应", "compute again what the towers in the books see of the parcels" },
    { "plant", "plant run | plant take PLANT READINGS.csv [--stamp begin|middle|end] | plant settle PLANT 2025-05", cli_plant, "光伏电站:核算、收读数、结算电费", "PV plants of the books: work them out, take readings in, settle a month" },
    { "terrain", "terrain line --dem F… --pairs P.csv [--out O.csv] | terrain view --dem F… (--cell R,C | --at X,Y | --lonlat LON,LAT) --mast M [--target 1.5] [--range 10000] [--pan A,B] [--pitch A,B] --out V.tif [--margin M.tif] | terrain towers --dem F… --towers T.csv --parcels P --out DIR"
      " | terrain site --dem F… [--towers T.csv] --candidates C.csv --parcels P --new N [--upgrade M] [--budget B] [--weight FIELD] [--out S.csv]"
      " | terrain crs --dem F… --layer L | terrain preset --preset P.json --dem F… --parcels P [--pixel X,Y [--pixel-error 1]] [--out O.csv]", cli_terrain, "地形:视线、视域、塔田对应、选址、坐标系判别", "terrain: sight lines, views, towers and parcels, sites, whose coordinates" },
    { "water", "water solve NET.inp [--hours H] [--out R.csv] | water size PROBLEM.json [--seconds S] [--work N] [--seed N] [--threads T] [--out SIZED.inp] | water village VILLAGE.json --dem F… --out DIR [--seed N] [--work N] [--seconds S]", cli_water,
      "供水管网:水力计算;管径优化并给出下界;村级饮水工程设计", "water networks: heads and flows; cheapest sizes with a bound; a village's supply designed" },
    { "solar", "solar position --lonlat LON,LAT [--alt M] (--utc T | --from T --to T [--step S]) | solar riseset --lonlat LON,LAT --on D [--to D] [--zone 480] | solar clearsky --lonlat LON,LAT --alt M [--linke 3] (--utc T | --from T --to T [--step S])"
      " | solar yield --plant P.json --weather W.csv [--dem F…] [--clear] [--out O.csv] | solar check --plant P.json --readings R.csv [--dem F…]"
      " | solar horizon --dem F… --lonlat LON,LAT [--mast 2] [--out O.csv]", cli_solar, "光伏:太阳位置、日出日落、晴空、应发电量、故障", "the sun: position, rise and set, clear sky, what a PV plant should make, what is wrong with it" },
    { "watch", "watch SOURCE… [--masks DIR] [--events E.jsonl] [--poses P.csv] [--model M.json [--every 1]] [--preset P.json --dem F… --parcels P [--pictures DIR] [--live DIR [--live-every 1]]] [--fps 25] [--rate N] [--width W] [--keys] [--start T] [--speed max]", cli_watch,
      "看守一个画面:能否看清、位姿、变化、留下的东西", "watch a view: can it be seen, how does it lie, what moves, what has come to stay" },
    { "samples", "samples SOURCE --events E.jsonl --poses P.csv --verdicts V.jsonl --out DIR (--preset P.json --dem F… --parcels P | --whole) [--fps 25]", cli_samples,
      "把人的判断做成训练样本(图斑以外涂灰)", "training samples from what people said of a watch's findings, painted over outside the parcels" },
    { "serve", "serve [--listen 127.0.0.1:8080] [--demo] [--behind-proxy | --tls-cert F --tls-key F] [--backup DIR [--key F] [--keep 7,5,12]] [--settings F]", cli_serve_pages, "打开网页与接口", "serve pages and interface" },
};

static volatile sig_atomic_t interrupted;
static void on_interrupt(int number) { (void)number; interrupted = 1; }
bool cli_cancelled(void) { return interrupted != 0; }

/* ---- Shared by the commands ---- */

const char *cli_word(const cli_call *cli, const char *zh, const char *en) { return gf_str_is(cli->lang, "en") ? en : zh; }

gf_str cli_option_text(const cli_call *cli, cli_option option) { return gf_str_of(cli->option[option]); }

const char *cli_option_next(const cli_call *cli, cli_option option, size_t *at)
{
    while (*at < cli->given_count) {
        const cli_given *given = &cli->given[(*at)++];
        if (given->option == option)
            return given->value;
    }
    return NULL;
}

gf_str cli_db(const cli_call *cli)
{
    const char *given = cli->option[OPT_DB] ? cli->option[OPT_DB] : getenv("GONGFU_DB");
    return given && *given ? gf_str_of(given) : GF_STR("sqlite:var/gongfu.db");
}

gf_str cli_key_file(void)
{
    const char *given = getenv("GONGFU_KEY_FILE");
    return gf_str_of(given ? given : "");
}

gf_status cli_expect(const cli_call *cli, size_t least, size_t most, gf_error *err)
{
    if (cli->argument_count >= least && cli->argument_count <= most)
        return GF_OK;
    return gf_fail(err, GF_EUSAGE, "cli.arguments", "gongfu help shows each command.", cli->argument_count < least ? "something is missing behind the command"
                                                                                                                  : "there are too many words behind the command");
}

/* The folder of the default store is made on the first load. */
void cli_make_parent(gf_arena *arena, gf_str db)
{
    static const gf_str FILES = GF_STR_INIT("sqlite:");
    if (!gf_str_starts(db, FILES))
        return;
    gf_str path = gf_str_slice(db, strlen("sqlite:"), db.len);
    size_t slash = path.len;
    while (slash > 0 && path.data[slash - 1] != '/')
        slash--;
    const char *folder = slash > 1 ? gf_str_cstr(arena, gf_str_slice(path, 0, slash - 1)) : NULL;
    if (folder)
        (void)mkdir(folder, 0755);  /* if it cannot be made, opening the store says so */
}

gf_status cli_open(const cli_call *cli, bool create, gf_app **app, gf_error *err)
{
    gf_app_options options = { .key_file = cli_key_file(), .db = cli_db(cli), .create = create, .bulk = create, .author = cli_option_text(cli, OPT_AUTHOR), .now = gf_utc_now_ms };
    gf_str hash = cli_option_text(cli, OPT_HASH);
    if (hash.len && !gf_str_is(hash, "sha256") && !gf_str_is(hash, "sm3"))
        return gf_fail(err, GF_EUSAGE, "cli.hash", "Write sha256 or sm3.", "\"%.*s\" is no hash", GF_STR_ARG(hash));
    options.ledger_hash = gf_str_is(hash, "sm3") ? GF_HASH_SM3 : GF_HASH_SHA256;
    if (create)
        cli_make_parent(cli->arena, options.db);
    return gf_app_open(&options, app, err);
}

gf_status cli_check_format(gf_str format, const char *allowed, gf_error *err)
{
    gf_str rest = gf_str_of(allowed), word;
    while (gf_str_cut(&rest, '|', &word))
        if (gf_str_eq(word, format))
            return GF_OK;
    char hint[120];
    (void)snprintf(hint, sizeof hint, "Write one of %s.", allowed);
    return gf_fail(err, GF_EUSAGE, "cli.format", hint, "this command writes no \"%.*s\"", GF_STR_ARG(gf_str_slice(format, 0, 20)));
}

static gf_status write_fd(int fd, gf_str text, const char *name, gf_error *err)
{
    while (text.len) {
        ssize_t wrote = write(fd, text.data, text.len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return gf_fail(err, GF_EIO, "cli.write", "", "%s cannot be written: %s", name, strerror(errno));
        text = gf_str_slice(text, (size_t)wrote, text.len);
    }
    return GF_OK;
}

static gf_status write_path(const char *out, const gf_text *text, gf_error *err)
{
    int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return gf_fail(err, GF_EIO, "cli.out", "See that the folder exists and may be written.", "%s cannot be written: %s", out, strerror(errno));
    gf_status status = write_fd(fd, gf_text_str(text), out, err);
    if (close(fd) != 0 && status == GF_OK)
        status = gf_fail(err, GF_EIO, "cli.out", "", "%s cannot be written: %s", out, strerror(errno));
    return status;
}

gf_status cli_write(const cli_call *cli, const gf_text *text, gf_error *err)
{
    gf_status status = gf_text_done(text, err);
    const char *out = cli->option[OPT_OUT];
    if (status != GF_OK)
        return status;
    return !out || strcmp(out, "-") == 0 ? write_fd(STDOUT_FILENO, gf_text_str(text), "standard output", err) : write_path(out, text, err);
}

gf_status cli_write_in(const cli_call *cli, const char *name, const gf_text *text, gf_error *err)
{
    gf_text path;
    gf_text_init(&path, cli->arena);
    gf_text_format(&path, "%s/%s", cli->option[OPT_OUT], name);
    gf_status status = gf_text_done(&path, err);
    if (status == GF_OK && mkdir(cli->option[OPT_OUT], 0755) != 0 && errno != EEXIST)
        return gf_fail(err, GF_EIO, "cli.out", "See that the folder above exists and may be written.", "%s cannot be made: %s", cli->option[OPT_OUT], strerror(errno));
    return status == GF_OK ? write_path(gf_text_str(&path).data, text, err) : status;
}

gf_status cli_read_file(const cli_call *cli, const char *path, size_t bytes_max, gf_str *out, gf_error *err)
{
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return gf_fail(err, errno == ENOENT ? GF_ENOTFOUND : GF_EIO, "cli.file", "Check the name.", "%s cannot be read: %s", path, strerror(errno));
    gf_text text;
    gf_text_init(&text, cli->arena);
    char part[65536];
    ssize_t got = 0;
    while (text.len <= bytes_max && (got = read(fd, part, sizeof part)) > 0)
        gf_text_add(&text, (gf_str){ part, (size_t)got });
    int error = errno;
    if (fd != STDIN_FILENO)
        (void)close(fd);
    if (got < 0)
        return gf_fail(err, GF_EIO, "cli.file", "", "%s cannot be read: %s", path, strerror(error));
    if (text.len > bytes_max)
        return gf_fail(err, GF_ELIMIT, "cli.large", "Split the text.", "%s has more than %zu bytes", path, bytes_max);
    *out = gf_text_str(&text);
    return gf_text_done(&text, err);
}

/* ---- Help ---- */

static void print_help(const cli_call *cli, const char *only)
{
    printf("%s\n\n", cli_word(cli, "gongfu 共富:结对帮扶团组的账与证", "gongfu: the books and proofs of a paired-assistance group"));
    for (size_t i = 0; i < GF_COUNT(COMMANDS); i++)
        if (!only || strcmp(only, COMMANDS[i].name) == 0)
            printf("  gongfu %s\n      %s\n", COMMANDS[i].usage, cli_word(cli, COMMANDS[i].zh, COMMANDS[i].en));
    printf("\n%s\n", cli_word(cli, "选项", "Options"));
    for (size_t i = 0; i < GF_COUNT(OPTIONS); i++)
        printf("  %-14s %s\n", OPTIONS[i].name, cli_word(cli, OPTIONS[i].zh, OPTIONS[i].en));
}

/* ---- Words into a command ---- */

static gf_status take_option(cli_call *cli, int argc, char **argv, int *at, gf_error *err)
{
    const char *word = argv[*at], *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    for (size_t i = 0; i < GF_COUNT(OPTIONS); i++) {
        if (strlen(OPTIONS[i].name) != len || strncmp(OPTIONS[i].name, word, len) != 0)
            continue;
        if (!OPTIONS[i].takes_value)
            cli->option[OPTIONS[i].option] = "";
        else if (equals)
            cli->option[OPTIONS[i].option] = equals + 1;
        else if (*at + 1 < argc)
            cli->option[OPTIONS[i].option] = argv[++*at];
        else
            return gf_fail(err, GF_EUSAGE, "cli.option", "gongfu help shows the options.", "%s needs a value", word);
        if (cli->given_count == CLI_GIVEN_MAX)
            return gf_fail(err, GF_ELIMIT, "cli.option", "", "there are more than %d options", CLI_GIVEN_MAX);
        cli->given[cli->given_count++] = (cli_given){ OPTIONS[i].option, cli->option[OPTIONS[i].option] };
        return GF_OK;
    }
    return gf_fail(err, GF_EUSAGE, "cli.option", "gongfu help shows the options.", "there is no option %.60s", word);
}

gf_status cli_take_words(cli_call *cli, int argc, char **argv, gf_error *err)
{
    for (int i = 1; i < argc; i++) {
        bool option = argv[i][0] == '-' && argv[i][1] == '-';
        if (option) {
            gf_status status = take_option(cli, argc, argv, &i, err);
            if (status != GF_OK)
                return status;
        } else if (cli->argument_count < CLI_ARGUMENTS_MAX)
            cli->argument[cli->argument_count++] = argv[i];
        else
            return gf_fail(err, GF_ELIMIT, "cli.arguments", "Name a folder instead of its files.", "there are more than %d words", CLI_ARGUMENTS_MAX);
    }
    gf_str lang = cli_option_text(cli, OPT_LANG);
    if (lang.len && !gf_str_is(lang, "zh") && !gf_str_is(lang, "en"))
        return gf_fail(err, GF_EUSAGE, "cli.lang", "Write zh or en.", "there is no language \"%.*s\"", GF_STR_ARG(gf_str_slice(lang, 0, 20)));
    cli->lang = lang.len ? lang : GF_STR("zh");
    return GF_OK;
}

static gf_status run_command(cli_call *cli, gf_error *err)
{
    const char *name = cli->argument_count ? cli->argument[0] : "help";
    if (strcmp(name, "help") == 0 || cli->option[OPT_HELP]) {
        print_help(cli, cli->option[OPT_HELP] && cli->argument_count ? name : cli->argument_count > 1 ? cli->argument[1] : NULL);
        return GF_OK;
    }
    if (strcmp(name, "version") == 0) {
        printf("gongfu %s\n", GONGFU_VERSION);
        return GF_OK;
    }
    for (size_t i = 0; i < GF_COUNT(COMMANDS); i++)
        if (strcmp(name, COMMANDS[i].name) == 0) {
            cli->argument_count--;
            memmove(cli->argument, cli->argument + 1, cli->argument_count * sizeof *cli->argument);
            return COMMANDS[i].run(cli, err);
        }
    return gf_fail(err, GF_EUSAGE, "cli.command", "gongfu help shows the commands.", "there is no command \"%.60s\"", name);
}

static void tell_failure(const cli_call *cli, const gf_error *err)
{
    if (cli->option[OPT_JSON]) {
        gf_text text;
        gf_json json;
        gf_text_init(&text, cli->arena);
        gf_json_init(&json, &text);
        gf_json_begin(&json, NULL, '{');
        gf_json_error(&json, "error", err);
        gf_json_end(&json, '}');
        (void)fprintf(stderr, "%.*s\n", GF_STR_ARG(gf_text_str(&text)));
        return;
    }
    gf_error said = *err;
    bool zh = gf_str_is(cli->lang, "zh");
    if (zh)
        gf_report_fault_zh(&said);
    (void)fprintf(stderr, "gongfu: %s%s%s%s%s%s\n", said.where, said.where[0] ? ": " : "", said.what, zh ? "。" : ".", said.hint[0] && !zh ? " " : "", said.hint);
}

int gf_cli_main(int argc, char **argv, const gf_cli_doors *doors)
{
    struct sigaction action = { .sa_handler = on_interrupt };
    (void)sigaction(SIGINT, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    cli_call cli = { .doors = doors, .arena = gf_arena_open(CLI_BYTES_MAX), .lang = GF_STR_INIT("zh") };
    gf_error err = { .status = GF_OK };
    gf_status status = cli.arena ? cli_take_words(&cli, argc, argv, &err) : GF_ENOMEM;
    if (status == GF_OK)
        status = run_command(&cli, &err);
    if (fflush(stdout) != 0 && status == GF_OK)
        status = gf_fail(&err, GF_EIO, "cli.write", "", "standard output cannot be written");
    if (status != GF_OK && status != GF_ENO)
        tell_failure(&cli, &err);
    gf_arena_close(cli.arena);
    return gf_status_exit_code(status);
}
