// Clones in a stream of tokens.
//
// The stream is one byte per token, its code; 0 is a barrier that equals nothing. A clone group is a run of at least
// `minimum` tokens that occurs at two or more places without overlap, is maximal (its occurrences cannot all be extended
// by the same token on either side), and adds something: at least one place is not inside a longer clone.
//
//   1  Most windows of `minimum` tokens occur once. A rolling hash finds them, and they leave the stream.
//   2  A suffix array (SA-IS, linear) and its longest common prefixes over what is left compare token by token.
//   3  The intervals of equal prefixes that have a place of their own become groups.
//
// Memory at its peak, in bytes for each token of the stream: 5 to 10 for the table of windows or, after it, 12 for each
// token that is left (up to 20 where a table repeats one token), and the answer. A function that asks for memory returns
// false when there is none.
#ifndef KERNEL_CLONES_H
#define KERNEL_CLONES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int32_t *at;
    size_t count, capacity;
} Numbers;

// A run of tokens that were left in the stream, side by side.
typedef struct {
    int32_t at, place;         // of its first token: in the text, in the stream
} Run;

// What is left of the stream, and the order of its suffixes.
typedef struct {
    int32_t *text;             // runs, each behind a barrier, all different; 0 at the end
    Run *runs;
    int32_t *suffixes;         // the suffix array: positions, in the order of what stands there
    int32_t *common;           // by position: tokens in common with the suffix before it in the array
    uint8_t *fresh;            // by position, a bit: no longer clone contains the longest run from here that occurs again
    size_t count, run_count;
} Rest;

// Neighbours in the suffix array whose suffixes begin with the same tokens.
typedef struct {
    int32_t length;            // tokens in common
    uint32_t left : 31;        // where it begins in the suffix array
    uint32_t fresh : 1;        // one of its suffixes lies in no longer clone
} Interval;

typedef struct {
    Interval *at;
    size_t count, capacity;
} Intervals;

static bool push_number(Numbers *numbers, int32_t value) {
    if (numbers->count == numbers->capacity) {
        size_t capacity = numbers->capacity ? numbers->capacity * 2 : 1024;
        int32_t *at = realloc(numbers->at, capacity * sizeof *at);
        if (!at) return false;
        numbers->at = at;
        numbers->capacity = capacity;
    }
    numbers->at[numbers->count++] = value;
    return true;
}

static bool push_interval(Intervals *intervals, Interval value) {
    if (intervals->count == intervals->capacity) {
        size_t capacity = intervals->capacity ? intervals->capacity * 2 : 1024;
        Interval *at = realloc(intervals->at, capacity * sizeof *at);
        if (!at) return false;
        intervals->at = at;
        intervals->capacity = capacity;
    }
    intervals->at[intervals->count++] = value;
    return true;
}

static inline void set_bit(uint8_t *bits, size_t index) { bits[index >> 3] |= (uint8_t)(1u << (index & 7)); }
static inline bool has_bit(const uint8_t *bits, size_t index) { return bits[index >> 3] >> (index & 7) & 1; }

// ── 1: windows that occur twice ──────────────────────────────────────────────────────────────────────────────────────

enum { MOST_PROBES = 64 };

static inline uint64_t mix(uint64_t value) {
    value = (value ^ value >> 32) * 0xD6E8FEB86659FD93u;
    return value ^ value >> 32;
}

// The slot of an equal window, or a free one. Where hashes were made to collide, it is the slot of another window, and
// this one counts as repeated: the suffix array tells the truth later.
static inline size_t slot_of_window(const uint32_t *table, size_t slots, uint64_t hash, const uint8_t *codes, size_t start,
                                    size_t minimum) {
    size_t slot = (size_t)mix(hash) & (slots - 1), probes = 0;
    while (table[slot] && memcmp(codes + table[slot] - 1, codes + start, minimum)) {
        if (++probes == MOST_PROBES) break;
        slot = (slot + 1) & (slots - 1);
    }
    return slot;
}

