/* Layers: three kinds of file give the same values; what is wrong is a sentence that names the feature. */
#include "unit/check.h"
#include "unit/layers.h"

#include <math.h>

static const gf_file_layer_options PLAIN = { .name = "p" };

static gf_status geojson(const char *text, const gf_file_layer_options *options, void *arena, gf_file_layer *out, gf_error *err)
{
    return gf_file_layer_geojson(gf_str_of(text), options, arena, out, err);
}

static gf_str value(const gf_file_layer *layer, size_t feature, const char *field)
{
    size_t index = gf_file_layer_field(layer, field);
    assert_true(index < layer->field_count);
    return layer->features[feature].values[index];
}

#define RING "[[500000,3000000],[500100,3000000],[500100,3000100],[500000,3000000]]"
#define METRES "\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::4549\"}}"
#define FEATURE(properties, geometry) "{\"type\":\"Feature\",\"properties\":" properties ",\"geometry\":" geometry "}"
#define POLYGON(rings) "{\"type\":\"Polygon\",\"coordinates\":[" rings "]}"

/* ---- GeoJSON ---- */

static void geojson_keeps_fields_as_they_are(void **state)
{
    static const char TEXT[] = "\xEF\xBB\xBF{" METRES ",\"features\":["
        FEATURE("{\"BSM\":\"330329000001\",\"TBMJ\":1234.50,\"DLMC\":\"水田\"}", POLYGON(RING)) ","
        FEATURE("{\"DLBM\":\"0101\",\"TBMJ\":0.1,\"KCXS\":null,\"BSM\":330329000002}",
                "{\"type\":\"MultiPolygon\",\"coordinates\":[[" RING "],[" RING "," RING "]]}") "]}";
    gf_file_layer layer;
    gf_error err = { .status = GF_OK };
    if (geojson(TEXT, &PLAIN, *state, &layer, &err) != GF_OK)
        fail_msg("%s", err.what);
    assert_int_equal(layer.epsg, 4549);
    assert_false(layer.degrees);
    assert_int_equal(layer.feature_count, 2);
    assert_int_equal(layer.features[0].part_count, 1);
    assert_int_equal(layer.features[1].part_count, 3);
    assert_int_equal(layer.point_count, 16);
    assert_text(value(&layer, 0, "TBMJ"), "1234.5");
    assert_text(value(&layer, 1, "tbmj"), "0.1");
    assert_text(value(&layer, 0, "DLMC"), "水田");
    assert_text(value(&layer, 1, "BSM"), "330329000002");
    assert_null(value(&layer, 0, "DLBM").data);     /* came with the second feature */
    assert_null(value(&layer, 1, "KCXS").data);
    assert_true(layer.features[0].parts[0].points[1].x == 500100);
}

/* 70 fields that come one by one: the values of the features before them move twice. */
static void fields_may_come_late(void **state)
{
    gf_text text;
    gf_file_layer layer;
    gf_text_init(&text, *state);
    gf_text_add_c(&text, "{" METRES ",\"features\":[");
    for (int i = 0; i < 70; i++)
        gf_text_format(&text, "%s{\"type\":\"Feature\",\"properties\":{\"F%d\":\"v%d\"},\"geometry\":%s}", i ? "," : "", i, i, POLYGON(RING));
    gf_text_add_c(&text, "]}");
    assert_int_equal(gf_file_layer_geojson(gf_text_str(&text), &PLAIN, *state, &layer, NULL), GF_OK);
    assert_int_equal(layer.field_count, 70);
    for (size_t i = 0; i < 70; i++)
        for (size_t k = 0; k < 70; k++) {
            char expected[8];
            (void)snprintf(expected, sizeof expected, "v%zu", i);
            if (i == k)
                assert_text(layer.features[i].values[k], expected);
            else
                assert_null(layer.features[i].values[k].data);
        }
}

static void geojson_without_crs_is_in_degrees(void **state)
{
    gf_file_layer layer;
    assert_int_equal(geojson("{\"features\":[" FEATURE("{}", POLYGON("[[119.7,27.5],[119.8,27.5],[119.8,27.6],[119.7,27.5]]")) "]}", &PLAIN, *state,
                             &layer, NULL), GF_OK);
    assert_int_equal(layer.epsg, 4326);
    assert_true(layer.degrees);
}

typedef struct bad_layer { const char *text, *code, *where, *what; } bad_layer;

