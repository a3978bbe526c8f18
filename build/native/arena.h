// The memory of one scan: parser, tree and result rows, all given back at once.
//
// tree-sitter makes and drops millions of small blocks in a parse. Here a block is a bump of a pointer or the head of a
// free list, and the finished tree is not taken apart node by node: `arena_reset` forgets it whole. A failure inside
// tree-sitter, which would abort the process, becomes a jump back to the scan (`arena->escape`): nothing but the arena
// owns anything, so nothing leaks.
#ifndef KERNEL_ARENA_H
#define KERNEL_ARENA_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if !defined(_WIN32)
#include <sys/mman.h>
#endif

#if defined(_MSC_VER)
#define THREAD_LOCAL __declspec(thread)
#else
#define THREAD_LOCAL _Thread_local
#endif

enum Failure { FAILED_MEMORY = 1, FAILED_TIME, FAILED_COUNT, FAILED_SIGNAL, FAILED_BUDGET };

enum {
    STEP = 16,                          // small blocks are multiples of this,
    SMALL = 512,                        // up to here; then four sizes per doubling,
    LARGE = 256 * 1024,                 // up to here; a larger block has pages of its own
    CLASSES = SMALL / STEP + 4 * 9 + 1, // 9 doublings lie between SMALL and LARGE
    FIRST_CHUNK = 256 * 1024,
    LAST_CHUNK = 4 * 1024 * 1024,
    KEPT_BYTES = 2 * 1024 * 1024,       // what an idle arena holds on to: enough for a source of 75 KB
};

// Stands before every block. Eight bytes on every platform, so that blocks are aligned for pointers and int64_t.
typedef union {
    size_t capacity;
    uint64_t alignment;
} Header;

typedef struct Chunk {
    struct Chunk *next;
    size_t size; // of the room behind this head
} Chunk;

typedef struct Large {
    struct Large *next, *previous;
    Header header;
} Large;

typedef struct {
    char *at, *end;        // the room left in the newest chunk
    Chunk *used, *spare;   // chunks with blocks, newest first; chunks to use again
    Large *large;
    void *free[CLASSES];   // freed blocks by size class, linked through their first word
    jmp_buf *escape;
    struct Patience *patience;
    size_t moved;          // bytes cleared or copied since the last look at the clock
    uint64_t work;         // blocks taken
    size_t held, most;     // bytes from the system, and how many there may be; no limit at 0
} Arena;

static THREAD_LOCAL Arena *current_arena; // of the scan that this thread is in

static inline Header *header_of(const void *block) { return (Header *)block - 1; }

static inline unsigned highest_bit(size_t value) {
    unsigned bit = 0;
    while (value >>= 1) bit++;
    return bit;
}

// The size class that holds `size` bytes, and the capacity of its blocks.
static inline unsigned class_of(size_t size, size_t *capacity) {
    if (size <= SMALL) {
        unsigned steps = size ? (unsigned)((size + STEP - 1) / STEP) : 1;
        *capacity = (size_t)steps * STEP;
        return steps - 1;
    }
    unsigned bit = highest_bit(size - 1), shift = bit - 2;
    size_t quarter = (size - 1) >> shift; // 4 to 7
    *capacity = (quarter + 1) << shift;
    return SMALL / STEP + (bit - 9) * 4 + (unsigned)(quarter - 4);
}

static void arena_fail(Arena *arena, int failure) { longjmp(*arena->escape, failure); }

// tree-sitter asks whether to go on after so many steps, and on broken text one step may copy whole stacks for minutes.
enum { LOOK_BYTES = 4 * 1024 * 1024 };

static void look_at_the_clock(Arena *arena);

static inline void arena_moves(Arena *arena, size_t size) {
    arena->moved += size;
    if (arena->moved < LOOK_BYTES || !arena->patience) return;
    arena->moved = 0;
    look_at_the_clock(arena);
}

// Memory straight from the system, so that it goes straight back: malloc would keep what a huge file has left behind.
#if defined(KERNEL_CHECKED)
static THREAD_LOCAL long long allocations_left = -1; // of this thread, until none succeeds any more; no limit below 0

static bool may_allocate(void) { return allocations_left < 0 || (allocations_left && allocations_left--); }
static void *pages_take(size_t size) { return may_allocate() ? malloc(size) : NULL; }
static void pages_give(void *pages, size_t size) { (void)size, free(pages); }
static void *checked_malloc(size_t size) { return may_allocate() ? malloc(size) : NULL; }
static void *checked_calloc(size_t count, size_t size) { return may_allocate() ? calloc(count, size) : NULL; }
static void *checked_realloc(void *block, size_t size) { return may_allocate() ? realloc(block, size) : NULL; }
#elif defined(_WIN32)
static void *pages_take(size_t size) { return malloc(size); }
static void pages_give(void *pages, size_t size) { (void)size, free(pages); }
#else
static void *pages_take(size_t size) {
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}
static void pages_give(void *pages, size_t size) { munmap(pages, size); }
#endif

static void *arena_pages(Arena *arena, size_t head, size_t size) {
    if (arena->most && (size > arena->most || arena->held + head + size > arena->most)) arena_fail(arena, FAILED_BUDGET);
    void *pages = size <= PTRDIFF_MAX - head ? pages_take(head + size) : NULL;
    if (!pages) arena_fail(arena, FAILED_MEMORY);
    arena->held += head + size;
    return pages;
}

static void arena_link(Arena *arena, Large *large) {
    large->next = arena->large;
    large->previous = NULL;
    if (large->next) large->next->previous = large;
    arena->large = large;
}

