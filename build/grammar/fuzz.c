// Mangle real files and parse them: fuzz SECONDS SEED < list of "dialect path" lines.
//
// Built with AddressSanitizer, a crash ends the run with its report. A parse that takes longer than a fixed time a byte
// is ended, names its seed and fails too: the time of a hostile file must not grow faster than the file does.
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define THREAD_LOCAL // arena.h's, which is left out: malloc's own blocks are what AddressSanitizer watches
#include "shortcuts.h"

#include "lib.c"

enum { MOST_FILES = 4096, LARGEST = 100000, MOST_EDITS = 8 };

// A sound file takes some 1 us a byte under AddressSanitizer, a mangled one up to 30 (measured).
static const double MOST_MICROSECONDS_A_BYTE = 300, GRACE = 200000;

// What breaks parsers: openings, closings, and what the scanner looks ahead for.
static const char *const TOKENS[] = {
    "{", "}", "(", ")", "[", "]", "<", ">", "`", "${", "/*", "*/", "//", "\n", "\"", "'", "?", ":", "=>", "?.", "&", ";",
    "<!--", "-->", "@", "\\", "in ", "async ", "import(", "typeof ", "\xe2\x80\xa8", "\xff", "",
};

typedef struct {
    char *text;
    size_t size;
    bool tsx;
} File;

static File files[MOST_FILES];
static size_t file_count;
static uint64_t state;

static size_t pick(size_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return below ? (size_t)((state >> 11) % below) : 0;
}

static double now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

// The text being parsed, and when its parser has had more than its time.
typedef struct {
    const char *text;
    uint32_t size;
    double end;
} Parse;

static const char *read_text(void *payload, uint32_t at, TSPoint point, uint32_t *count) {
    const Parse *parse = payload;
    (void)point;
    *count = at < parse->size ? parse->size - at : 0;
    return parse->text + (at < parse->size ? at : parse->size);
}

static bool is_late(TSParseState *reached) {
    return now(CLOCK_THREAD_CPUTIME_ID) > ((const Parse *)reached->payload)->end;
}

static void read_files(void) {
    char line[4096], dialect[16], path[4000];
    while (file_count < MOST_FILES && fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "%15s %3999[^\n]", dialect, path) != 2) continue;
        FILE *file = fopen(path, "rb");
        if (!file) continue;
        char *text = malloc(LARGEST);
        files[file_count++] = (File){text, fread(text, 1, LARGEST, file), dialect[2] == 'x'};
        fclose(file);
    }
}

// Replace `length` bytes at `at` by `with`; the text stays within LARGEST.
static size_t splice(char *text, size_t size, size_t at, size_t length, const char *with, size_t count) {
    if (size - length + count > LARGEST) return size;
    memmove(text + at + count, text + at + length, size - at - length);
    memcpy(text + at, with, count);
    return size - length + count;
}

static size_t mangle(char *text, size_t size) {
    char piece[2000];
    for (size_t edits = 1 + pick(MOST_EDITS); edits; edits--) {
        size_t at = pick(size + 1), rest = size - at, length = pick((rest < 60 ? rest : 60) + 1);
        const char *token = TOKENS[pick(sizeof TOKENS / sizeof *TOKENS)];
        const File *other = &files[pick(file_count)];
        size_t from = pick(other->size), count = other->size - from < 200 ? other->size - from : 200;
        switch (pick(5)) {
            case 0: size = splice(text, size, at, length, "", 0); break;
            case 1: size = splice(text, size, at, 0, token, strlen(token)); break;
            case 2: size = splice(text, size, at, length, other->text + from, count); break;
            case 3: memcpy(piece, text + at, length), size = splice(text, size, at, 0, piece, length); break;
            default:
                for (size_t times = pick(2000); times; times--) size = splice(text, size, at, 0, token, strlen(token));
        }
    }
    return size;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    state = strtoull(argv[2], NULL, 10) | 1;
    read_files();
    if (!file_count) return 2;
    TSParser *parser = ts_parser_new();
    recovery.lexer = &parser->lexer;
    second_language = tree_sitter_tsx();
    char *text = malloc(LARGEST);
    double slowest = 0, end = now(CLOCK_MONOTONIC) + atof(argv[1]) * 1e6;
    unsigned long runs = 0, bytes = 0;
    for (; now(CLOCK_MONOTONIC) < end; runs++) {
        uint64_t seed = state;
        const File *file = &files[pick(file_count)];
        memcpy(text, file->text, file->size);
        size_t size = mangle(text, file->size);
        ts_parser_set_language(parser, file->tsx ? tree_sitter_tsx() : tree_sitter_typescript());
        recovery.furthest = 0;
        double start = now(CLOCK_THREAD_CPUTIME_ID);
        Parse parse = {text, (uint32_t)size, start + GRACE + MOST_MICROSECONDS_A_BYTE * (double)size};
        TSTree *tree = ts_parser_parse_with_options(parser, NULL, (TSInput){&parse, read_text, TSInputEncodingUTF8, NULL},
                                                    (TSParseOptions){&parse, is_late});
        if (tree) ts_tree_delete(tree);
        double took = now(CLOCK_THREAD_CPUTIME_ID) - start;
        bytes += size;
        if (took / (double)(size + 1000) > slowest) slowest = took / (double)(size + 1000);
        if (!tree) {
            fprintf(stderr, "seed %llu: %zu bytes took more than %.1f s; kept as slow.txt\n", (unsigned long long)seed, size, took / 1e6);
            FILE *kept = fopen("slow.txt", "wb");
            if (kept) fwrite(text, 1, size, kept), fclose(kept);
            return 1;
        }
    }
    printf("%lu mangled files, %.1f MB, slowest %.1f us a byte\n", runs, (double)bytes / 1e6, slowest);
    free(text);
    for (size_t index = 0; index < file_count; index++) free(files[index].text);
    ts_parser_delete(parser);
    return 0;
}