static void bad_geojson_is_a_sentence_that_names_the_feature(void **state)
{
#define ONE(properties, ring) "{" METRES ",\"features\":[" FEATURE(properties, POLYGON(ring)) "]}"
    static const bad_layer BAD[] = {
        { "", "layer.form", "p", "the file is empty" },
        { "PK\3\4", "layer.form", "p", "the file is no GeoJSON" },
        { "{\"features\":[{\n,]}", "layer.form", "p:2", "this is no JSON" },
        { "{\"type\":\"FeatureCollection\"}", "layer.form", "p", "holds no FeatureCollection" },
        { "{\"features\":[]}", "layer.form", "p", "holds no feature" },
        { "{\"features\":[" FEATURE("{}", "null") "]}", "layer.shape", "p, feature 1", "it has no shape" },
        { "{\"features\":[" FEATURE("{}", "{\"type\":\"Point\",\"coordinates\":[1,2]}") "]}", "layer.shape", "p, feature 1", "a shape is a Point" },
        { ONE("{\"BSM\":\"33032901\"}", "[[0,0],[10,10],[10,0],[0,10],[0,0]]"), "layer.shape", "p, feature 1 (BSM 33032901)", "ring 1 crosses itself" },
        { ONE("{\"TBBH\":\"7\"}", "[[0,0],[10,0],[10,10],[0,10]]"), "layer.shape", "p, feature 1 (TBBH 7)", "ring 1 is open" },
        { ONE("{}", "[[0,0],[1,1],[0,0]]"), "layer.shape", "p, feature 1", "ring 1 has 3 points" },
        { ONE("{}", "[[0,0],[1,1],[2,2],[0,0]]"), "layer.shape", "p, feature 1", "it has no area" },
        { ONE("{}", "[[0,0],[1,\"a\"],[2,2],[0,0]]"), "layer.number", "p, feature 1", "point 2 of part 1 is no pair of numbers" },
        { ONE("{}", "[[0,0],[1,NaN],[2,2],[0,0]]"), "layer.form", "p:1", "invalid token" },
        { ONE("{}", "[[0,0],[1,1e300],[2,2],[0,0]]"), "layer.number", "p, feature 1", "point 2 of part 1 is (1, 1e+300)" },
        /* surveyors write X = north */
        { ONE("{}", "[[3000000,500000],[3000100,500000],[3000100,500100],[3000000,500000]]"), "layer.swapped", "p", "x and y seem to have changed places" },
        { ONE("{}", "[[119.7,27.5],[119.8,27.5],[119.8,27.6],[119.7,27.5]]"), "layer.degrees", "p", "the numbers look like degrees" },
        { "{\"features\":[" FEATURE("{}", POLYGON("[[27.5,119.7],[27.5,119.8],[27.6,119.8],[27.5,119.7]]")) "]}", "layer.swapped", "p",
          "longitude and latitude seem to have changed places" },
        { "{\"features\":[" FEATURE("{}", POLYGON(RING)) "]}", "layer.degrees", "p", "but these are none" },
        { "{\"crs\":{\"properties\":{\"name\":\"local\"}},\"features\":[" FEATURE("{}", POLYGON(RING)) "]}", "layer.system", "p", "\"local\"" },
    };
    for (size_t i = 0; i < GF_COUNT(BAD); i++) {
        gf_error err = { .status = GF_OK };
        gf_file_layer layer = { .epsg = -7 };
        size_t used = gf_arena_used(*state);
        assert_int_equal(geojson(BAD[i].text, &PLAIN, *state, &layer, &err), GF_EINPUT);
        if (strcmp(err.code, BAD[i].code) || strcmp(err.where, BAD[i].where) || !strstr(err.what, BAD[i].what))
            fail_msg("%zu: %s, %s: %s", i, err.code, err.where, err.what);
        assert_int_equal(layer.epsg, -7);                        /* untouched */
        assert_int_equal(gf_arena_used(*state), used);           /* nothing left behind */
    }
}

/* A notch whose tip reaches half a millimetre over the opposite side is rounding; five centimetres are a crossing. */
static void a_crossing_is_more_than_rounding(void **state)
{
    static const struct { const char *tip; gf_status status; } NOTCHES[] = { { "2999999.9995", GF_OK }, { "2999999.95", GF_EINPUT } };
    for (size_t i = 0; i < GF_COUNT(NOTCHES); i++) {
        gf_text text;
        gf_file_layer layer;
        gf_text_init(&text, *state);
        gf_text_format(&text, "{" METRES ",\"features\":[{\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3000000],[500100,3000000],"
                              "[500100,3000050],[500060,3000050],[500050,%s],[500040,3000050],[500000,3000050],[500000,3000000]]]}}]}", NOTCHES[i].tip);
        assert_int_equal(gf_file_layer_geojson(gf_text_str(&text), &PLAIN, *state, &layer, NULL), NOTCHES[i].status);
    }
}

