// Lines, white space and columns of a source, by ECMAScript's rules, on its UTF-8 bytes.
#ifndef KERNEL_TEXT_H
#define KERNEL_TEXT_H

#include <stdbool.h>
#include <string.h>

#include "arena.h"

typedef struct {
    const uint8_t *bytes;
    uint32_t size;
    bool ascii;
    Rows starts;      // int32_t: byte where each line starts
    Rows marks;       // uint8_t by line: LINE_BLANK, LINE_COMMENT, LINE_HIDDEN
    Rows checkpoints; // uint32_t: UTF-16 units before each BLOCK, made when a long non-ASCII line first asks for a column
} Text;

enum {
    LINE_BLANK = 1,   // nothing but white space
    LINE_COMMENT = 2, // a full comment line as ESLint's max-lines-per-function has it
    LINE_HIDDEN = 4,  // a comment's line as ESLint's max-lines has it
};

enum { BLOCK = 1024 };

enum { PLAIN, WHITE, BREAK, HIGH };

static const uint8_t ascii_kinds[128] = {
    ['\t'] = WHITE, ['\v'] = WHITE, ['\f'] = WHITE, [' '] = WHITE, ['\n'] = BREAK, ['\r'] = BREAK,
};

static inline uint8_t kind_of(uint8_t byte) { return byte < 0x80 ? ascii_kinds[byte] : HIGH; }

// The white or line-breaking character that starts at `at`: its length, 0 for any other; `*breaks` for a terminator.
static uint32_t special_length(const uint8_t *at, const uint8_t *end, bool *breaks) {
    uint8_t kind = kind_of(*at);
    *breaks = kind == BREAK;
    if (kind == WHITE) return 1;
    if (kind == BREAK) return *at == '\r' && end - at > 1 && at[1] == '\n' ? 2 : 1;
    if (*at == 0xC2) return end - at > 1 && at[1] == 0xA0 ? 2 : 0; // U+00A0
    if (*at < 0xE1 || end - at < 3) return 0;
    uint32_t last = (uint32_t)at[1] << 8 | at[2];
    switch (*at) {
    case 0xE1:
        return last == 0x9A80 ? 3 : 0; // U+1680
    case 0xE2:
        *breaks = last == 0x80A8 || last == 0x80A9; // U+2028, U+2029
        return *breaks || (last >= 0x8080 && last <= 0x808A) || last == 0x80AF || last == 0x819F ? 3 : 0;
    case 0xE3:
        return last == 0x8080 ? 3 : 0; // U+3000
    case 0xEF:
        return last == 0xBBBF ? 3 : 0; // U+FEFF
    default:
        return 0;
    }
}

// Behind the spaces from `at` on, eight at a time: blanked markup is little else, and so is indentation.
static inline const uint8_t *behind_spaces(const uint8_t *at, const uint8_t *end) {
    static const uint8_t spaces[8] = "        ";
    while (end - at >= 8 && memcmp(at, spaces, 8) == 0) at += 8;
    while (at < end && *at == ' ') at++;
    return at;
}

static void text_line(Arena *arena, Text *text, const uint8_t *start) {
    *(int32_t *)rows_push(arena, &text->starts, sizeof(int32_t)) = (int32_t)(start - text->bytes);
    *(uint8_t *)rows_push(arena, &text->marks, 1) = LINE_BLANK;
}

// One pass over the bytes: where lines start, which are blank, and whether all is ASCII.
static void text_scan(Arena *arena, Text *text, const uint8_t *bytes, uint32_t size) {
    *text = (Text){.bytes = bytes, .size = size};
    rows_reserve(arena, &text->starts, size / 32 + 64, sizeof(int32_t));
    rows_reserve(arena, &text->marks, size / 32 + 64, 1);
    const uint8_t *at = bytes, *end = bytes + size;
    text_line(arena, text, at);
    uint8_t seen = 0;
    while (at < end) {
        bool breaks;
        uint32_t length = special_length(at, end, &breaks);
        seen |= *at;
        if (length == 0) {
            text->marks.at[text->marks.count - 1] = 0;
            for (at++; at < end && kind_of(*at) <= WHITE; at++) {} // a line that is not blank stays so
        } else {
            at += length;
            if (breaks) text_line(arena, text, at);
            else at = behind_spaces(at, end);
        }
    }
    text->ascii = seen < 0x80;
}

static inline int32_t line_start(const Text *text, size_t line) { return ((const int32_t *)text->starts.at)[line]; }
static inline int32_t line_count(const Text *text) { return (int32_t)text->starts.count; }

// The 0-based line that holds a position; positions at the very end belong to the last line.
static int32_t line_of(const Text *text, uint32_t position) {
    int32_t low = 0, high = line_count(text);
    while (high - low > 1) {
        int32_t middle = low + (high - low) / 2;
        if ((uint32_t)line_start(text, (size_t)middle) <= position) low = middle;
        else high = middle;
    }
    return low;
}

// UTF-16 units of UTF-8 text: one per character, two where it takes four bytes. Bytes that are no UTF-8 count by the same
// rule, as if they were.
static uint32_t units_between(const uint8_t *at, const uint8_t *end) {
    uint32_t units = 0;
    for (; at < end; at++) units += ((*at & 0xC0) != 0x80) + (*at >= 0xF0);
    return units;
}

static void text_checkpoints(Arena *arena, Text *text) {
    uint32_t units = 0;
    for (uint32_t start = 0;; start += BLOCK) {
        *(uint32_t *)rows_push(arena, &text->checkpoints, sizeof(uint32_t)) = units;
        if (text->size - start < BLOCK) break;
        units += units_between(text->bytes + start, text->bytes + start + BLOCK);
    }
}

// UTF-16 units before a position, counted from the block that it lies in.
static uint32_t units_before(const Text *text, uint32_t position) {
    uint32_t block = position / BLOCK;
    return ((const uint32_t *)text->checkpoints.at)[block] +
           units_between(text->bytes + (size_t)block * BLOCK, text->bytes + position);
}

// The 0-based column of a position in UTF-16 units.
static int32_t column_of(Arena *arena, Text *text, uint32_t position, int32_t line) {
    uint32_t start = (uint32_t)line_start(text, (size_t)line);
    if (text->ascii) return (int32_t)(position - start);
    if (position - start <= 4 * BLOCK) return (int32_t)units_between(text->bytes + start, text->bytes + position);
    if (!text->checkpoints.count) text_checkpoints(arena, text);
    return (int32_t)(units_before(text, position) - units_before(text, start));
}

// White space (no terminator) from `at` on: does it reach the end of the line?
static bool white_to_line_end(const Text *text, const uint8_t *at) {
    const uint8_t *end = text->bytes + text->size;
    bool breaks = false;
    while (at < end) {
        uint32_t length = special_length(at, end, &breaks);
        if (length == 0 || breaks) break;
        at += length;
    }
    return at == end || breaks;
}

// White space backwards from `at`: does it reach the start of the line? Going backwards keeps a line of a million
// comments linear: each step stops at the comment before.
static bool white_from_line_start(const uint8_t *start, const uint8_t *at) {
    bool breaks;
    while (at > start) {
        uint32_t back = at[-1] < 0x80 ? 1 : at - start >= 2 && at[-2] == 0xC2 ? 2 : 3; // the lengths of white characters
        if (at - start < back || special_length(at - back, at, &breaks) != back) return false;
        at -= back;
    }
    return true;
}

#endif
