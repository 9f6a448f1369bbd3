/* report/gf_report_plant.h - the answers about PV plants as JSON for their pages. Energy in Wh, money in fen, null = not told. */
#pragma once
#include "app/gf_app_plant.h"

/* {"plants":[...]} */
void gf_report_plants_json(const gf_app_plant_line *lines, size_t count, gf_text *out);
/* The plant with months, faults, batches and tariffs; numbers that open stand beside the id of their figure. */
void gf_report_plant_json(const gf_app_plant *plant, gf_text *out);
/* {"days":[...]} */
void gf_report_plant_days_json(const gf_app_plant_day *days, size_t count, gf_text *out);
/* By instant, for a chart: watts of each inverter as read and as expected, light on the plane. */
void gf_report_plant_course_json(const gf_app_plant_course *course, gf_text *out);
/* {"document","booked","unchanged","parts":[{"part","entry","reversal"}]} */
void gf_report_plant_settled_json(const gf_app_plant_settled *settled, gf_text *out);