/* A ring that only touches itself is a parcel like many; a boundary may even cross itself. */
static void touching_is_no_crossing(void **state)
{
    static const char TOUCH[] = "{" METRES ",\"features\":[" FEATURE("{}", POLYGON("[[0,0],[10,0],[5,5],[10,10],[0,10],[5,5],[0,0]]")) "]}";
    static const char BOW[] = "{" METRES ",\"features\":[" FEATURE("{}", POLYGON("[[0,0],[10,10],[10,0],[0,10],[0,0]]")) ","
        FEATURE("{}", "{\"type\":\"LineString\",\"coordinates\":[[0,0],[500,500]]}") "]}";
    const gf_file_layer_options boundary = { .name = "b", .boundary = true, .epsg = 4528 }, metres = { .name = "p", .epsg = 2349 };
    gf_file_layer layer;
    assert_int_equal(geojson(TOUCH, &metres, *state, &layer, NULL), GF_EINPUT);   /* numbers that look like degrees */
    assert_int_equal(geojson(TOUCH, &(gf_file_layer_options){ .name = "p", .epsg = 4326 }, *state, &layer, NULL), GF_OK);
    assert_int_equal(geojson(BOW, &boundary, *state, &layer, NULL), GF_OK);
    assert_int_equal(layer.epsg, 4528);
}

/* ---- Shapefile ---- */

static const double SQUARE[5][2] = { { 40500000, 3000000 }, { 40500000, 3000100 }, { 40500100, 3000100 }, { 40500100, 3000000 }, { 40500000, 3000000 } };
static const char PRJ_ARC[] = "PROJCS[\"CGCS2000_3_Degree_GK_Zone_40\",GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\",DATUM[\"D_China_2000\",SPHEROID["
    "\"CGCS2000\",6378137.0,298.257222101]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Gauss_Kruger\"],PARAMETER["
    "\"False_Easting\",40500000.0],PARAMETER[\"False_Northing\",0.0],PARAMETER[\"Central_Meridian\",120.0],PARAMETER[\"Scale_Factor\",1.0],PARAMETER["
    "\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]";

static void squares(bytes *shp, uint32_t count)
{
    shp_open(shp);
    for (uint32_t i = 0; i < count; i++)
        shp_ring(shp, i + 1, SQUARE, 5);
    shp_close(shp);
}

/* 水田 is CB AE CC EF in GBK, which is no UTF-8: without .cpg the table is read as GB18030. The last cell is cut inside a character. */
static void dbf_in_gbk_without_cpg_is_read(void **state)
{
    static const char *const FIELDS[] = { "BSM", "DLMC", "ZLDWMC" };
    static const char *const CELLS[] = { "1", "\xCB\xAE\xCC\xEF", "ABCDEFGHIJKLMNOPQRS\xB4\xE5", NULL, "", "", "3", "", "x" };
    static bytes shp, dbf;
    gf_file_layer layer;
    squares(&shp, 3);
    dbf_make(&dbf, FIELDS, 3, CELLS, 3);
    const gf_file_shape shape = { bytes_str(&shp), bytes_str(&dbf), GF_STR(PRJ_ARC), { NULL, 0 } };
    assert_int_equal(gf_file_layer_shape(&shape, &PLAIN, *state, &layer, NULL), GF_OK);
    assert_int_equal(layer.epsg, 4528);
    assert_int_equal(layer.feature_count, 2);                    /* the second is marked as deleted */
    assert_text(value(&layer, 0, "DLMC"), "水田");
    assert_text(value(&layer, 0, "ZLDWMC"), "ABCDEFGHIJKLMNOPQRS");
    assert_text(value(&layer, 1, "BSM"), "3");
    assert_null(value(&layer, 1, "DLMC").data);
}

