/* The folder of an invented province: one table of files, written one after the other through one buffer.
 *
 * 5 million lines are about half a gigabyte of text and take some seconds. Chance is splitmix64 (Steele, Lea and Flood 2014), started
 * anew for every row from seed, stream and number: rows depend on no other row, and no list is kept.
 */
#define _DEFAULT_SOURCE  /* O_DIRECTORY in older C libraries */
#include "app/province.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROW_BYTES = 4000, ASK_EVERY = 4096 };

static const struct { const char *name, *header; province_write_fn *write; } FILES[] = {
    { "places", "code,name,level,parent,note,origin", province_places },
    { "units", "id,name,short_name,kind,parent,origin", province_units },
    { "documents", "id,name,kind,issuer,date,note,origin", province_documents },
    { "programmes", "id,name,name_en,lead,place,period,zone,note,origin", province_programmes },
    { "groups", "id,programme,name,lead,period,quantity,quantity_unit,bound,origin", province_groups },
    { "members", "id,group,unit,role,block,block_title,period,origin", province_members },
    { "pairings", "id,unit,place,role,period,origin", province_pairings },
    { "persons", "id,role,unit,place,name,phone,origin", province_persons },
    { "assignments", "id,person,unit,place,post,period,origin", province_assignments },
    { "households", "id,name,place,units,category,registered,head,phone,address,bank_card,origin", province_households },
    { "household_members", "id,household,relation,birth_year,name,id_number,health,origin", province_household_members },
    { "projects", "id,name,units,place,stage,period,budget_fen,origin", province_projects },
    { "project_stages", "id,project,stage,date,accepted_by,origin", province_project_stages },
    { "project_conditions", "id,project,kind,state,origin", province_project_conditions },
    { "funds", "id,name,programme,owner,purpose,place,period,origin", province_funds },
    { "assets", "id,name,owner,place,project,units,built,keeper,origin", province_assets },
    { "visits", "id,name,units,place,household,period,occasion,origin", province_visits },
    { "measures", "id,name,units,place,household,kind,period,origin", province_measures },
    { "entries", "entry,date,period,verb,kind,from_party,to_party,fund,project,place,stage_from,stage_to,amount_fen,bound,purpose,voucher,origin,key,reverses,unit", province_entries },
    { "indicators", "id,name,place,units,unit,reads,baseline_period,target,target_period,origin", province_indicators },
    { "observations", "id,indicator,place,period,value,unit,bound,method,origin", province_observations },
    { "cases", "id,name,kind,place,household,opened,opener,assignee,origin", province_cases },
    { "case_steps", "id,case,date,stage,actor,proof,origin", province_case_steps },
};

/* ---- Chance ---- */

