/* memcpy and memset in steps of 16 bytes. Those that come with zig take twice as many instructions for what is copied and
 * cleared most: a node of the parser's stack, 216 bytes, twice for each step that it takes.
 */
#include <stddef.h>

typedef unsigned char Part __attribute__((vector_size(16), aligned(1), may_alias));
typedef unsigned long long Word __attribute__((aligned(1), may_alias));
typedef unsigned Half __attribute__((aligned(1), may_alias));
#define ITSELF __attribute__((no_builtin, used)) /* no loop in it becomes a call of it */
#define AT(type, at) (*(type *)(at))

/* Of less than 16 bytes: two pieces that may overlap. */
static inline void copy_few(unsigned char *to, const unsigned char *from, size_t size)
{
    if (size >= 8) {
        Word first = AT(const Word, from), last = AT(const Word, from + size - 8);
        AT(Word, to) = first, AT(Word, to + size - 8) = last;
    } else if (size >= 4) {
        Half first = AT(const Half, from), last = AT(const Half, from + size - 4);
        AT(Half, to) = first, AT(Half, to + size - 4) = last;
    } else if (size) {
        unsigned char first = from[0], middle = from[size / 2], last = from[size - 1];
        to[0] = first, to[size / 2] = middle, to[size - 1] = last;
    }
}

ITSELF void *memcpy(void *restrict target, const void *restrict source, size_t size)
{
    unsigned char *to = target;
    const unsigned char *from = source;
    if (size < 16) return copy_few(to, from, size), target;
    Part last = AT(const Part, from + size - 16);
    unsigned char *end = to + size - 16;
    for (; end - to > 48; to += 64, from += 64) {
        Part a = AT(const Part, from), b = AT(const Part, from + 16), c = AT(const Part, from + 32), d = AT(const Part, from + 48);
        AT(Part, to) = a, AT(Part, to + 16) = b, AT(Part, to + 32) = c, AT(Part, to + 48) = d;
    }
    for (; to < end; to += 16, from += 16) AT(Part, to) = AT(const Part, from);
    AT(Part, end) = last;
    return target;
}

ITSELF void *memset(void *target, int value, size_t size)
{
    unsigned char *to = target;
    unsigned long long bytes = (unsigned char)value * 0x0101010101010101ull;
    if (size >= 16) {
        Part part = (Part)((unsigned long long __attribute__((vector_size(16)))){bytes, bytes});
        unsigned char *end = to + size - 16;
        for (; end - to > 48; to += 64)
            AT(Part, to) = part, AT(Part, to + 16) = part, AT(Part, to + 32) = part, AT(Part, to + 48) = part;
        for (; to < end; to += 16) AT(Part, to) = part;
        AT(Part, end) = part;
    } else if (size >= 8) {
        AT(Word, to) = bytes, AT(Word, to + size - 8) = bytes;
    } else if (size >= 4) {
        AT(Half, to) = (unsigned)bytes, AT(Half, to + size - 4) = (unsigned)bytes;
    } else if (size) {
        to[0] = to[size / 2] = to[size - 1] = (unsigned char)value;
    }
    return target;
}
