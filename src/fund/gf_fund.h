/* fund/gf_fund.h - restricted purses and the rules of double entry.
 *
 * Pure: no store, no clock, no memory of its own. Amounts are integer fen. A transfer is what a row of entries.csv says:
 * an amount leaves one account and reaches another. An entry is one or more transfers that stand or fall together; its
 * two lines for each transfer sum to zero in every fund and kind by construction; check proves it again for lines read
 * back. Texts in these structs are borrowed: whoever fills them keeps them.
 */
#pragma once
#include "base/gf_base.h"

/* Money of different kinds is never added together. */
typedef enum gf_fund_kind {
    GF_FUND_CASH, GF_FUND_IN_KIND, GF_FUND_LOAN, GF_FUND_INVESTMENT, GF_FUND_RESULT, GF_FUND_KIND_COUNT
} gf_fund_kind;

/* "cash" "in_kind" "loan" "investment" "result": the words of tables and files. `kind` must be one of the five. */
const char *gf_fund_kind_name(gf_fund_kind kind);
/* False for any other word, "all" among them. */
bool        gf_fund_kind_parse(gf_str name, gf_fund_kind *out);

/* Stages a kind may reach, in the order of its life; NULL behind the last. A static table. */
const char *const *gf_fund_stages(gf_fund_kind kind);
/* False for "": no stage is not a stage. */
bool        gf_fund_has_stage(gf_fund_kind kind, gf_str stage);
/* The stage that a verb of a report means (取得: received); NULL for a verb that names none. A loan's 投入 is paid like
 * any other: the verb decides alone. */
const char *gf_fund_verb_stage(gf_str verb);

/* Where money stands. party "unstated" when nobody said. stage "" = unknown, which is not zero. */
typedef struct gf_fund_account {
    gf_str  kind, stage, party, fund, project, place;
    int64_t id;                         /* where the books keep it; 0 = not yet. No part of any hash or comparison */
} gf_fund_account;

typedef struct gf_fund_transfer {
    gf_fund_account from, to;           /* same kind, fund, project and place */
    gf_fen          amount;             /* > 0, at most GF_FUND_AMOUNT_MAX */
    int             bound;              /* 0 exact, 1 at least, 2 about */
    gf_str          period;             /* as written; "" = the entry's date */
} gf_fund_transfer;

typedef struct gf_fund_entry {
    int64_t           id, reverses;     /* id from 1 in the order of booking; reverses 0 = none */
    gf_str            key, date, verb, purpose, voucher, source, origin, unit, note;
    gf_fund_transfer *transfers;
    size_t            transfer_count;   /* 1 ... GF_FUND_TRANSFERS_MAX */
} gf_fund_entry;

enum { GF_FUND_TRANSFERS_MAX = 4096 };
#define GF_FUND_AMOUNT_MAX INT64_C(100000000000000000)   /* 10^17 fen, a million billion yuan: sums of ten such still fit */

/* A sum with one line that is about is about; else with one that is at least, at least. Numbers as in a transfer. */
int gf_fund_bound(bool has_at_least, bool has_about);

/* A move inside one stage: a mover that is in the scope brought the money to that stage before, so nothing new is
 * counted. False where the stage is unknown. */
bool gf_fund_is_move(const gf_fund_account *from, const gf_fund_account *to);
/* What `members` different views of one transfer count more than once; 0 for one view or none. group = sum of views -
 * counted twice + outside, where outside is what no member sees. Up to three members see a transfer, so it fits. */
gf_fen gf_fund_counted_twice(gf_fen amount, int members);

/* GF_EINPUT "fund.amount" "fund.kind" "fund.stage" "fund.same" "fund.empty": a rule is broken, err says which.
 * GF_ELIMIT "fund.lines" more transfers than GF_FUND_TRANSFERS_MAX. Whether names are known is not asked here. */
gf_status gf_fund_check(const gf_fund_entry *entry, gf_error *err);

/* Swap both ends of every transfer: what a reversing entry books. Twice gives back what was there. */
void gf_fund_mirror(gf_fund_transfer *transfers, size_t count);

/* The chained hash of an entry: over `before` (32 bytes; zeros for the first) and every field and line, each with its
 * length, so that no two entries share their bytes. `hash` decides the method and is started anew. False when hashing
 * failed; `out` may be `before`. */
bool gf_fund_hash(gf_hash *hash, const uint8_t before[GF_HASH_BYTES], const gf_fund_entry *entry, uint8_t out[GF_HASH_BYTES]);