uint64_t province_next(province_dice *dice)
{
    uint64_t z = dice->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

province_dice province_throw(uint64_t seed, province_stream stream, int64_t number)
{
    province_dice of_seed = { seed }, of_stream = { province_next(&of_seed) + (uint64_t)stream };
    return (province_dice){ province_next(&of_stream) ^ ((uint64_t)number * UINT64_C(0xD1342543DE82EF95)) };
}

int64_t province_below(province_dice *dice, int64_t count) { return (int64_t)(((province_next(dice) >> 32) * (uint64_t)count) >> 32); }
bool    province_chance(province_dice *dice, int percent) { return province_below(dice, 100) < percent; }

/* ---- One file ---- */

static void flush(province_out *out)
{
    for (size_t done = 0; done < out->len && !out->failed;) {
        ssize_t wrote = write(out->fd, out->buffer + done, out->len - done);
        out->failed = wrote < 0 && errno != EINTR;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    out->bytes += (int64_t)out->len;
    out->len = 0;
}

bool province_goes_on(const province_out *out) { return !out->failed && !out->stopped; }

void province_put_end(province_out *out)
{
    out->buffer[out->len++] = '\n';
    out->rows++;
    if (out->len > sizeof out->buffer - ROW_BYTES)
        flush(out);
    if (out->rows % ASK_EVERY == 0 && out->cancelled && out->cancelled())
        out->stopped = true;
}

void province_put(province_out *out, const char *text)
{
    size_t len = strlen(text);
    assert(len < sizeof out->buffer - out->len);
    memcpy(out->buffer + out->len, text, len);
    out->len += len;
}

void province_put_number(province_out *out, int64_t value, int width)
{
    char digits[24];
    int at = (int)sizeof digits;
    assert(value >= 0 && width < at);
    for (; value > 0 || width > 0 || at == (int)sizeof digits; value /= 10, width--)
        digits[--at] = (char)('0' + value % 10);
    memcpy(out->buffer + out->len, digits + at, sizeof digits - (size_t)at);
    out->len += sizeof digits - (size_t)at;
}

void province_row(province_out *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(out->buffer + out->len, ROW_BYTES - 1, format, args);
    va_end(args);
    assert(len >= 0 && len < ROW_BYTES - 1);
    out->len += len > 0 ? (size_t)len : 0;
    province_put_end(out);
}

static gf_status write_file(const province_world *world, int dirfd, size_t index, province_out *out, gf_app_province_made *made, gf_error *err)
{
    char name[PROVINCE_NAME_BYTES];
    (void)snprintf(name, sizeof name, "%s.csv", FILES[index].name);
    out->fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    out->failed = out->fd < 0;
    out->rows = -1;   /* the header is none */
    out->bytes = 0;
    out->len = 0;
    province_row(out, "%s", FILES[index].header);
    if (!out->failed)
        FILES[index].write(world, out);
    flush(out);
    if (out->fd >= 0 && close(out->fd) != 0)
        out->failed = true;
    made->files[made->file_count++] = (gf_app_province_file){ FILES[index].name, out->rows, out->bytes };
    made->bytes += out->bytes;
    if (out->failed)
        return gf_fail(err, GF_EIO, "province.write", "See that the folder may be written and has room.", "%s cannot be written", name);
    return out->stopped ? gf_fail(err, GF_ECANCELLED, "province.cancelled", "Remove the folder.", "stopped on request; the folder is not whole") : GF_OK;
}

/* ---- The folder ---- */

static gf_status open_folder(const char *path, int *dirfd, gf_error *err)
{
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        return gf_fail(err, GF_EIO, "province.folder", "See that the folder above exists and may be written.", "%s cannot be made: %s", path, strerror(errno));
    DIR *dir = opendir(path);
    bool empty = true;
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;)
        empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    if (dir)
        (void)closedir(dir);
    if (dir && !empty)
        return gf_fail(err, GF_ECONFLICT, "province.folder", "Name a new folder, or an empty one.", "%s holds something already", path);
    *dirfd = dir ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    return *dirfd >= 0 ? GF_OK : gf_fail(err, GF_EIO, "province.folder", "", "%s cannot be opened: %s", path, strerror(errno));
}

gf_status gf_app_province_write(const gf_app_province_options *options, gf_app_province_made *out, gf_error *err)
{
    static_assert(GF_COUNT(FILES) <= GF_APP_PROVINCE_FILES, "made has room for every file");
    int dirfd = -1;
    if (options->lines < GF_APP_PROVINCE_LINES_LEAST || options->lines > GF_APP_PROVINCE_LINES_MOST || options->lines % 2)
        return gf_fail(err, GF_EUSAGE, "province.lines", "A transfer is two lines.", "the lines of a province are an even number from %d to %d", GF_APP_PROVINCE_LINES_LEAST, GF_APP_PROVINCE_LINES_MOST);
    province_world *world = calloc(1, sizeof *world);
    province_out *file = calloc(1, sizeof *file);
    gf_status status = world && file ? open_folder(options->folder, &dirfd, err) : gf_fail_memory(err);
    gf_app_province_made made = { .lines = options->lines };
    if (status == GF_OK) {
        province_world_make(options->seed, options->lines, world);
        file->cancelled = options->cancelled;
    }
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(FILES); i++)
        status = write_file(world, dirfd, i, file, &made, err);
    if (status == GF_OK) {
        made.entries = file->entries;
        *out = made;
    }
    if (dirfd >= 0)
        (void)close(dirfd);
    free(file);
    free(world);
    return status;
}