// Mark the first token of every window that occurs again.
static bool mark_repeated_windows(const uint8_t *codes, size_t count, size_t minimum, uint8_t *marks) {
    size_t slots = 1024, run = 0; // tokens since the last barrier
    while (slots < count + count / 4) slots *= 2;
    uint32_t *table = calloc(slots, sizeof *table); // start + 1 of the first such window
    if (!table) return false;
    const uint64_t base = 0x9E3779B97F4A7C15u;
    uint64_t top = 1, hash = 0, mixed[256];
    for (size_t i = 0; i < 256; i++) mixed[i] = mix(i);
    for (size_t i = 1; i < minimum; i++) top *= base;
    for (size_t end = 0; end < count; end++) {
        if (!codes[end]) {
            run = 0;
            hash = 0;
            continue;
        }
        if (run >= minimum) hash -= top * mixed[codes[end - minimum]];
        hash = hash * base + mixed[codes[end]];
        if (++run < minimum) continue;
        size_t start = end + 1 - minimum, slot = slot_of_window(table, slots, hash, codes, start, minimum);
        if (table[slot]) {
            set_bit(marks, start);
            set_bit(marks, (size_t)table[slot] - 1);
        } else {
            table[slot] = (uint32_t)start + 1;
        }
    }
    free(table);
    return true;
}

// ── 2: what is left, and its suffix array ────────────────────────────────────────────────────────────────────────────

enum { FIRST_BARRIER = 256 };  // barriers in the text are from here on, codes below

static bool reserve_rest(Rest *rest, const uint8_t *marks, size_t count, size_t minimum) {
    size_t room = 1, runs = 0, until = 0;
    for (size_t i = 0; i < count; i++) {
        if (has_bit(marks, i)) {
            runs += until <= i;
            until = i + minimum;
        }
        room += i < until;
    }
    rest->text = malloc((room + runs) * sizeof *rest->text);
    rest->runs = malloc((runs + 1) * sizeof *rest->runs);
    return rest->text && rest->runs;
}

// Copy the tokens of marked windows, with a barrier before each run.
static bool keep_marked(Rest *rest, const uint8_t *codes, const uint8_t *marks, size_t count, size_t minimum) {
    if (!reserve_rest(rest, marks, count, minimum)) return false;
    size_t kept = 0;
    for (size_t i = 0, until = 0; i < count; i++) {
        if (has_bit(marks, i)) {
            if (until <= i) {
                rest->text[kept++] = FIRST_BARRIER + (int32_t)rest->run_count;
                rest->runs[rest->run_count++] = (Run){(int32_t)kept, (int32_t)i};
            }
            until = i + minimum;
        }
        if (i < until) rest->text[kept++] = codes[i];
    }
    rest->text[kept++] = 0;
    rest->count = kept;
    return true;
}

// SA-IS (Nong, Zhang, Chan 2009): sorts the suffixes that start a falling slope, names them, and induces all others from
// them; recursion (at most log2 of the length deep) only where names repeat. Handed on by value, so that the compiler
// knows that no write changes it.
typedef struct {
    const int32_t *text;
    int32_t *suffixes;         // the answer
    size_t count;
    int32_t symbols;           // more than any in the text, of which the last is 0 and occurs once
    int32_t *buckets;          // by symbol: where the next suffix that begins with it goes
    uint8_t *small;            // by position, a bit: the suffix is smaller than the one at the next position
} Sorting;

static inline bool starts_slope(const uint8_t *small, size_t i) {
    return i > 0 && has_bit(small, i) && !has_bit(small, i - 1);
}

static void mark_small(Sorting s) {
    set_bit(s.small, s.count - 1);
    for (size_t i = s.count - 1; i-- > 0;)
        if (s.text[i] < s.text[i + 1] || (s.text[i] == s.text[i + 1] && has_bit(s.small, i + 1))) set_bit(s.small, i);
}

static void find_buckets(Sorting s, bool ends) {
    memset(s.buckets, 0, (size_t)s.symbols * sizeof *s.buckets);
    for (size_t i = 0; i < s.count; i++) s.buckets[s.text[i]]++;
    int32_t sum = 0;
    for (int32_t symbol = 0; symbol < s.symbols; symbol++) {
        sum += s.buckets[symbol];
        s.buckets[symbol] = ends ? sum : sum - s.buckets[symbol];
    }
}

