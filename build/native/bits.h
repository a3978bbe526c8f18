// Bytes in few bits, the more often they come: what squeeze.h leaves is a third shorter then, in a tenth of a deflater's time.
//
// A stream is how many bytes it stands for, how many follow, and those: 0 where they follow as they are. Else they are the
// lengths of 256 codes, of 4 bits, the first in the lower half, and the codes, highest bits first: of one length those of lower
// bytes are lower, and those of longer lengths are higher. A byte that does not come has length 0.
#ifndef KERNEL_BITS_H
#define KERNEL_BITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    BYTES = 256,
    MOST_BITS = 12, // of a code
    LENGTH_BYTES = BYTES / 2,
    IN_GROUP = 4, // codes that are read at a time: with 7 bits more they fit in 64
};

typedef struct {
    uint8_t lengths[BYTES];
    uint16_t codes[BYTES]; // each before its length in the last four bits
} Code;

typedef struct {
    uint64_t weights[2 * BYTES]; // of the bytes, the least first, and behind them of what joins two
    uint16_t parents[2 * BYTES];
    uint8_t bytes[BYTES];
    int leaves;
} Tree;

// The bytes that come, sorted by how often (by Shell's method).
static void sort_leaves(Tree *tree, const uint32_t counts[BYTES]) {
    static const int GAPS[] = {57, 23, 10, 4, 1};
    tree->leaves = 0;
    for (int byte = 0; byte < BYTES; byte++)
        if (counts[byte]) tree->weights[tree->leaves++] = (uint64_t)counts[byte] << 8 | (uint64_t)byte;
    for (int step = 0; step < 5; step++)
        for (int i = GAPS[step]; i < tree->leaves; i++) {
            uint64_t moved = tree->weights[i];
            int place = i;
            for (; place >= GAPS[step] && tree->weights[place - GAPS[step]] > moved; place -= GAPS[step])
                tree->weights[place] = tree->weights[place - GAPS[step]];
            tree->weights[place] = moved;
        }
    for (int i = 0; i < tree->leaves; i++) {
        tree->bytes[i] = (uint8_t)tree->weights[i];
        tree->weights[i] >>= 8;
    }
}

// The lightest node that has no parent yet: leaves and joints both stand in order.
static int lightest(const Tree *tree, int *leaf, int *joint, int end) {
    bool takes_leaf = *leaf < tree->leaves && (*joint == end || tree->weights[*leaf] <= tree->weights[*joint]);
    return takes_leaf ? (*leaf)++ : (*joint)++;
}

// Lengths of the codes, and the longest of them.
static int code_lengths(const uint32_t counts[BYTES], uint8_t lengths[BYTES]) {
    Tree tree;
    uint8_t depths[2 * BYTES] = {0};
    sort_leaves(&tree, counts);
    memset(lengths, 0, BYTES);
    int leaf = 0, joint = tree.leaves, end = tree.leaves;
    for (; end < 2 * tree.leaves - 1; end++) {
        int first = lightest(&tree, &leaf, &joint, end), second = lightest(&tree, &leaf, &joint, end);
        tree.weights[end] = tree.weights[first] + tree.weights[second];
        tree.parents[first] = tree.parents[second] = (uint16_t)end;
    }
    for (int node = end - 2; node >= 0; node--) depths[node] = (uint8_t)(depths[tree.parents[node]] + 1);
    if (tree.leaves == 1) depths[0] = 1;
    for (int i = 0; i < tree.leaves; i++) lengths[tree.bytes[i]] = depths[i];
    return tree.leaves ? depths[0] : 0;
}

// Codes for bytes that come so often: no longer than they may be, for which seldom ones count as less seldom.
static void make_code(Code *code, uint32_t counts[BYTES]) {
    while (code_lengths(counts, code->lengths) > MOST_BITS)
        for (int byte = 0; byte < BYTES; byte++)
            if (counts[byte]) counts[byte] = counts[byte] >> 1 | 1;
    uint16_t alike[MOST_BITS + 1] = {0}, next[MOST_BITS + 1] = {0};
    for (int byte = 0; byte < BYTES; byte++) alike[code->lengths[byte]]++;
    alike[0] = 0;
    for (int length = 1; length <= MOST_BITS; length++)
        next[length] = (uint16_t)((next[length - 1] + alike[length - 1]) << 1);
    for (int byte = 0; byte < BYTES; byte++) {
        int length = code->lengths[byte];
        code->codes[byte] = (uint16_t)(next[length]++ << 4 | length);
    }
}

// One stream, with what it takes to write it.
typedef struct {
    const uint8_t *bytes;
    size_t size;
    size_t coded; // bytes that follow; 0: as they are
    Code code;
} Stream;

static void plan_stream(Stream *stream, const uint8_t *bytes, size_t size) {
    uint32_t counts[BYTES] = {0}, scaled[BYTES];
    uint64_t bits = 0;
    for (size_t i = 0; i < size; i++) counts[bytes[i]]++;
    memcpy(scaled, counts, sizeof counts);
    make_code(&stream->code, scaled);
    for (int byte = 0; byte < BYTES; byte++) bits += (uint64_t)counts[byte] * stream->code.lengths[byte];
    size_t coded = LENGTH_BYTES + (size_t)((bits + 7) / 8);
    stream->bytes = bytes, stream->size = size;
    stream->coded = coded < size ? coded : 0;
}

