/* Every file of a village's design, made before any is written or kept. */
#include "report/gf_report_village.h"

static const char *const NAMES[GF_REPORT_VILLAGE_FILES] = { "village.json", "network.inp", "design.geojson", "design.dxf",    "profile.csv", "profile.svg",
                                                            "bill.csv",     "pipes.csv",   "households.csv", "report.pdf", "report.xlsx" };

gf_status gf_report_village_files(const gf_village_plan *plan, gf_str lang, gf_str as_of, gf_arena *keep, gf_report_village_file files[GF_REPORT_VILLAGE_FILES],
                                  gf_error *err)
{
    for (size_t i = 0; i < GF_REPORT_VILLAGE_FILES; i++) {
        files[i].name = NAMES[i];
        gf_text_init(&files[i].text, keep);
    }
    gf_report_village_json(plan, -1, &files[0].text);
    gf_water_inp_write(&plan->designs[plan->chosen].net, &files[1].text);
    gf_app_village_dxf(plan, &files[3].text);
    gf_app_village_profile_csv(plan, &files[4].text);
    gf_report_village_profile_svg(plan, lang, &files[5].text);
    gf_app_village_bill_csv(plan, &files[6].text);
    gf_app_village_pipes_csv(plan, &files[7].text);
    gf_app_village_houses_csv(plan, &files[8].text);
    gf_status status = gf_app_village_geojson(plan, &files[2].text, err);
    if (status == GF_OK)
        status = gf_report_village_pdf(plan, lang, as_of, &files[9].text, err);
    if (status == GF_OK)
        status = gf_report_village_xlsx(plan, lang, as_of, &files[10].text, err);
    for (size_t i = 0; i < GF_REPORT_VILLAGE_FILES && status == GF_OK; i++)
        status = gf_text_done(&files[i].text, err);
    return status;
}