static void induce(Sorting s) {
    find_buckets(s, false);
    for (size_t i = 0; i < s.count; i++) {
        int32_t before = s.suffixes[i] - 1;
        if (s.suffixes[i] > 0 && !has_bit(s.small, (size_t)before)) s.suffixes[s.buckets[s.text[before]]++] = before;
    }
    find_buckets(s, true);
    for (size_t i = s.count; i-- > 0;) {
        int32_t before = s.suffixes[i] - 1;
        if (s.suffixes[i] > 0 && has_bit(s.small, (size_t)before)) s.suffixes[--s.buckets[s.text[before]]] = before;
    }
}

// Sort the slopes, each up to the start of the next: how many there are; their starts come first among the suffixes.
static size_t sort_slopes(Sorting s) {
    find_buckets(s, true);
    for (size_t i = 0; i < s.count; i++) s.suffixes[i] = -1;
    for (size_t i = 1; i < s.count; i++)
        if (starts_slope(s.small, i)) s.suffixes[--s.buckets[s.text[i]]] = (int32_t)i;
    induce(s);
    size_t slopes = 0;
    for (size_t i = 0; i < s.count; i++)
        if (starts_slope(s.small, (size_t)s.suffixes[i])) s.suffixes[slopes++] = s.suffixes[i];
    return slopes;
}

static bool are_equal_slopes(Sorting s, size_t one, size_t other) {
    for (size_t i = 0; i < s.count; i++) {
        if (s.text[one + i] != s.text[other + i]) return false;
        if (has_bit(s.small, one + i) != has_bit(s.small, other + i)) return false;
        bool one_ends = starts_slope(s.small, one + i), other_ends = starts_slope(s.small, other + i);
        if (i > 0 && (one_ends || other_ends)) return one_ends && other_ends;
    }
    return true;
}

// Number the sorted slopes, equal ones alike. The names, in the text's order, come last among the suffixes.
static int32_t name_slopes(Sorting s, size_t slopes) {
    for (size_t i = slopes; i < s.count; i++) s.suffixes[i] = -1;
    int32_t names = 0, previous = -1;
    for (size_t i = 0; i < slopes; i++) { // no two slopes are neighbours, so half of the length holds their names
        int32_t position = s.suffixes[i];
        if (previous < 0 || !are_equal_slopes(s, (size_t)position, (size_t)previous)) names++;
        previous = position;
        s.suffixes[slopes + (size_t)position / 2] = names - 1;
    }
    for (size_t i = s.count, to = s.count; i-- > slopes;)
        if (s.suffixes[i] >= 0) s.suffixes[--to] = s.suffixes[i];
    return names;
}

static bool sort_suffixes(const int32_t *text, int32_t *suffixes, size_t count, int32_t symbols);

// The order of the suffixes that start a slope, as their numbers in the text's order.
static bool order_slopes(Sorting s, size_t slopes, int32_t names) {
    const int32_t *named = s.suffixes + s.count - slopes;
    if ((size_t)names < slopes) return sort_suffixes(named, s.suffixes, slopes, names);
    for (size_t i = 0; i < slopes; i++) s.suffixes[named[i]] = (int32_t)i;
    return true;
}

static void induce_from_slopes(Sorting s, size_t slopes) {
    int32_t *starts = s.suffixes + s.count - slopes;
    for (size_t i = 1, number = 0; i < s.count; i++)
        if (starts_slope(s.small, i)) starts[number++] = (int32_t)i;
    for (size_t i = 0; i < slopes; i++) s.suffixes[i] = starts[s.suffixes[i]];
    for (size_t i = slopes; i < s.count; i++) s.suffixes[i] = -1;
    find_buckets(s, true);
    for (size_t i = slopes; i-- > 0;) {
        int32_t position = s.suffixes[i];
        s.suffixes[i] = -1;
        s.suffixes[--s.buckets[s.text[position]]] = position;
    }
    induce(s);
}

