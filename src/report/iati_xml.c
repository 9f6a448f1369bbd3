/* XML 1.0 by hand: five characters to escape, and a set of code points that no document may hold (XML 1.0, section
 * 2.2). They are refused and not left out: a text that silently loses a character is not what the books hold.
 */
#include "report/iati_xml.h"

static bool may_stand(uint32_t code)
{
    return code == 0x9 || code == 0xA || code == 0xD || (code >= 0x20 && code <= 0xD7FF) || (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

static void add_escaped(xml_text *xml, gf_str text)
{
    uint32_t code;
    if (xml->status != GF_OK)
        return;
    if (!gf_utf8_valid(text, NULL)) {
        xml->status = gf_fail(xml->err, GF_EINPUT, "iati.text", "Correct the record; its text is no UTF-8.", "%.*s: broken text", GF_STR_ARG(gf_str_slice(xml->at, 0, 100)));
        return;
    }
    while (gf_utf8_next(&text, &code)) {
        const char *escaped = code == '&' ? "&amp;" : code == '<' ? "&lt;" : code == '>' ? "&gt;" : code == '"' ? "&quot;" : code == '\'' ? "&apos;" : code == 0xD ? "&#13;" : NULL;
        if (!may_stand(code)) {
            xml->status = gf_fail(xml->err, GF_EINPUT, "iati.text", "Correct the record and write the file again.", "%.*s: the character U+%04X cannot stand in XML",
                                  GF_STR_ARG(gf_str_slice(xml->at, 0, 100)), (unsigned)code);
            return;
        }
        if (escaped)
            gf_text_add_c(xml->out, escaped);
        else
            gf_text_add_code(xml->out, code);
    }
}

static void open_tag(xml_text *xml, const char *element, const xml_attribute *attributes, size_t count)
{
    gf_text_format(xml->out, "%*s<%s", xml->depth * 2, "", element);
    for (size_t i = 0; i < count; i++) {
        if (attributes[i].value.len == 0)
            continue;
        gf_text_format(xml->out, " %s=\"", attributes[i].name);
        add_escaped(xml, attributes[i].value);
        gf_text_add_char(xml->out, '"');
    }
}

void xml_begin(xml_text *xml, const char *element, const xml_attribute *attributes, size_t count)
{
    open_tag(xml, element, attributes, count);
    gf_text_add_c(xml->out, ">\n");
    xml->depth++;
}

void xml_end(xml_text *xml, const char *element)
{
    xml->depth--;
    gf_text_format(xml->out, "%*s</%s>\n", xml->depth * 2, "", element);
}

void xml_empty(xml_text *xml, const char *element, const xml_attribute *attributes, size_t count)
{
    open_tag(xml, element, attributes, count);
    gf_text_add_c(xml->out, "/>\n");
}

void xml_leaf(xml_text *xml, const char *element, const xml_attribute *attributes, size_t count, gf_str text)
{
    open_tag(xml, element, attributes, count);
    gf_text_add_char(xml->out, '>');
    add_escaped(xml, text);
    gf_text_format(xml->out, "</%s>\n", element);
}

void xml_narratives(xml_text *xml, gf_app_words words)
{
    xml_leaf(xml, "narrative", NULL, 0, words.zh);
    if (words.en.len)
        xml_leaf(xml, "narrative", XML_ATTRIBUTES({ "xml:lang", GF_STR("en") }), words.en);
}

void xml_words(xml_text *xml, const char *element, const xml_attribute *attributes, size_t count, gf_app_words words)
{
    xml_begin(xml, element, attributes, count);
    xml_narratives(xml, words);
    xml_end(xml, element);
}
