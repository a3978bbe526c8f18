// Text that repeats itself, made short: what is left is a tenth, in a fifth of a deflater's time.
//
// Reports repeat one pattern, with other numbers in it. So behind every repeat the pattern is looked for behind the number that
// stands there now and the one that stood there before; anywhere else by a table of the last place of eight bytes. What is left
// is in two parts: steps, and the bytes that repeat nothing (fresh).
//
//   size of the text, steps, fresh bytes: the latter two as bits.h has them, both sizes of both before the bytes of both
//
// A step is a byte, then its three numbers: how many fresh bytes come first, by how much the repeat misses the place
// where the last one would have gone on behind as many bytes, and how many bytes repeat. The first two stand in the byte where
// they are small. Behind the last step the rest is fresh. Sizes and numbers: 7 bits a byte, the lowest first.
#ifndef KERNEL_SQUEEZE_H
#define KERNEL_SQUEEZE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bits.h"

enum {
    PLACE_BITS = 14, // of the table of places
    LEAST_REPEAT = 6,
    IN_STEP = 15, // what a half of a step's byte says where its number follows
    MIDDLE = 7,   // what it says of a miss of 0
};

static inline uint64_t eight_bytes(const uint8_t *at) {
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline uint32_t place_slot(uint64_t bytes) { return (uint32_t)(bytes * 0x9E3779B97F4A7C15u >> (64 - PLACE_BITS)); }

// How many of eight bytes are equal, of which some are not.
static inline size_t equal_of_eight(uint64_t first, uint64_t second) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(first ^ second) / 8;
#else
    return (size_t)__builtin_clzll(first ^ second) / 8;
#endif
}

static inline size_t equal_bytes(const uint8_t *first, const uint8_t *second, const uint8_t *end) {
    const uint8_t *start = second;
    for (; end - second >= 8; first += 8, second += 8) {
        uint64_t ones = eight_bytes(first), others = eight_bytes(second);
        if (ones != others) return (size_t)(second - start) + equal_of_eight(ones, others);
    }
    while (second < end && *first == *second) first++, second++;
    return (size_t)(second - start);
}

static uint8_t *put_number(uint8_t *to, uint64_t value) {
    for (; value >= 128; value >>= 7) *to++ = (uint8_t)(value | 128);
    *to++ = (uint8_t)value;
    return to;
}

static uint8_t *put_step(uint8_t *to, size_t fresh, int64_t miss, size_t repeat) {
    bool small_miss = -MIDDLE <= miss && miss <= MIDDLE;
    size_t half = fresh < IN_STEP ? fresh : IN_STEP;
    *to++ = (uint8_t)(half << 4 | (size_t)(small_miss ? miss + MIDDLE : IN_STEP));
    if (half == IN_STEP) to = put_number(to, fresh - IN_STEP);
    if (!small_miss) to = put_number(to, miss < 0 ? ~((uint64_t)miss << 1) : (uint64_t)miss << 1);
    return put_number(to, repeat - LEAST_REPEAT);
}

// One text being squeezed.
typedef struct {
    const uint8_t *text;
    size_t size;
    uint32_t *places;       // by slot: the last place of eight bytes, 0 at first
    size_t start;           // of what no step holds yet
    size_t source;          // where the last repeat would go on
    uint8_t *steps, *fresh; // the ends of both. No step is longer than what it stands for: each has room for the size
} Squeeze;

static inline size_t behind_number(const uint8_t *text, size_t at, size_t end) {
    while (at < end && (uint8_t)(text[at] - '.') <= '9' - '.') at++;
    return at;
}

// Whether the pattern goes on behind a number: sets `from` and `at`.
static bool goes_on(const Squeeze *squeeze, size_t *from, size_t *at) {
    static const uint8_t SIX[8] = {255, 255, 255, 255, 255, 255};
    const uint8_t *text = squeeze->text;
    size_t place = behind_number(text, squeeze->source, squeeze->start);
    size_t start = behind_number(text, squeeze->start, squeeze->size);
    if (place == squeeze->start || start + 8 > squeeze->size) return false;
    if ((eight_bytes(text + place) ^ eight_bytes(text + start)) & eight_bytes(SIX)) return false;
    *from = place, *at = start;
    return true;
}