static void dbf_in_utf8_is_read_with_and_without_cpg(void **state)
{
    static const char *const FIELDS[] = { "DLMC" }, *const CELLS[] = { "水田水田水田田" /* 21 bytes in 20 */ };
    static bytes shp, dbf;
    gf_file_layer layer;
    gf_error err;
    squares(&shp, 1);
    dbf_make(&dbf, FIELDS, 1, CELLS, 1);
    gf_file_shape shape = { .shp = bytes_str(&shp), .dbf = bytes_str(&dbf) };
    for (int i = 0; i < 2; i++) {
        assert_int_equal(gf_file_layer_shape(&shape, &PLAIN, *state, &layer, NULL), GF_OK);
        assert_text(value(&layer, 0, "DLMC"), "水田水田水田");
        assert_int_equal(layer.epsg, 0);
        shape.cpg = GF_STR("UTF-8\r\n");
    }
    shape.cpg = GF_STR("KLINGON");
    assert_int_equal(gf_file_layer_shape(&shape, &PLAIN, *state, &layer, &err), GF_EINPUT);
    assert_string_equal(err.code, "layer.text");
}

static void systems_are_told_by_their_text(void **state)
{
    static const struct { const char *prj; int epsg; } KNOWN[] = {
        { PRJ_ARC, 4528 },
        { "PROJCS[\"CGCS2000_3_Degree_GK_CM_120E\",GEOGCS[\"x\"],PARAMETER[\"False_Easting\",500000.0],PARAMETER[\"Central_Meridian\",120.0]]", 4549 },
        { "PROJCS[\"CGCS2000 / 3-degree Gauss-Kruger CM 117E\",GEOGCS[\"a\",AUTHORITY[\"EPSG\",\"4490\"]],AUTHORITY[\"EPSG\",\"4548\"]]", 4548 },
        { "PROJCRS[\"y\",BASEGEOGCRS[\"a\",ID[\"EPSG\",4490]],ID[\"EPSG\",4528]]", 4528 },
        { "GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\",DATUM[\"D_China_2000\"]]", 4490 },
        { "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\"]]", 4326 },
        { "PROJCS[\"WGS_1984_UTM_Zone_50N\",PARAMETER[\"False_Northing\",0.0],PARAMETER[\"Central_Meridian\",117.0]]", 32650 },
    };
    static const char *const UNKNOWN[] = { "PROJCS[\"Xian_1980_3_Degree_GK_Zone_40\",PARAMETER[\"False_Easting\",40500000.0]]", "nonsense", "PROJCS[\"\xFF\"]" };
    static bytes shp;
    gf_file_layer layer;
    gf_error err;
    squares(&shp, 1);
    for (size_t i = 0; i < GF_COUNT(KNOWN); i++) {
        const gf_file_shape shape = { .shp = bytes_str(&shp), .prj = gf_str_of(KNOWN[i].prj) };
        gf_status status = gf_file_layer_shape(&shape, &PLAIN, *state, &layer, &err);
        if (KNOWN[i].epsg == 4490 || KNOWN[i].epsg == 4326) {    /* told, and found not to be what the numbers are */
            assert_int_equal(status, GF_EINPUT);
            assert_string_equal(err.code, "layer.degrees");
        } else {
            assert_int_equal(status, GF_OK);
            assert_int_equal(layer.epsg, KNOWN[i].epsg);
        }
    }
    for (size_t i = 0; i < GF_COUNT(UNKNOWN); i++) {
        const gf_file_shape shape = { .shp = bytes_str(&shp), .prj = gf_str_of(UNKNOWN[i]) };
        assert_int_equal(gf_file_layer_shape(&shape, &PLAIN, *state, &layer, &err), GF_EINPUT);
        assert_string_equal(err.code, "layer.system");
        assert_int_equal(gf_file_layer_shape(&shape, &(gf_file_layer_options){ .name = "p", .epsg = 4528 }, *state, &layer, &err), GF_OK);
    }
}