static bool sort_suffixes(const int32_t *text, int32_t *suffixes, size_t count, int32_t symbols) {
    Sorting s = {.text = text, .suffixes = suffixes, .count = count, .symbols = symbols};
    s.small = calloc(count / 8 + 1, 1);
    s.buckets = malloc((size_t)symbols * sizeof *s.buckets);
    bool done = s.small && s.buckets;
    if (done) {
        mark_small(s);
        size_t slopes = sort_slopes(s);
        int32_t names = name_slopes(s, slopes);
        done = order_slopes(s, slopes, names);
        if (done) induce_from_slopes(s, slopes);
    }
    free(s.small);
    free(s.buckets);
    return done;
}

// By position in the text and not by rank (Karkkainen, Manzini, Puglisi 2009), so that no array of ranks is needed.
static void find_common_prefixes(Rest *rest) {
    for (size_t i = rest->count - 1; i > 0; i--) rest->common[rest->suffixes[i]] = rest->suffixes[i - 1];
    rest->common[rest->suffixes[0]] = -1;
    size_t common = 0;
    for (size_t i = 0; i < rest->count; i++) {
        if (rest->common[i] < 0) {
            rest->common[i] = 0;
            common = 0;
            continue;
        }
        size_t other = (size_t)rest->common[i];
        while (i + common < rest->count && other + common < rest->count &&
               rest->text[i + common] == rest->text[other + common]) common++;
        rest->common[i] = (int32_t)common;
        if (common) common--;
    }
}

static int32_t common_at(const Rest *rest, size_t rank) {
    return rank < rest->count ? rest->common[rest->suffixes[rank]] : 0;
}

// The longest run from a position that occurs again lies inside a longer one just if the position before it begins one
// that is longer by a token.
static bool mark_fresh(Rest *rest) {
    int32_t *longest = malloc(rest->count * sizeof *longest);
    if (!longest) return false;
    for (size_t i = 0; i < rest->count; i++) {
        int32_t before = common_at(rest, i), after = common_at(rest, i + 1);
        longest[rest->suffixes[i]] = before > after ? before : after;
    }
    for (size_t i = 1; i < rest->count; i++)
        if (longest[i - 1] <= longest[i]) set_bit(rest->fresh, i);
    free(longest);
    return true;
}

// The suffix array, and all that the text was for: it goes.
static bool order_suffixes(Rest *rest) {
    rest->suffixes = malloc(rest->count * sizeof *rest->suffixes);
    int32_t symbols = FIRST_BARRIER + (int32_t)rest->run_count;
    if (!rest->suffixes || !sort_suffixes(rest->text, rest->suffixes, rest->count, symbols)) return false;
    rest->common = malloc(rest->count * sizeof *rest->common);
    rest->fresh = calloc(rest->count / 8 + 1, 1);
    if (!rest->common || !rest->fresh) return false;
    find_common_prefixes(rest);
    free(rest->text);
    rest->text = NULL;
    return mark_fresh(rest);
}

// ── 3: groups ────────────────────────────────────────────────────────────────────────────────────────────────────────

// Occurrences of one run of tokens.
typedef struct {
    int32_t *starts;
    size_t count;
    int32_t length;
} Group;

static int ascending(const void *one, const void *other) {
    int32_t x = *(const int32_t *)one, y = *(const int32_t *)other;
    return (x > y) - (x < y);
}

// Every occurrence overlaps the first: the text repeats there with a short period, the least distance of two starts. The
// clone is the longest run of it that stands there twice.
static void halve_repetition(Group *group) {
    int32_t period = INT32_MAX, at = 0;
    for (size_t i = 1; i < group->count; i++)
        if (group->starts[i] - group->starts[i - 1] < period) {
            period = group->starts[i] - group->starts[i - 1];
            at = group->starts[i - 1];
        }
    int32_t whole = period + group->length, half = whole / 2 / period * period, rest = whole - half - period;
    group->starts[0] = at;
    group->starts[1] = at + (rest > half ? half + period : half);
    group->count = 2;
    group->length = rest > half ? rest : half;
}

