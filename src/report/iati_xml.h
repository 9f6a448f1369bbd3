/* report/iati_xml.h - inside the room only: XML text that is escaped and indented, and refuses what XML may not hold.
 *
 * Elements are literals of the program; values are anybody's. The first value that XML 1.0 cannot hold latches GF_EINPUT
 * "iati.text" with the record at hand; ask `status` once at the end. Nesting is the caller's to keep.
 */
#pragma once
#include "report/gf_report.h"

typedef struct xml_text {
    gf_text  *out;
    int       depth;
    gf_str    at;           /* the record being written: the place of a failure */
    gf_status status;       /* latched */
    gf_error *err;          /* may be NULL */
} xml_text;

typedef struct xml_attribute { const char *name; gf_str value; } xml_attribute;     /* an empty value is left out */

/* <element ...>, one level deeper behind it. */
void xml_begin(xml_text *xml, const char *element, const xml_attribute *attributes, size_t count);
/* </element>. */
void xml_end(xml_text *xml, const char *element);
/* <element .../>. */
void xml_empty(xml_text *xml, const char *element, const xml_attribute *attributes, size_t count);
/* <element ...>text</element> on one line. */
void xml_leaf(xml_text *xml, const char *element, const xml_attribute *attributes, size_t count, gf_str text);
/* <narrative>, in the file's Chinese and, where there is one, in English. */
void xml_narratives(xml_text *xml, gf_app_words words);
/* An element that holds nothing but its narratives. */
void xml_words(xml_text *xml, const char *element, const xml_attribute *attributes, size_t count, gf_app_words words);

#define XML_ATTRIBUTES(...) (const xml_attribute[]){ __VA_ARGS__ }, GF_COUNT(((const xml_attribute[]){ __VA_ARGS__ }))
