/* Any bytes to UTF-8 text: decided once for a file, since a file has one writer.
 *
 * Valid UTF-8 stays. Else it is GB18030 (the superset of GBK and GB 2312) when it decodes and most of its characters are
 * those of GB 2312, both bytes from A1 up, as Chinese titles are; else Latin-1. A Latin-1 text often decodes as GBK by chance
 * ("Réseau": E9 73 is a character), but then its second bytes are ASCII letters. iconv is glibc's and needs no library.
 */
#include "water/inp.h"

#include <iconv.h>
#include <string.h>

enum { GROWTH_MAX = 2, BYTE_ORDER_MARK_BYTES = 3 };

static bool reads_chinese(gf_str s)
{
    size_t common = 0, rare = 0;
    for (size_t i = 0; i + 1 < s.len; i++) {
        uint8_t lead = (uint8_t)s.data[i], next = (uint8_t)s.data[i + 1];
        if (lead < 0x80)
            continue;
        if (lead >= 0xA1 && next >= 0xA1)
            common++;
        else
            rare++;
        i++;
    }
    return common > rare;
}

static bool convert(gf_str from, const char *charset, char *to, size_t room, size_t *len)
{
    iconv_t way = iconv_open("UTF-8", charset);
    if (way == (iconv_t)-1)
        return false;
    char *in = (char *)(uintptr_t)from.data, *at = to;   /* iconv's type forgot a const */
    size_t left = from.len;
    bool done = iconv(way, &in, &left, &at, &room) != (size_t)-1 && left == 0;
    (void)iconv_close(way);
    *len = (size_t)(at - to);
    return done;
}

/* NUL and other controls are blanks; a lone CR ends a line only where no LF does. */
static size_t clean(char *text, size_t len)
{
    char return_is = memchr(text, '\n', len) ? ' ' : '\n';
    size_t nuls = 0;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] >= ' ' || text[i] == '\n' || text[i] == '\t')
            continue;
        nuls += text[i] == '\0';
        text[i] = text[i] == '\r' ? return_is : ' ';
    }
    return nuls;
}

static gf_status take(inp_reader *r, const char *bytes, size_t len)
{
    char *text = gf_arena_alloc(r->keep, len + 2, 1);
    if (!text)
        return gf_fail_memory(r->err);
    memcpy(text, bytes, len);
    size_t nuls = clean(text, len);
    text[len] = '\n';
    r->text = (gf_str){ text, len + 1 };
    if (nuls)
        inp_note(r, "%zu NUL bytes are read as blanks", nuls);
    return GF_OK;
}

gf_status inp_decode(inp_reader *r, gf_str bytes)
{
    if (bytes.len > GF_WATER_TEXT_BYTES_MAX)
        return gf_fail(r->err, GF_ELIMIT, "water.inp.limit", "Split the network, or leave out what it does not need.",
                       "the file has %zu bytes, more than %d", bytes.len, GF_WATER_TEXT_BYTES_MAX);
    if (gf_str_starts(bytes, GF_STR("\xEF\xBB\xBF")))
        bytes = gf_str_slice(bytes, BYTE_ORDER_MARK_BYTES, bytes.len);
    if (gf_utf8_valid(bytes, NULL))
        return take(r, bytes.data ? bytes.data : "", bytes.len);
    size_t room = bytes.len * GROWTH_MAX, len = 0;
    char *text = gf_arena_alloc(r->scratch, room, 1);
    if (!text)
        return gf_fail_memory(r->err);
    bool chinese = reads_chinese(bytes) && convert(bytes, "GB18030", text, room, &len);
    if (!chinese && !convert(bytes, "ISO-8859-1", text, room, &len))
        return gf_fail(r->err, GF_EINPUT, "water.inp.text", "Save the file as UTF-8.", "the text is neither UTF-8 nor GB18030 nor Latin-1");
    inp_note(r, "the file is not UTF-8 and is read as %s", chinese ? "GB18030" : "Latin-1");
    return take(r, text, len);
}