static void arena_unlink(Arena *arena, Large *large) {
    if (large->next) large->next->previous = large->previous;
    if (large->previous) large->previous->next = large->next;
    else arena->large = large->next;
}

static inline Large *large_of(void *block) { return (Large *)((char *)block - sizeof(Large)); }

static void *arena_large(Arena *arena, size_t size) {
    Large *large = arena_pages(arena, sizeof(Large), size);
    large->header.capacity = size;
    arena_link(arena, large);
    return large + 1;
}

static void large_give(Large *large) { pages_give(large, sizeof(Large) + large->header.capacity); }

static inline void chunk_give(Chunk *chunk) { pages_give(chunk, sizeof(Chunk) + chunk->size); }

static void arena_next_chunk(Arena *arena, size_t needed) {
    Chunk *chunk = arena->spare;
    if (chunk && chunk->size >= needed) {
        arena->spare = chunk->next;
    } else {
        size_t size = arena->used ? arena->used->size * 2 : FIRST_CHUNK;
        if (size > LAST_CHUNK) size = LAST_CHUNK;
        if (size < needed) size = needed;
        chunk = arena_pages(arena, sizeof(Chunk), size);
        chunk->size = size;
    }
    chunk->next = arena->used;
    arena->used = chunk;
    arena->at = (char *)(chunk + 1);
    arena->end = arena->at + chunk->size;
}

// Checked build (`make sanitize`): every block is malloc's, so that AddressSanitizer sees each overrun.
#ifdef KERNEL_CHECKED
enum { FIRST_LARGE = 0 };
#else
enum { FIRST_LARGE = LARGE + 1 };
#endif

static inline void *arena_allocate(Arena *arena, size_t size) {
    arena->work++;
    if (size >= FIRST_LARGE) return arena_large(arena, size);
    size_t capacity;
    unsigned class = class_of(size, &capacity);
    void *block = arena->free[class];
    if (block) {
        memcpy(&arena->free[class], block, sizeof(void *));
        return block;
    }
    if ((size_t)(arena->end - arena->at) < capacity + sizeof(Header)) arena_next_chunk(arena, capacity + sizeof(Header));
    Header *header = (Header *)arena->at;
    arena->at += capacity + sizeof(Header);
    header->capacity = capacity;
    return header + 1;
}

static inline void arena_free(Arena *arena, void *block) {
    if (!block) return;
    size_t capacity = header_of(block)->capacity;
    if (capacity >= FIRST_LARGE) {
        arena_unlink(arena, large_of(block));
        arena->held -= sizeof(Large) + capacity;
        large_give(large_of(block));
        return;
    }
    unsigned class = class_of(capacity, &capacity);
    memcpy(block, &arena->free[class], sizeof(void *));
    arena->free[class] = block;
}

static inline void *arena_reallocate(Arena *arena, void *block, size_t size) {
    if (!block) return arena_allocate(arena, size);
    size_t capacity = header_of(block)->capacity;
    if (size <= capacity) return block;
    arena_moves(arena, capacity);
    void *grown = arena_allocate(arena, size);
    memcpy(grown, block, capacity);
    arena_free(arena, block);
    return grown;
}

// Forget every block. Chunks up to `kept` bytes stay for the next scan, the rest goes back to the system. They keep their
// order, the oldest first: a small file is then parsed where the one before it was, in memory that caches still hold.
static void arena_reset(Arena *arena, size_t kept) {
    for (Large *next; arena->large; arena->large = next) {
        next = arena->large->next;
        large_give(arena->large);
    }
    Chunk *spare = arena->spare;
    for (Chunk *chunk = arena->used, *next; chunk; chunk = next) {
        next = chunk->next;
        chunk->next = spare;
        spare = chunk;
    }
    for (Chunk **place = &spare, *chunk; (chunk = *place);) {
        if (chunk->size > kept) {
            *place = chunk->next;
            chunk_give(chunk);
        } else {
            kept -= chunk->size;
            place = &chunk->next;
        }
    }
    memset(arena, 0, sizeof *arena);
    arena->spare = spare;
    for (; spare; spare = spare->next) arena->held += sizeof(Chunk) + spare->size;
}

// What tree-sitter's core calls, in place of malloc and its kin. Each thread is in one scan at a time.
static inline void *kernel_malloc(size_t size) { return arena_allocate(current_arena, size); }
static inline void *kernel_realloc(void *block, size_t size) { return arena_reallocate(current_arena, block, size); }
static inline void kernel_free(void *block) { arena_free(current_arena, block); }

static inline void *kernel_calloc(size_t count, size_t size) {
    if (size && count > SIZE_MAX / size) arena_fail(current_arena, FAILED_MEMORY);
    arena_moves(current_arena, count * size);
    return memset(kernel_malloc(count * size), 0, count * size);
}

#define ts_malloc kernel_malloc
#define ts_calloc kernel_calloc
#define ts_realloc kernel_realloc
#define ts_free kernel_free

// A growing array of fixed-size records in the arena.
typedef struct {
    char *at;
    size_t count, capacity;
} Rows;

static void rows_reserve(Arena *arena, Rows *rows, size_t capacity, size_t width) {
    if (capacity > INT32_MAX) arena_fail(arena, FAILED_COUNT);
    rows->at = arena_reallocate(arena, rows->at, capacity * width);
    rows->capacity = capacity;
}

static inline void *rows_push(Arena *arena, Rows *rows, size_t width) {
    if (rows->count == rows->capacity) rows_reserve(arena, rows, rows->count ? rows->count * 2 : 64, width);
    return rows->at + rows->count++ * width;
}

#endif
