/* file/layer_inside.h - inside the room only: a layer while it is read, and what every reader asks of it. */
#pragma once
#include "file/gf_file.h"

typedef struct layer_build {
    const gf_file_layer_options *options;
    gf_arena        *keep;
    gf_str          *fields;
    size_t           field_count, field_room;
    gf_file_feature *features;
    size_t           feature_count, feature_room, point_count;
    gf_file_part    *parts;          /* of the last feature */
    gf_str          *values;         /* of the last feature */
} layer_build;

void      layer_begin(layer_build *b, const gf_file_layer_options *options, gf_arena *keep);
/* Index of the field, which is added when it is new. Fields may come while features do. */
gf_status layer_field(layer_build *b, gf_str name, size_t *index, gf_error *err);
gf_status layer_feature(layer_build *b, size_t part_count, gf_error *err);
/* Room for the points of one part of the last feature. */
gf_status layer_part(layer_build *b, size_t index, size_t count, gf_file_point **points, gf_error *err);
gf_status layer_value(layer_build *b, size_t field, gf_str value, gf_error *err);      /* a copy is kept */
/* Everything is there: systems and numbers are held against each other. `told` is what the file says; 0 nothing. */
gf_status layer_end(layer_build *b, int told, gf_file_layer *out, gf_error *err);
gf_status layer_damaged(gf_error *err, const char *what);                              /* "layer.form" */

/* The last feature's rings: closed, no crossing of itself, some area. */
gf_status layer_check_rings(const gf_file_part *parts, size_t count, gf_error *err);
gf_status layer_check_system(const layer_build *b, int epsg, bool *degrees, gf_error *err);

/* The EPSG number of a system given as WKT, by its authority or by its parameters. GF_EINPUT "layer.system" */
gf_status layer_epsg_of_wkt(gf_str wkt, int *epsg, gf_error *err);

/* Well-known binary, as GeoPackage keeps it: begins a feature and fills its parts. */
gf_status layer_wkb(layer_build *b, gf_str bytes, gf_error *err);