static inline size_t stream_bytes(const Stream *stream) { return stream->coded ? stream->coded : stream->size; }

static inline void put_highest_first(uint8_t *to, uint64_t value) {
    for (int i = 0; i < 8; i++) to[i] = (uint8_t)(value >> (56 - 8 * i));
}

// The codes of all bytes, of which those of four at a time stand in one number before they are written.
static void put_bits(uint8_t *to, const uint8_t *limit, const Stream *stream) {
    const uint8_t *at = stream->bytes, *end = at + stream->size;
    const uint16_t *codes = stream->code.codes;
    uint64_t held = 0;
    int bits = 0;
#define HOLD(byte) (bits += codes[byte] & 15, held = held << (codes[byte] & 15) | codes[byte] >> 4)
    while (end - at >= 4 && limit - to >= 8) {
        HOLD(at[0]), HOLD(at[1]), HOLD(at[2]), HOLD(at[3]);
        at += 4;
        put_highest_first(to, held << (64 - bits)); // four codes have a bit each, at least
        to += bits / 8;
        bits %= 8;
    }
    for (; at < end; at++)
        for (HOLD(*at); bits >= 8; bits -= 8) *to++ = (uint8_t)(held >> (bits - 8));
#undef HOLD
    if (bits) *to = (uint8_t)(held << (8 - bits));
}

static uint8_t *put_stream(uint8_t *to, const Stream *stream) {
    if (!stream->coded) {
        memcpy(to, stream->bytes, stream->size);
        return to + stream->size;
    }
    const uint8_t *lengths = stream->code.lengths;
    uint8_t *start = to;
    for (int byte = 0; byte < BYTES; byte += 2) *to++ = (uint8_t)(lengths[byte] | lengths[byte + 1] << 4);
    put_bits(to, start + stream->coded, stream);
    return start + stream->coded;
}

// The way back: by the next bits, a byte and how many bits it took; 0 where no code begins so.
typedef struct {
    uint16_t bytes[1 << MOST_BITS];
} Decoder;

static bool read_lengths(Decoder *decoder, const uint8_t *at) {
    uint32_t next = 0;
    memset(decoder, 0, sizeof *decoder);
    for (int length = 1; length <= MOST_BITS; length++)
        for (int byte = 0; byte < BYTES; byte++) {
            uint32_t width = 1u << (MOST_BITS - length);
            if ((at[byte / 2] >> byte % 2 * 4 & 15) != length) continue;
            if (next + width > 1u << MOST_BITS) return false;
            for (uint32_t end = next + width; next < end; next++)
                decoder->bytes[next] = (uint16_t)(byte << 4 | length);
        }
    return true;
}

static inline uint64_t highest_first(const uint8_t *at) {
    return (uint64_t)at[0] << 56 | (uint64_t)at[1] << 48 | (uint64_t)at[2] << 40 | (uint64_t)at[3] << 32 |
           (uint64_t)at[4] << 24 | (uint64_t)at[5] << 16 | (uint64_t)at[6] << 8 | (uint64_t)at[7];
}

typedef struct {
    const uint8_t *at, *end;
    uint64_t held; // the next bits, the first of them the highest
    int bits;      // how many of them are known to be
} Bits;

static inline void fill(Bits *bits) {
    if (bits->end - bits->at >= 8) {
        bits->held |= highest_first(bits->at) >> bits->bits;
        int more = (63 - bits->bits) >> 3;
        bits->at += more;
        bits->bits += 8 * more;
        return;
    }
    for (; bits->bits <= 56 && bits->at < bits->end; bits->bits += 8)
        bits->held |= (uint64_t)*bits->at++ << (56 - bits->bits);
}

// Reads so many bytes; false unless the bits are those of just as many.
static bool read_bits(const Decoder *decoder, Bits bits, uint8_t *to, size_t size) {
    uint8_t *end = to + size;
    while (to < end) {
        fill(&bits);
        const uint8_t *stop = end - to < IN_GROUP ? end : to + IN_GROUP;
        while (to < stop) {
            uint16_t found = decoder->bytes[bits.held >> (64 - MOST_BITS)];
            if (!(found & 15)) return false;
            *to++ = (uint8_t)(found >> 4);
            bits.held <<= found & 15;
            bits.bits -= found & 15;
        }
        if (bits.bits < 0) return false;
    }
    return bits.at == bits.end && bits.bits < 8;
}

static bool read_stream(const uint8_t *at, size_t coded, uint8_t *to, size_t size) {
    Decoder decoder;
    if (!coded) {
        memcpy(to, at, size);
        return true;
    }
    if (coded < LENGTH_BYTES || !read_lengths(&decoder, at)) return false;
    return read_bits(&decoder, (Bits){at + LENGTH_BYTES, at + coded, 0, 0}, to, size);
}
#endif