/* Claims are held against what is there before memory is taken for them: the arena of this test has 64 MiB. */
static void shapefiles_that_claim_too_much_are_refused(void **state)
{
    static const struct { size_t at; uint32_t value; bool big; const char *what; } CLAIMS[] = {
        { 24, 0x7FFFFFFF, true, "the .shp claims 4294967294 bytes" },
        { 104, 0x7FFFFFFF, true, "a record claims more bytes than there are" },
        { 108 + 36, 0xFFFFFFFF, false, "a record claims more points than it holds" },
        { 108 + 40, 0xFFFFFFFF, false, "a record claims more points than it holds" },
        { 108 + 44, 0xFFFFFFFF, false, "the rings of a record overlap" },
        { 108, 99, false, "a record is of no known kind" },
        { 0, 7, true, "the file is no shapefile" },
    };
    static bytes shp;
    gf_file_layer layer;
    gf_error err;
    for (size_t i = 0; i < GF_COUNT(CLAIMS); i++) {
        squares(&shp, 2);
        size_t len = shp.len;
        shp.len = CLAIMS[i].at;
        put_number(&shp, CLAIMS[i].value, 4, CLAIMS[i].big);
        shp.len = len;
        assert_int_equal(gf_file_layer_shape(&(gf_file_shape){ .shp = bytes_str(&shp) }, &PLAIN, *state, &layer, &err), GF_EINPUT);
        if (!strstr(err.what, CLAIMS[i].what))
            fail_msg("%zu: %s", i, err.what);
    }
    squares(&shp, 2);
    for (size_t len = 0; len < shp.len; len++)
        assert_int_equal(gf_file_layer_shape(&(gf_file_shape){ .shp = { shp.data, len } }, &PLAIN, *state, &layer, &err), GF_EINPUT);
}

static void a_table_that_does_not_fit_is_refused(void **state)
{
    static const char *const FIELDS[] = { "BSM", "DLMC" }, *const CELLS[] = { "1", "a", "2", "b" };
    static bytes shp, dbf;
    gf_file_layer layer;
    gf_error err;
    squares(&shp, 3);
    dbf_make(&dbf, FIELDS, 2, CELLS, 2);
    assert_int_equal(gf_file_layer_shape(&(gf_file_shape){ .shp = bytes_str(&shp), .dbf = bytes_str(&dbf) }, &PLAIN, *state, &layer, &err), GF_EINPUT);
    assert_non_null(strstr(err.what, "fewer records"));
    for (size_t len = 0; len < dbf.len; len++)
        assert_int_equal(gf_file_layer_shape(&(gf_file_shape){ .shp = bytes_str(&shp), .dbf = { dbf.data, len } }, &PLAIN, *state, &layer, &err), GF_EINPUT);
}

/* ---- GeoPackage ---- */

/* The square in both byte orders, the second with heights and an envelope: little and big endian, 2 and 3 dimensions. */
static void blob_hex(bytes *b, bool big, bool heights, char *hex)
{
    b->len = 0;
    put(b, "GP\0", 3);
    put_number(b, heights ? 1 | 2 << 1 : 1, 1, false);
    put_number(b, 4528, 4, false);
    for (int i = 0; heights && i < 6; i++)
        put_double(b, 0);
    put_number(b, big ? 0 : 1, 1, false);
    put_number(b, heights ? 1003 : 3, 4, big);
    put_number(b, 1, 4, big);
    put_number(b, 5, 4, big);
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < (heights ? 3 : 2); k++) {
            uint64_t bits;
            double v = k < 2 ? SQUARE[i][k] : 812.5;
            memcpy(&bits, &v, sizeof bits);
            put_number(b, bits, 8, big);
        }
    gf_hex_format((const uint8_t *)b->data, b->len, hex);
}

static gf_str package(void *arena, const char *more)
{
    static bytes blob;
    static char first[2048], second[2048];
    gf_text sql;
    blob_hex(&blob, false, false, first);
    blob_hex(&blob, true, true, second);
    gf_text_init(&sql, arena);
    gf_text_format(&sql, "CREATE TABLE dltb(fid INTEGER PRIMARY KEY, geom BLOB, BSM TEXT, TBMJ REAL, DLMC TEXT);"
                         "INSERT INTO gpkg_geometry_columns VALUES('dltb','geom','POLYGON',4528,0,0);"
                         "INSERT INTO dltb VALUES(1,x'%s','01',1234.5,'水田'),(2,x'%s','02',NULL,'旱地');%s", first, second, more);
    return gpkg_make(gf_text_str(&sql).data);
}

static void geopackage_gives_the_same_values(void **state)
{
    gf_file_layer layer;
    gf_str file = package(*state, "");
    assert_int_equal(gf_file_layer_gpkg(file, &PLAIN, *state, &layer, NULL), GF_OK);
    assert_int_equal(layer.epsg, 4528);
    assert_int_equal(layer.feature_count, 2);
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 5; k++) {
            assert_true(layer.features[i].parts[0].points[k].x == SQUARE[k][0]);
            assert_true(layer.features[i].parts[0].points[k].y == SQUARE[k][1]);
        }
    assert_text(value(&layer, 0, "TBMJ"), "1234.5");
    assert_text(value(&layer, 1, "DLMC"), "旱地");
    assert_null(value(&layer, 1, "TBMJ").data);
    /* last written in WAL mode */
    ((char *)(uintptr_t)file.data)[18] = ((char *)(uintptr_t)file.data)[19] = 2;
    assert_int_equal(gf_file_layer_gpkg(file, &PLAIN, *state, &layer, NULL), GF_OK);
    sqlite3_free((void *)(uintptr_t)file.data);
}

