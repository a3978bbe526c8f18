// The set of distinct operand texts per function: bytes are compared, a hash alone proves nothing.
#ifndef KERNEL_OPERANDS_H
#define KERNEL_OPERANDS_H

#include <stdbool.h>

#include "arena.h"

typedef struct {
    uint32_t hash, start, length;
    int32_t scope; // -1: free
} Operand;

typedef struct {
    Operand *slots;
    uint32_t count, capacity; // capacity is a power of two
} Operands;

// Keyed per process, so that no source can be written whose names all collide.
static uint64_t hash_key[2];

static inline uint64_t rotate(uint64_t x, int bits) { return x << bits | x >> (64 - bits); }

static inline void sip_round(uint64_t v[4]) {
    v[0] += v[1], v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0], v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1], v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2], v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

// SipHash-1-3 of a text; `scope` takes the place of the length in its last block, together with the length.
static uint32_t operand_hash(const uint8_t *at, uint32_t length, int32_t scope) {
    uint64_t v[4] = {hash_key[0] ^ 0x736f6d6570736575u, hash_key[1] ^ 0x646f72616e646f6du,
                     hash_key[0] ^ 0x6c7967656e657261u, hash_key[1] ^ 0x7465646279746573u};
    uint64_t block = 0;
    uint32_t left = length;
    for (; left >= 8; left -= 8, at += 8) {
        memcpy(&block, at, 8);
        v[3] ^= block;
        sip_round(v);
        v[0] ^= block;
    }
    block = 0;
    for (uint32_t i = 0; i < left; i++) block |= (uint64_t)at[i] << 8 * i;
    uint64_t blocks[2] = {block, (uint64_t)(uint32_t)scope << 32 | length};
    for (int i = 0; i < 2; i++) {
        v[3] ^= blocks[i];
        sip_round(v);
        v[0] ^= blocks[i];
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++) sip_round(v);
    return (uint32_t)(v[0] ^ v[1] ^ v[2] ^ v[3]);
}

static void operands_resize(Arena *arena, Operands *set, uint32_t capacity) {
    if (capacity > INT32_MAX / 2) arena_fail(arena, FAILED_COUNT);
    Operand *old = set->slots;
    uint32_t old_capacity = set->capacity;
    set->slots = arena_allocate(arena, capacity * sizeof(Operand));
    set->capacity = capacity;
    memset(set->slots, 0xFF, capacity * sizeof(Operand));
    for (uint32_t i = 0; i < old_capacity; i++) {
        if (old[i].scope < 0) continue;
        uint32_t slot = old[i].hash & (capacity - 1);
        while (set->slots[slot].scope >= 0) slot = (slot + 1) & (capacity - 1);
        set->slots[slot] = old[i];
    }
    arena_free(arena, old);
}

// The slot of a text in a scope's set: its own, or the free one where it would go.
static inline Operand *operand_slot(const Operands *set, const uint8_t *bytes, Operand text) {
    uint32_t slot = text.hash & (set->capacity - 1);
    for (; set->slots[slot].scope >= 0; slot = (slot + 1) & (set->capacity - 1)) {
        const Operand *other = &set->slots[slot];
        if (other->hash == text.hash && other->scope == text.scope && other->length == text.length &&
            memcmp(bytes + other->start, bytes + text.start, text.length) == 0)
            break;
    }
    return &set->slots[slot];
}

static inline Operand operand_of(const uint8_t *bytes, uint32_t start, uint32_t end, int32_t scope) {
    return (Operand){operand_hash(bytes + start, end - start, scope), start, end - start, scope};
}

// Add a text to a scope's set; true when it is new there.
static bool operands_add(Arena *arena, Operands *set, const uint8_t *bytes, uint32_t start, uint32_t end, int32_t scope) {
    if (set->count * 2 >= set->capacity) operands_resize(arena, set, set->capacity ? set->capacity * 2 : 256);
    Operand text = operand_of(bytes, start, end, scope), *slot = operand_slot(set, bytes, text);
    if (slot->scope >= 0) return false;
    *slot = text;
    set->count++;
    return true;
}

static bool operands_has(const Operands *set, const uint8_t *bytes, uint32_t start, uint32_t end, int32_t scope) {
    return set->count && operand_slot(set, bytes, operand_of(bytes, start, end, scope))->scope >= 0;
}

#endif
