/* report/iati_xml.h - inside the room only: XML text that is escaped and indented, and refuses what XML may not hold. */
#pragma once
#include "report/gf_report.h"

typedef struct xml_text { gf_text *out; int depth; gf_str at; /* the record being written */ gf_status status; gf_error *err; } xml_text;

typedef struct xml_attribute { const char *name; gf_str value; } xml_attribute;     /* an empty value is left out */

void xml_begin(xml_text *xml, const char *element, const xml_attribute *attributes, size_t count);
void xml_end(xml_text *xml, const char *element);
void xml_empty(xml_text *xml, const char *element, const xml_attribute *attributes, size_t count);
void xml_leaf(xml_text *xml, const char *element, const xml_attribute *attributes, size_t count, gf_str text);
/* <narrative>, in the file's Chinese and, where there is one, in English. */
void xml_narratives(xml_text *xml, gf_app_words words);
void xml_words(xml_text *xml, const char *element, const xml_attribute *attributes, size_t count, gf_app_words words);

#define XML_ATTRIBUTES(...) (const xml_attribute[]){ __VA_ARGS__ }, GF_COUNT(((const xml_attribute[]){ __VA_ARGS__ }))
