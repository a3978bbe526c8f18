// Which lines hold code: ESLint's two rules about comments, as marks on lines.
#ifndef KERNEL_COMMENTS_H
#define KERNEL_COMMENTS_H

#include "walk.h"

static inline uint8_t *mark_of(Text *text, int32_t line) { return (uint8_t *)text->marks.at + line; }

// A comment's end without the line terminators that some grammars put into it.
static uint32_t stripped_end(const Text *text, const Comment *comment) {
    const uint8_t *start = text->bytes + comment->start, *end = text->bytes + comment->end;
    for (;;) {
        bool breaks = false;
        if (end > start && (end[-1] == '\n' || end[-1] == '\r')) end -= 1;
        else if (end - start >= 3 && special_length(end - 3, end, &breaks) == 3 && breaks) end -= 3;
        else return (uint32_t)(end - text->bytes);
    }
}

// max-lines-per-function: a line is skipped if the last comment on it covers all of its text.
static void mark_full_lines(Text *text, const Comment *comment, uint32_t end, int32_t last) {
    int32_t first = comment->line - 1;
    const uint8_t *bytes = text->bytes, *line = bytes + line_start(text, (size_t)first);
    bool clear_before = white_from_line_start(line, bytes + comment->start);
    bool clear_after = white_to_line_end(text, bytes + end);
    for (int32_t i = first; i <= last; i++) {
        bool full = (i > first || clear_before) && (i < last || clear_after);
        *mark_of(text, i) = (uint8_t)((*mark_of(text, i) & ~LINE_COMMENT) | (full ? LINE_COMMENT : 0));
    }
}

// max-lines: a comment's lines are skipped, but not its first and last if a token shares them.
static void mark_hidden_lines(Text *text, int32_t first, int32_t last, const Surrounding *around) {
    if (around->before >= 0 && line_of(text, (uint32_t)around->before) == first) first++;
    if (around->after >= 0 && line_of(text, (uint32_t)around->after) == last) last--;
    for (int32_t i = first; i <= last; i++) *mark_of(text, i) |= LINE_HIDDEN;
}

static void count_lines(Scan *scan) {
    Text *text = &scan->text;
    for (size_t i = 0; i < scan->comments.count; i++) {
        const Comment *comment = AT(scan, comments, Comment, i);
        uint32_t end = stripped_end(text, comment);
        int32_t last = line_of(text, end);
        mark_full_lines(text, comment, end, last);
        mark_hidden_lines(text, comment->line - 1, last, AT(scan, surroundings, Surrounding, i));
    }
    int32_t code = 0;
    *PUSH(scan, code_prefix, int32_t) = 0;
    for (int32_t i = 0; i < line_count(text); i++) {
        uint8_t mark = *mark_of(text, i);
        code += !(mark & (LINE_BLANK | LINE_COMMENT));
        scan->file_lines += !(mark & (LINE_BLANK | LINE_HIDDEN));
        *PUSH(scan, code_prefix, int32_t) = code;
    }
}

#endif