static void bad_geopackages_are_sentences(void **state)
{
    static const bad_layer BAD[] = {
        { "DELETE FROM gpkg_geometry_columns", "layer.table", "p", "holds no layer" },
        { "CREATE TABLE b(g BLOB); INSERT INTO gpkg_geometry_columns VALUES('b','g','POLYGON',4528,0,0)", "layer.table", "p", "several layers: b, dltb" },
        { "UPDATE dltb SET geom = x'0102' WHERE fid = 2", "layer.form", "p, feature 2", "not in GeoPackage form" },
        { "UPDATE dltb SET geom = substr(geom, 1, 60) WHERE fid = 2", "layer.form", "p, feature 2", "cut off" },
        { "UPDATE dltb SET geom = NULL WHERE fid = 1", "layer.shape", "p, feature 1", "it has no shape" },
        { "UPDATE dltb SET geom = 'text' WHERE fid = 1", "layer.form", "p, feature 1", "not in GeoPackage form" },
        { "UPDATE gpkg_geometry_columns SET srs_id = 100001", "layer.system", "p", "Xian_1980" },
        { "UPDATE gpkg_geometry_columns SET column_name = 'shape'", "layer.form", "p", "column of shapes is not there" },
        { "DROP TABLE dltb; CREATE VIEW dltb AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n FROM t) SELECT n AS geom FROM t", "layer.table", "p",
          "no layer" },
    };
    gf_file_layer layer;
    for (size_t i = 0; i < GF_COUNT(BAD); i++) {
        gf_error err = { .status = GF_OK };
        gf_str file = package(*state, BAD[i].text);
        assert_int_equal(gf_file_layer_gpkg(file, &PLAIN, *state, &layer, &err), GF_EINPUT);
        if (strcmp(err.code, BAD[i].code) || strcmp(err.where, BAD[i].where) || !strstr(err.what, BAD[i].what))
            fail_msg("%zu: %s, %s: %s", i, err.code, err.where, err.what);
        sqlite3_free((void *)(uintptr_t)file.data);
    }
}

/* Every allocation may be the one that fails: the answer is then GF_ENOMEM, and nothing leaks (the sanitizer looks). */
static void memory_may_end_anywhere(void **state)
{
    static const char *const FIELDS[] = { "DLMC" }, *const CELLS[] = { "\xCB\xAE\xCC\xEF", "x" };
    static bytes shp, dbf;
    squares(&shp, 2);
    dbf_make(&dbf, FIELDS, 1, CELLS, 2);
    const gf_file_shape shape = { .shp = bytes_str(&shp), .dbf = bytes_str(&dbf) };
    gf_str file = package(*state, "");
    size_t refused = 0;
    for (size_t room = 0; room < 8192; room += 16) {
        gf_file_layer layer;
        gf_arena *small = gf_arena_open(room);
        gf_status a = gf_file_layer_shape(&shape, &PLAIN, small, &layer, NULL), b = gf_file_layer_gpkg(file, &PLAIN, small, &layer, NULL);
        assert_true((a == GF_OK || a == GF_ENOMEM) && (b == GF_OK || b == GF_ENOMEM));
        refused += a != GF_OK;
        gf_arena_close(small);
    }
    assert_true(refused > 10 && refused < 500);
    sqlite3_free((void *)(uintptr_t)file.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(geojson_keeps_fields_as_they_are), TEST(fields_may_come_late), TEST(geojson_without_crs_is_in_degrees),
        TEST(bad_geojson_is_a_sentence_that_names_the_feature), TEST(a_crossing_is_more_than_rounding), TEST(touching_is_no_crossing), TEST(dbf_in_gbk_without_cpg_is_read),
        TEST(dbf_in_utf8_is_read_with_and_without_cpg), TEST(systems_are_told_by_their_text), TEST(shapefiles_that_claim_too_much_are_refused),
        TEST(a_table_that_does_not_fit_is_refused), TEST(geopackage_gives_the_same_values), TEST(bad_geopackages_are_sentences),
        TEST(memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
