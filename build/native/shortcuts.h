// Shorter ways through the hottest steps of tree-sitter's core, equal in effect; its sources stay as published.
//
// Included before lib.c. What the core would call is renamed here or replaced in a parser after it was made.
#ifndef KERNEL_SHORTCUTS_H
#define KERNEL_SHORTCUTS_H

// A tree never leaves the thread that parses it, so its reference counts need no atomic instructions. tree-sitter leaves
// them out for a compiler that has none, and this file is where it decides.
#define __TINYC__
#include "atomic.h"
#undef __TINYC__

// ── Sums of lengths ──────────────────────────────────────────────────────────────────────────────────────────────────

// Field by field. The core's make their points by calls, whose results clang returns as one 64-bit word that lies across the
// word of the length's first two fields: it then writes four bytes and reads eight there, which waits for the store each time
// (8 % of a scan).
#define length_add core_length_add
#define length_sub core_length_sub
#include "length.h"
#undef length_add
#undef length_sub
#define length_add kernel_length_add
#define length_sub kernel_length_sub

static inline Length kernel_length_add(Length a, Length b) {
    Length sum = {a.bytes + b.bytes, {a.extent.row + b.extent.row, b.extent.column}};
    if (!b.extent.row) sum.extent.column += a.extent.column;
    return sum;
}

static inline uint32_t less(uint32_t a, uint32_t b) { return a > b ? a - b : 0; }

static inline Length kernel_length_sub(Length a, Length b) {
    Length rest = {less(a.bytes, b.bytes), {less(a.extent.row, b.extent.row), a.extent.column}};
    if (!rest.extent.row) rest.extent.column = less(a.extent.column, b.extent.column);
    return rest;
}

#include "lexer.h"

// ── Parse table look-ups ─────────────────────────────────────────────────────────────────────────────────────────────

#define ts_language_lookup ts_language_search
#define ts_language_has_actions ts_language_acts
#define ts_language_has_reduce_action ts_language_reduces
#include "language.h"
#undef ts_language_has_reduce_action
#define ts_language_has_reduce_action kernel_may_insert
#undef ts_language_has_actions
#define ts_language_has_actions kernel_acts
#undef ts_language_lookup
#define ts_language_lookup kernel_lookup

// The entry of a state that has one for each symbol. The static binaries' tables are folded by build/static/pack_grammar.py:
// of entries that stand sixteen in a row in many places there is one copy, and each state has the numbers of its own.
static inline uint16_t large_entry(const TSLanguage *language, TSStateId state, TSSymbol symbol) {
    const uint16_t *table = language->parse_table;
#ifdef KERNEL_FOLDED_TABLES
    uint32_t sixteens = (language->symbol_count + 15u) / 16;
    return table[table[state * sixteens + symbol / 16] * 16u + symbol % 16];
#else
    return table[state * language->symbol_count + symbol];
#endif
}

// Most states keep their entries in lists that must be searched; what was found is remembered. A cell is one 32-bit word
// that says by itself what it holds, so that threads may share the table without a lock: the index and the symbol give
// the state's low bits, the word holds the symbol (10 bits), the state's high bits (4), the value (16) and a bit for
// "filled".
enum { LOOKUP_BITS = 12, LOOKUP_CELLS = 1 << LOOKUP_BITS };

static uint32_t lookup_cells[2][LOOKUP_CELLS];
static const TSLanguage *second_language; // whose cells are the second row

const TSLanguage *tree_sitter_typescript(void);
const TSLanguage *tree_sitter_tsx(void);

static inline uint16_t kernel_lookup(const TSLanguage *language, TSStateId state, TSSymbol symbol) {
    if (state < language->large_state_count) return large_entry(language, state, symbol);
    if (symbol >= 1 << 10) return ts_language_search(language, state, symbol);
    uint32_t *cell = &lookup_cells[language == second_language][(state + symbol * 67u) & (LOOKUP_CELLS - 1)];
    uint32_t tag = 1u << 31 | (uint32_t)symbol << 20 | (uint32_t)(state >> LOOKUP_BITS) << 16;
    uint32_t word = __atomic_load_n(cell, __ATOMIC_RELAXED);
    if ((word & 0xFFFF0000u) == tag) return (uint16_t)word;
    uint16_t value = ts_language_search(language, state, symbol);
    __atomic_store_n(cell, tag | value, __ATOMIC_RELAXED);
    return value;
}

static inline bool kernel_acts(const TSLanguage *language, TSStateId state, TSSymbol symbol) {
    return kernel_lookup(language, state, symbol) != 0;
}

// ── Recovery that ends ───────────────────────────────────────────────────────────────────────────────────────────────

// Where a token is missing, tree-sitter inserts one if it finds one behind which the next token ends something, and is
// content even if that next token is none the wiser: `(`, thirty empty lines and `]` made it insert one after the other for
// ever, because skipping the `]` with the lines before it costs more than any one insertion. Past so many without
// reading further it must skip. Mangled files come to 156 where they come to an end (37,000 of them, measured).
enum { MOST_INSERTIONS = 500 };

typedef struct {
    const Lexer *lexer;
    uint32_t furthest; // byte
    unsigned insertions;
    uint32_t lexed_from;
    uint64_t lexed, most_lexed; // bytes in long tokens
    bool erred;        // some version has met an error; of a program, none ever does
    uint64_t *work;    // done in this parse, in units of about one block of memory; recovery.h bounds it
    int64_t granted;   // more of it than the source's size allows for
} Recovery;

static THREAD_LOCAL Recovery recovery;

// Asked for each token that may be missing before `next`.
static inline bool kernel_may_insert(const TSLanguage *language, TSStateId state, TSSymbol next) {
    if (!ts_language_reduces(language, state, next)) return false;
    uint32_t at = recovery.lexer->current_position.bytes;
    if (at > recovery.furthest) {
        recovery.furthest = at;
        recovery.insertions = 0;
    }
    return recovery.insertions++ < MOST_INSERTIONS;
}

#endif
