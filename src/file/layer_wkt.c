/* Which system a .prj (or a GeoPackage's definition) means, as a number.
 *
 * ArcGIS writes no authority, so Chinese layers are told by datum, central meridian and false easting: CGCS2000 zones with their
 * zone in front of x (40,500,000: EPSG 4513 to 4533) and without (500,000: 4534 to 4554), both of 3 degrees; the two older
 * datums are named and refused, since what leads from them to CGCS2000 is a local survey's secret, not a formula. */
#include "file/layer_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WKT_MAX = 65536, NAME_SHOWN = 60 };

/* Lower case, blanks and underscores left out, so that "False_Easting" and "False easting" are one. */
static gf_status normalise(gf_str wkt, char *out, gf_error *err)
{
    size_t len = 0;
    if (wkt.len >= WKT_MAX)
        return gf_fail(err, GF_ELIMIT, "layer.large", "", "the text of the system is longer than %d bytes", WKT_MAX);
    for (size_t i = 0; i < wkt.len; i++) {
        char c = wkt.data[i];
        if (c == ' ' || c == '_' || c == '\t' || c == '\r' || c == '\n' || c == '\0')
            continue;
        out[len++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c == '(' ? '[' : c == ')' ? ']' : c);
    }
    out[len] = '\0';
    return GF_OK;
}

/* The authority that stands directly in the outermost brackets: ...,authority["epsg","4549"]] or ,id["epsg",4549]] */
static int outer_authority(const char *wkt)
{
    int depth = 0;
    bool quoted = false;
    for (const char *at = wkt; *at; at++) {
        quoted = *at == '"' ? !quoted : quoted;
        if (quoted)
            continue;
        depth += (*at == '[') - (*at == ']');
        if (depth != 1 || *at != ',')
            continue;
        const char *digits = strncmp(at, ",authority[\"epsg\",", 18) == 0 ? at + 18 : strncmp(at, ",id[\"epsg\",", 11) == 0 ? at + 11 : NULL;
        if (digits)
            return atoi(digits + (*digits == '"'));
    }
    return 0;
}

static bool parameter(const char *wkt, const char *name, double *value)
{
    char key[64], *end;
    (void)snprintf(key, sizeof key, "parameter[\"%s\",", name);
    const char *at = strstr(wkt, key);
    if (!at)
        return false;
    *value = strtod(at + strlen(key), &end);
    return end > at + strlen(key) && isfinite(*value);
}

static bool central_meridian(const char *wkt, double *value)
{
    return parameter(wkt, "centralmeridian", value) || parameter(wkt, "longitudeofnaturalorigin", value);
}

static int zone_of_cgcs2000(const char *wkt)
{
    double meridian, easting;
    if (!central_meridian(wkt, &meridian) || !parameter(wkt, "falseeasting", &easting))
        return 0;
    int zone = (int)lround(meridian / 3);
    if (fabs(meridian - 3 * zone) > 1e-9 || zone < 25 || zone > 45)
        return 0;
    if (fabs(easting - 500000) < 0.001)
        return 4534 + zone - 25;
    if (fabs(easting - (zone * 1e6 + 500000)) < 0.001)
        return 4513 + zone - 25;
    return 0;
}

static int utm_of_wgs84(const char *wkt)
{
    double meridian, northing;
    if (!strstr(wkt, "utmzone") || !central_meridian(wkt, &meridian) || !parameter(wkt, "falsenorthing", &northing))
        return 0;
    int zone = (int)lround((meridian + 183) / 6);
    return zone >= 1 && zone <= 60 && northing == 0 ? 32600 + zone : 0;
}

static int number_of(const char *wkt)
{
    bool projected = strncmp(wkt, "projc", 5) == 0;
    bool cgcs2000 = strstr(wkt, "cgcs2000") || strstr(wkt, "china2000") || strstr(wkt, "chinageodeticcoordinatesystem2000");
    bool wgs84 = !cgcs2000 && (strstr(wkt, "wgs84") || strstr(wkt, "wgs1984") || strstr(wkt, "worldgeodeticsystem1984"));
    int number = outer_authority(wkt);
    if (number)
        return number;
    if (strstr(wkt, "webmercator") || strstr(wkt, "pseudo-mercator"))
        return 3857;
    if (!projected)
        return cgcs2000 ? 4490 : wgs84 ? 4326 : 0;
    return cgcs2000 ? zone_of_cgcs2000(wkt) : wgs84 ? utm_of_wgs84(wkt) : 0;
}

gf_status layer_epsg_of_wkt(gf_str wkt, int *epsg, gf_error *err)
{
    char *text = calloc(WKT_MAX, 1);
    if (!text)
        return gf_fail_memory(err);
    gf_status status = normalise(wkt, text, err);
    int number = status == GF_OK ? number_of(text) : 0;
    free(text);
    if (status != GF_OK)
        return status;
    if (number <= 0 || number > 999999) {
        wkt = wkt.data ? wkt : GF_STR("");
        size_t from = gf_str_find(wkt, GF_STR("\"")) + 1;
        gf_str name = gf_str_slice(wkt, from, from + NAME_SHOWN);
        name = gf_str_slice(name, 0, gf_str_find(name, GF_STR("\"")));
        bool sound = gf_utf8_valid(name, NULL);
        return gf_fail(err, GF_EINPUT, "layer.system", "Transform the layer to CGCS2000, or give its number with --layer-crs EPSG:n.",
                       "the layer's system \"%.*s\" is not one that is known here", GF_STR_ARG(sound ? name : GF_STR("?")));
    }
    *epsg = number;
    return GF_OK;
}