// Occurrences that overlap count once, the first of them.
static void keep_apart(Group *group) {
    int32_t *starts = group->starts;
    size_t kept = 1;
    for (size_t i = 1; i < group->count; i++)
        if (starts[i] - starts[kept - 1] >= group->length) starts[kept++] = starts[i];
    if (kept == 1) halve_repetition(group);
    else group->count = kept;
}

// Where a token of the text stands in the stream.
static int32_t place_of(const Rest *rest, int32_t position) {
    size_t low = 0, high = rest->run_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (rest->runs[middle].at <= position) low = middle;
        else high = middle;
    }
    return rest->runs[low].place + position - rest->runs[low].at;
}

// length, exact, count, then the places.
static bool write_group(const Rest *rest, const int32_t *hashes, Group group, Numbers *answer) {
    bool exact = true;
    for (size_t i = 0; i < group.count; i++) {
        group.starts[i] = place_of(rest, group.starts[i]);
        exact = exact && !memcmp(hashes + group.starts[0], hashes + group.starts[i], (size_t)group.length * sizeof *hashes);
    }
    if (!push_number(answer, group.length) || !push_number(answer, exact)) return false;
    if (!push_number(answer, (int32_t)group.count)) return false;
    for (size_t i = 0; i < group.count; i++)
        if (!push_number(answer, group.starts[i])) return false;
    return true;
}

// `right` is the interval's last suffix.
static bool note_group(const Rest *rest, const int32_t *hashes, Interval interval, size_t right, int32_t minimum,
                       Numbers *answer) {
    Group group = {.count = right - interval.left + 1, .length = interval.length};
    group.starts = malloc(group.count * sizeof *group.starts);
    if (!group.starts) return false;
    memcpy(group.starts, rest->suffixes + interval.left, group.count * sizeof *group.starts);
    qsort(group.starts, group.count, sizeof *group.starts, ascending);
    keep_apart(&group);
    bool done = group.length < minimum || write_group(rest, hashes, group, answer);
    free(group.starts);
    return done;
}

// The innermost interval of each suffix is its longest run. An interval of which no suffix is fresh adds nothing, and
// neither does one that extends to the left: none of its suffixes is fresh.
static bool find_groups(const Rest *rest, const int32_t *hashes, int32_t minimum, Numbers *answer) {
    Intervals open = {0};
    bool done = true;
    for (size_t i = 1; done && i <= rest->count; i++) {
        int32_t common = common_at(rest, i);
        uint32_t left = (uint32_t)i - 1, fresh = has_bit(rest->fresh, (size_t)rest->suffixes[left]);
        Interval *top = open.count ? &open.at[open.count - 1] : NULL;
        if (top && top->length >= common) top->fresh |= fresh; // it shares more with its left neighbour
        while (done && top && top->length > common) {
            left = top->left;
            done = !top->fresh || note_group(rest, hashes, *top, i - 1, minimum, answer);
            top = --open.count ? top - 1 : NULL;
        }
        if (!done || common < minimum || (top && top->length == common)) continue;
        done = push_interval(&open, (Interval){common, left, left == i - 1 && fresh});
    }
    free(open.at);
    return done;
}

// ── All of it ────────────────────────────────────────────────────────────────────────────────────────────────────────

static bool find_clones(const uint8_t *codes, const int32_t *hashes, size_t count, int32_t minimum, Numbers *answer) {
    Rest rest = {0};
    uint8_t *marks = calloc(count / 8 + 1, 1);
    bool done = marks && mark_repeated_windows(codes, count, (size_t)minimum, marks) &&
                keep_marked(&rest, codes, marks, count, (size_t)minimum);
    free(marks);
    if (done && rest.count > 1) done = order_suffixes(&rest) && find_groups(&rest, hashes, minimum, answer);
    free(rest.text);
    free(rest.runs);
    free(rest.suffixes);
    free(rest.common);
    free(rest.fresh);
    return done;
}

#endif
