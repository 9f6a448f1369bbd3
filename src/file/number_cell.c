/* Numbers and days as spreadsheets keep them: doubles. Fifteen significant digits are what a double keeps of a decimal;
 * what has more has been rounded before we see it, and is told as lost instead of guessed.
 */
#include "file/sheet_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double KEPT_MAX = 1e15;
enum { SERIAL_MAX = 2958465 /* 9999-12-31 */, LEAP_THAT_NEVER_WAS = 60 };

static void trim_zeros(char *text)
{
    size_t len = strlen(text);
    if (!strchr(text, '.'))
        return;
    while (len && text[len - 1] == '0')
        text[--len] = '\0';
    if (len && text[len - 1] == '.')
        text[--len] = '\0';
}

gf_file_cell sheet_number(const char *text, char out[SHEET_NUMBER_BYTES])
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value))
        return (gf_file_cell){ gf_str_of(text), GF_FILE_ERROR };
    if (fabs(value) >= KEPT_MAX) {
        (void)snprintf(out, SHEET_NUMBER_BYTES, "%.3G", value);
        return (gf_file_cell){ gf_str_of(out), GF_FILE_LOST };
    }
    char rounded[SHEET_NUMBER_BYTES];
    (void)snprintf(rounded, sizeof rounded, "%.15g", value);
    double kept = strtod(rounded, NULL);
    int whole = fabs(kept) >= 1 ? (int)floor(log10(fabs(kept))) + 1 : 1;
    (void)snprintf(out, SHEET_NUMBER_BYTES, "%.*f", whole >= 15 ? 0 : 15 - whole, kept);
    trim_zeros(out);
    if (strcmp(out, "-0") == 0)
        (void)snprintf(out, SHEET_NUMBER_BYTES, "0");
    return (gf_file_cell){ gf_str_of(out), GF_FILE_NUMBER };
}

/* Day 60 of the 1900 system is 29 February 1900, which never was: days before it count from another one. */
gf_file_cell sheet_day(double serial, bool from_1904, char out[SHEET_NUMBER_BYTES])
{
    gf_day base = 0;
    double day = floor(serial);
    bool odd = !from_1904 && day == LEAP_THAT_NEVER_WAS;
    (void)gf_day_make(from_1904 ? 1904 : 1899, from_1904 ? 1 : 12, from_1904 ? 1 : day < LEAP_THAT_NEVER_WAS ? 31 : 30, &base);
    if (odd || !(day >= 0) || day > SERIAL_MAX) {
        (void)snprintf(out, SHEET_NUMBER_BYTES, "%g", serial);
        return (gf_file_cell){ gf_str_of(out), GF_FILE_ERROR };
    }
    char date[GF_DAY_BYTES];
    gf_day_format(base + (gf_day)day, date);
    (void)snprintf(out, SHEET_NUMBER_BYTES, "%s", date);
    return (gf_file_cell){ gf_str_of(out), GF_FILE_DATE };
}

/* 2.02E+19: what a spreadsheet left of a long number when it wrote the file. */
bool sheet_is_lost(gf_str text)
{
    size_t i = 0, digits = 0;
    for (; i < text.len && ((text.data[i] >= '0' && text.data[i] <= '9') || text.data[i] == '.'); i++)
        digits++;
    if (digits == 0 || i + 2 >= text.len || (text.data[i] != 'E' && text.data[i] != 'e') || text.data[i + 1] != '+')
        return false;
    for (i += 2; i < text.len; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return true;
}
