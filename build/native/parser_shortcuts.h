// Included before a generated parser: its lexers choose the next state by a table instead of a search.
//
// A state of the lexer with many exits lists them as (character, state) pairs, 30 to 60 of them, and looks through the
// list for each token; this was the largest single cost of a parse. The first look makes a table of the ASCII ones. Every
// thread would write the same numbers, so a race is only work done twice.
#ifndef KERNEL_PARSER_SHORTCUTS_H
#define KERNEL_PARSER_SHORTCUTS_H

#include "tree_sitter/parser.h"

#undef ADVANCE_MAP
#define ADVANCE_MAP(...)                                                                              \
    {                                                                                                 \
        static const uint16_t pairs[] = {__VA_ARGS__};                                                \
        static uint16_t exits[128]; /* state + 1 by character, 0 for none */                          \
        static bool filled;                                                                           \
        if (!__atomic_load_n(&filled, __ATOMIC_ACQUIRE)) {                                            \
            fill_exits(exits, pairs, sizeof pairs / sizeof *pairs);                                   \
            __atomic_store_n(&filled, true, __ATOMIC_RELEASE);                                        \
        }                                                                                             \
        uint32_t exit = find_exit(exits, pairs, sizeof pairs / sizeof *pairs, lookahead);             \
        if (exit) {                                                                                   \
            state = (TSStateId)(exit - 1);                                                            \
            goto next_state;                                                                          \
        }                                                                                             \
    }

static void fill_exits(uint16_t *exits, const uint16_t *pairs, size_t count) {
    for (size_t i = count; i >= 2; i -= 2) // backwards: the first of equal characters wins
        if (pairs[i - 2] < 128) __atomic_store_n(&exits[pairs[i - 2]], (uint16_t)(pairs[i - 1] + 1), __ATOMIC_RELAXED);
}

static inline uint32_t find_exit(const uint16_t *exits, const uint16_t *pairs, size_t count, int32_t character) {
    if ((uint32_t)character < 128) return __atomic_load_n(&exits[character], __ATOMIC_RELAXED);
    for (size_t i = 0; i < count; i += 2)
        if (pairs[i] == character) return pairs[i + 1] + 1u;
    return 0;
}

#endif