static void add_repeat(Squeeze *squeeze, size_t from, size_t at) {
    const uint8_t *text = squeeze->text;
    while (at > squeeze->start && from && text[at - 1] == text[from - 1]) at--, from--;
    size_t fresh = at - squeeze->start;
    size_t repeat = equal_bytes(text + from, text + at, text + squeeze->size);
    if (fresh <= 8 && squeeze->start + 8 <= squeeze->size) memcpy(squeeze->fresh, text + squeeze->start, 8);
    else memcpy(squeeze->fresh, text + squeeze->start, fresh);
    squeeze->fresh += fresh;
    squeeze->steps = put_step(squeeze->steps, fresh, (int64_t)from - (int64_t)(squeeze->source + fresh), repeat);
    squeeze->source = from + repeat;
    squeeze->start = at + repeat;
    for (size_t place = at; place < at + 2 && place + 8 <= squeeze->size; place++)
        squeeze->places[place_slot(eight_bytes(text + place))] = (uint32_t)place;
}

// Whether eight bytes stood anywhere before.
static bool stood_before(Squeeze *squeeze, size_t at, size_t *from) {
    uint64_t bytes = eight_bytes(squeeze->text + at);
    uint32_t *place = &squeeze->places[place_slot(bytes)];
    *from = *place;
    *place = (uint32_t)at;
    return *from < at && eight_bytes(squeeze->text + *from) == bytes;
}

static void squeeze_all(Squeeze *squeeze) {
    size_t at = 0, from;
    bool has_pattern = false;
    while (at + 8 <= squeeze->size) {
        bool found = has_pattern && goes_on(squeeze, &from, &at);
        has_pattern = found || stood_before(squeeze, at, &from);
        if (!has_pattern) {
            at++;
            continue;
        }
        add_repeat(squeeze, from, at);
        at = squeeze->start;
    }
    size_t rest = squeeze->size - squeeze->start;
    memcpy(squeeze->fresh, squeeze->text + squeeze->start, rest);
    squeeze->fresh += rest;
}

// The way back: whatever the bytes are, no more is read or written than there is.
typedef struct {
    const uint8_t *at, *end;
} Reader;

static bool read_number(Reader *reader, uint64_t *value) {
    *value = 0;
    for (int shift = 0; shift < 64 && reader->at < reader->end; shift += 7) {
        uint8_t byte = *reader->at++;
        if (shift == 63 && byte > 1) return false;
        *value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) return true;
    }
    return false;
}

static bool read_step(Reader *steps, uint64_t *fresh, int64_t *miss, uint64_t *repeat) {
    uint8_t byte = *steps->at++;
    uint64_t number = 0;
    *fresh = byte >> 4;
    *miss = (byte & IN_STEP) - MIDDLE;
    if (*fresh == IN_STEP) {
        if (!read_number(steps, &number)) return false;
        *fresh += number;
    }
    if ((byte & IN_STEP) == IN_STEP) {
        if (!read_number(steps, &number)) return false;
        *miss = (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
    }
    if (!read_number(steps, repeat)) return false;
    *repeat += LEAST_REPEAT;
    return true;
}

static bool unsqueeze(Reader steps, Reader fresh, uint8_t *text, size_t size) {
    size_t done = 0;
    uint64_t source = 0, count, repeat;
    int64_t miss;
    while (steps.at < steps.end) {
        if (!read_step(&steps, &count, &miss, &repeat)) return false;
        if (count > (size_t)(fresh.end - fresh.at) || count > size - done) return false;
        memcpy(text + done, fresh.at, count);
        done += count;
        fresh.at += count;
        source += count + (uint64_t)miss;
        if (source >= done || repeat > size - done) return false;
        if (source + repeat <= done) {
            memcpy(text + done, text + source, repeat);
            done += repeat;
            source += repeat;
        } else { // it repeats what it writes
            for (; repeat; repeat--) text[done++] = text[source++];
        }
    }
    if ((size_t)(fresh.end - fresh.at) != size - done) return false;
    memcpy(text + done, fresh.at, size - done);
    return true;
}
#endif
