// What a content goes by: SipHash-1-3 of 128 bits. Whoever does not know the key can write no two contents that go by the same
// digest; it takes a fifth of BLAKE2's time.
#ifndef KERNEL_DIGEST_H
#define KERNEL_DIGEST_H

#include "operands.h"

static uint64_t sip_end(uint64_t v[4]) {
    for (int i = 0; i < 3; i++) sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static void digest_bytes(const uint64_t key[2], const uint8_t *at, size_t size, uint64_t found[2]) {
    uint64_t v[4] = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du ^ 0xee,
                     key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u};
    uint64_t block, last = (uint64_t)size << 56;
    for (; size >= 8; size -= 8, at += 8) {
        memcpy(&block, at, 8);
        v[3] ^= block;
        sip_round(v);
        v[0] ^= block;
    }
    for (size_t i = 0; i < size; i++) last |= (uint64_t)at[i] << 8 * i;
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xee;
    found[0] = sip_end(v);
    v[1] ^= 0xdd;
    found[1] = sip_end(v);
}
#endif
