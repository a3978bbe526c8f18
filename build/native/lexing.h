// The lexer's steps over plain ASCII in one range of one buffer, which is nearly every step it makes.
#ifndef KERNEL_LEXING_H
#define KERNEL_LEXING_H

#include "text.h"

// Spaces that are skipped are skipped one by one, in the same state of the lexer: so a run of them is skipped at once.
// Markup around a script is blanked to spaces, a tenth of the time that a component took; code is a twentieth indentation.
static uint32_t without_spaces(Lexer *self, uint32_t next) {
    const uint8_t *first = (const uint8_t *)self->chunk + next;
    uint32_t skipped = (uint32_t)(behind_spaces(first, (const uint8_t *)self->chunk + self->chunk_size - 1) - first);
    self->current_position.bytes += skipped;
    self->current_position.extent.column += skipped;
    if (self->column_data.valid) self->column_data.value += skipped;
    return next + skipped;
}

static void quick_advance(TSLexer *data, bool skip) {
    Lexer *self = (Lexer *)data;
    uint32_t next = self->current_position.bytes - self->chunk_start + 1;
    if ((uint32_t)data->lookahead >= 0x80 || self->lookahead_size != 1 || next >= self->chunk_size) {
        ts_lexer__advance(data, skip);
        return;
    }
    self->current_position.bytes++;
    if (data->lookahead == '\n') {
        self->current_position.extent = (TSPoint){self->current_position.extent.row + 1, 0};
        ts_lexer__set_column_data(self, 0);
    } else {
        self->current_position.extent.column++;
        ts_lexer__increment_column_data(self);
    }
    if (skip && data->lookahead == ' ') next = without_spaces(self, next);
    if (skip) self->token_start_position = self->current_position;
    uint8_t byte = (uint8_t)self->chunk[next];
    if (byte < 0x80) data->lookahead = byte;
    else ts_lexer__get_lookahead(self);
}

static void quick_mark_end(TSLexer *data) {
    Lexer *self = (Lexer *)data;
    self->token_end_position = self->current_position;
}

static void quicken_lexer(Lexer *lexer) {
    lexer->data.advance = quick_advance;
    lexer->data.mark_end = quick_mark_end;
}

#endif
