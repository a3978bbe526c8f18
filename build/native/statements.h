// Imports and exports as nearly all are written: what they say is read here, in a tenth of the time that expressions take.
//
// `ImportReader` in complexity_guard.py defines it, and reads whatever is not plain: comments among the words, texts as names,
// letters that are not ASCII, `import =`. A file is read here only where all that it says is plain, and both say the same of it.
#ifndef KERNEL_STATEMENTS_H
#define KERNEL_STATEMENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const uint8_t *at, *end;
} Cursor;

typedef struct {
    const uint8_t *at;
    size_t size;
} Word;

typedef struct {
    bool is_export, is_type, is_effect; // the last: nothing is taken
    Word clause, specifier;
    Word *bound;                        // the names here of what is taken as a value
    size_t count, room;
    void *(*more)(void *, size_t);      // as realloc
} Statement;

static inline bool is_blank(uint8_t letter) { return letter == ' ' || letter == '\n' || letter == '\r' || letter == '\t'; }

static inline bool is_of_name(uint8_t letter) {
    return (letter | 32) - 'a' < 26u || letter - '0' < 10u || letter == '_' || letter == '$';
}

static inline bool is_word(Word word, const char *text) {
    return word.size == strlen(text) && !memcmp(word.at, text, word.size);
}

static inline uint8_t peek(const Cursor *cursor) { return cursor->at < cursor->end ? *cursor->at : 0; }

static inline void skip_blanks(Cursor *cursor) {
    while (is_blank(peek(cursor))) cursor->at++;
}

// The next word; one of no letters where there is none, or where it has others than ASCII's.
static Word next_word(Cursor *cursor) {
    Word word = {cursor->at, 0};
    while (is_of_name(peek(cursor))) cursor->at++;
    if (peek(cursor) < 128) word.size = (size_t)(cursor->at - word.at);
    return word;
}

static Word word_behind_blanks(Cursor *cursor) {
    if (!is_blank(peek(cursor))) return (Word){cursor->at, 0};
    skip_blanks(cursor);
    return next_word(cursor);
}

// A text in quotes, behind blanks.
static bool next_text(Cursor *cursor, Word *text) {
    skip_blanks(cursor);
    uint8_t quote = peek(cursor);
    if (quote != '"' && quote != '\'') return false;
    text->at = ++cursor->at;
    for (; cursor->at < cursor->end; cursor->at++) {
        uint8_t letter = *cursor->at;
        if (letter == quote) return text->size = (size_t)(cursor->at - text->at), true;
        if (letter == '\\' || letter < ' ' || letter > 126) return false;
    }
    return false;
}

static bool is_text_next(Cursor cursor) {
    skip_blanks(&cursor);
    return peek(&cursor) == '"' || peek(&cursor) == '\'';
}

typedef struct {
    Word there, here; // the same where it is not renamed
    bool is_type;
} Item;

// `a`, `a as b`, `type a` or `type a as b`, and what ends it. Whether it is plain.
static bool next_item(Cursor *cursor, Item *item) {
    Word words[5];
    int count = 0;
    for (skip_blanks(cursor); is_of_name(peek(cursor)) && count < 5; skip_blanks(cursor))
        if (!(words[count++] = next_word(cursor)).size) return false;
    item->is_type = count == 2 || count == 4;
    if (item->is_type && !is_word(words[0], "type")) return false;
    if (count > 4 || (count > 2 && !is_word(words[count - 2], "as"))) return false;
    item->there = item->here = (Word){cursor->at, 0};
    if (count) item->there = words[item->is_type], item->here = words[count - 1];
    return true;
}

static bool add_name(Statement *statement, Word name) {
    if (statement->count == statement->room) {
        statement->room = 2 * statement->room + 8;
        Word *bound = statement->more(statement->bound, statement->room * sizeof(Word));
        if (!bound) return false;
        statement->bound = bound;
    }
    statement->bound[statement->count++] = name;
    return true;
}

// The same of all between braces: the names of values, and how many items there are. -1: not plain; -2: no memory.
static int next_list(Cursor *cursor, Statement *statement) {
    int items = 0;
    do {
        Item item;
        cursor->at++; // a brace, then commas
        if (!next_item(cursor, &item)) return -1;
        items += item.here.size > 0;
        if (item.here.size && !item.is_type && !add_name(statement, item.here)) return -2;
    } while (peek(cursor) == ',');
    if (peek(cursor) != '}') return -1;
    cursor->at++;
    return items;
}

// `type` before what it makes a type; not the name of what is imported.
static void skip_type(Cursor *cursor, Statement *statement) {
    Cursor ahead = *cursor;
    if (!is_word(next_word(&ahead), "type")) return;
    Cursor behind = ahead;
    skip_blanks(&behind);
    if (peek(&behind) == '{' || peek(&behind) == '*') statement->is_type = true;
    Word word = word_behind_blanks(&ahead);
    if (word.size && !(is_word(word, "from") && is_text_next(ahead))) statement->is_type = true;
    if (statement->is_type) *cursor = behind;
}

// `*` or `* as name`, with one blank between words.
static bool next_star(Cursor *cursor, Word *name) {
    cursor->at++;
    *name = (Word){cursor->at, 0};
    Cursor ahead = *cursor;
    if (!is_word(word_behind_blanks(&ahead), "as")) return true;
    if (ahead.at - cursor->at != 3) return false;
    cursor->at = ahead.at;
    *name = word_behind_blanks(cursor);
    return name->size && name->at - ahead.at == 1;
}

// What stands before braces or a comma: the name of what is the default. Whether it is plain; `ends`: nothing follows.
static bool next_default(Cursor *cursor, Word *name, bool *ends) {
    *name = next_word(cursor);
    if (!name->size || is_word(*name, "defer") || is_word(*name, "source")) return false;
    if (is_word(*name, "from") && is_text_next(*cursor)) return false;
    Cursor ahead = *cursor;
    skip_blanks(&ahead);
    if ((*ends = peek(&ahead) != ',')) return true;
    ahead.at++;
    skip_blanks(&ahead);
    *cursor = ahead;
    return peek(cursor) == '{';
}

// What a statement with a specifier takes: 1, or 0 where that is not plain, or -1 without memory.
static int read_clause(Cursor *cursor, Statement *statement) {
    Word name;
    bool ends = false;
    int items = 0;
    if (is_of_name(peek(cursor))) {
        if (statement->is_export || !next_default(cursor, &name, &ends)) return 0;
        if (!add_name(statement, name)) return -1;
        items++;
    }
    if (!ends && peek(cursor) == '*') {
        if (!next_star(cursor, &name) || (!name.size && !statement->is_export)) return 0;
        if (!add_name(statement, name)) return -1;
    } else if (!ends) {
        int listed = peek(cursor) == '{' ? next_list(cursor, statement) : -1;
        if (listed < 0) return listed + 1;
        items += listed;
    }
    if (items && !statement->count) statement->is_type = true;
    return 1;
}

// A statement that names a file: 1, or 0 where it is not plain, or -1 without memory.
static int read_statement(Cursor *cursor, Statement *statement) {
    skip_blanks(cursor);
    if (!statement->is_export && is_text_next(*cursor)) {
        statement->is_effect = true;
        statement->clause = (Word){cursor->at, 0};
        return next_text(cursor, &statement->specifier);
    }
    skip_type(cursor, statement);
    statement->clause.at = cursor->at;
    int found = read_clause(cursor, statement);
    if (found < 1) return found;
    statement->clause.size = (size_t)(cursor->at - statement->clause.at);
    skip_blanks(cursor);
    return is_word(next_word(cursor), "from") && next_text(cursor, &statement->specifier);
}

// Whether a text holds a word with one of two letters behind it, or a comment, blanks left out.
static bool has_before(Cursor text, const char *word, const char *letters) {
    size_t size = strlen(word);
    while ((size_t)(text.end - text.at) > size && (text.at = memchr(text.at, *word, (size_t)(text.end - text.at) - size))) {
        Cursor behind = {text.at++ + size, text.end};
        if (memcmp(text.at - 1, word, size)) continue;
        skip_blanks(&behind);
        uint8_t letter = peek(&behind);
        if (letter && strchr("/\f\v", letter)) return true;
        if (letter && strchr(letters, letter)) return true;
    }
    return false;
}

// Whether no other name is declared behind this one.
static bool is_only_name(const Cursor *cursor) {
    Cursor behind = *cursor;
    for (; behind.at < behind.end; behind.at++) {
        Word text;
        uint8_t letter = *behind.at;
        if (letter == ',') return false;
        if ((letter == '"' || letter == '\'') && !next_text(&behind, &text)) return false;
        if (memchr(";(){}[]<>`/", letter, 11)) return true;
    }
    return true;
}

// The name of what is declared where it is exported; one of no letters where that is not plain.
static Word declared_name(Cursor cursor) {
    static const char *const BEFORE[] = {"declare", "abstract", "async"};
    static const char *const KEYWORDS[] = {"class", "interface", "enum", "namespace", "module"};
    const Word none = {cursor.at, 0};
    Word word = word_behind_blanks(&cursor);
    for (int i = 0; i < 3; i++)
        if (is_word(word, BEFORE[i])) word = word_behind_blanks(&cursor), i = -1;
    if (is_word(word, "const") || is_word(word, "let") || is_word(word, "var")) {
        Word name = word_behind_blanks(&cursor);
        bool is_enum = name.size >= 4 && !memcmp(name.at, "enum", 4) && (name.size == 4 || name.at[4] == '$');
        return is_enum || !is_only_name(&cursor) ? none : name;
    }
    if (is_word(word, "function")) {
        Cursor ahead = cursor;
        skip_blanks(&ahead);
        if (peek(&ahead) != '*') return word_behind_blanks(&cursor);
        ahead.at++;
        skip_blanks(&ahead);
        return next_word(&ahead);
    }
    if (is_word(word, "type")) { // which may begin a statement that names a file
        if (has_before(cursor, "from", "\"'") || has_before(cursor, "require", "(")) return none;
        return word_behind_blanks(&cursor);
    }
    for (int i = 0; i < 5; i++)
        if (is_word(word, KEYWORDS[i])) return word_behind_blanks(&cursor);
    return none;
}

// The pattern of `const { a, b: c } =` or `const [a, b] =`: its first bracket is next. Whether there is one.
static bool begins_pattern(Cursor *cursor) {
    Word word = word_behind_blanks(cursor);
    if (!is_word(word, "const") && !is_word(word, "let") && !is_word(word, "var")) return false;
    skip_blanks(cursor);
    return peek(cursor) == '{' || peek(cursor) == '[';
}

// The next name that a pattern binds, behind its bracket or a comma; of no letters where nothing does. Whether it is plain.
static bool next_in_pattern(Cursor *cursor, uint8_t last, Word *name) {
    cursor->at++;
    skip_blanks(cursor);
    *name = next_word(cursor);
    skip_blanks(cursor);
    if (last == '}' && name->size && peek(cursor) == ':') {
        cursor->at++;
        skip_blanks(cursor);
        *name = next_word(cursor);
        if (!name->size) return false;
        skip_blanks(cursor);
    }
    return peek(cursor) == ',' || peek(cursor) == last;
}

// Whether a list of exports begins here, behind the word; then its brace is next.
static bool begins_list(Cursor *cursor, bool *is_type) {
    Cursor ahead = *cursor;
    skip_blanks(&ahead);
    if ((*is_type = is_word(next_word(&ahead), "type"))) skip_blanks(&ahead);
    if (peek(&ahead) != '{') return false;
    *cursor = ahead;
    return true;
}

// Whether nothing follows but the end of a statement.
static bool is_end(Cursor cursor) {
    skip_blanks(&cursor);
    if (peek(&cursor) == ';') cursor.at++;
    skip_blanks(&cursor);
    return cursor.at == cursor.end;
}

// Whether `default` follows, and its name, where it is nothing else; -1 where that is not plain.
static int next_is_default(Cursor cursor, Word *name) {
    if (!is_word(word_behind_blanks(&cursor), "default")) return 0;
    skip_blanks(&cursor);
    uint8_t letter = peek(&cursor);
    if (letter > 127 || letter == '\f' || letter == '\v') return -1;
    *name = next_word(&cursor);
    skip_blanks(&cursor);
    letter = peek(&cursor);
    if (letter > 127 || letter == '\f' || letter == '\v' || letter == ';') return name->size && is_end(cursor) ? 1 : -1;
    if (!is_end(cursor)) name->size = 0;
    return 1;
}

// The text of a call's one argument behind its word. Whether that is plain.
static bool next_argument(Cursor cursor, Word *text) {
    if (peek(&cursor) != '(') return false;
    cursor.at++;
    if (!next_text(&cursor, text)) return false;
    cursor.at++;
    skip_blanks(&cursor);
    return peek(&cursor) == ')';
}

// Whether `import name =` may stand before a place.
static bool may_follow_import(const uint8_t *start, const uint8_t *at) {
    const uint8_t *first = at - start > 200 ? at - 200 : start;
    while (at > first && (is_blank(at[-1]) || at[-1] == '\f' || at[-1] == '\v')) at--;
    if (at == first || at[-1] != '=') return at == first && first != start;
    for (at--; at > first; at--)
        if (at[-1] == 't' && at - first >= 6 && !memcmp(at - 6, "import", 6)) return true;
        else if (!is_of_name(at[-1]) && at[-1] < 128 && !is_blank(at[-1]) && at[-1] != '\f' && at[-1] != '\v') return false;
    return first != start;
}

// Whether a comment may be `/// <reference path="…" />`.
static bool may_refer(Word comment) {
    if (comment.size < 12 || memcmp(comment.at, "///", 3)) return false;
    for (size_t i = 3; i + 4 <= comment.size; i++)
        if (!memcmp(comment.at + i, "path", 4)) return true;
    return false;
}

// Words with one space for all blanks between them: where to write may be NULL, for the length alone.
static size_t joined_words(Word text, uint8_t *to) {
    size_t size = 0;
    bool is_between = false;
    for (size_t i = 0; i < text.size; i++) {
        if (is_blank(text.at[i])) {
            is_between = size > 0;
            continue;
        }
        if (is_between) {
            if (to) to[size] = ' ';
            size++;
        }
        is_between = false;
        if (to) to[size] = text.at[i];
        size++;
    }
    return size;
}

// What stands before the braces of a clause: `a`, `* as a` or `*`, where it is plain, and nothing else but a comma.
static bool next_before_braces(Cursor *cursor, Word *name, bool *is_default) {
    *is_default = peek(cursor) != '*';
    if (*is_default) *name = next_word(cursor);
    else if (*name = (Word){cursor->at++, 1}, cursor->at < cursor->end) {
        Word as = word_behind_blanks(cursor), local = word_behind_blanks(cursor);
        if (!is_word(as, "as") || !local.size || cursor->at - name->at != (ptrdiff_t)local.size + 5) return false;
        name->size = local.size + 5;
    }
    if (!name->size || (cursor->at < cursor->end && *cursor->at != ',')) return false;
    cursor->at += cursor->at < cursor->end;
    skip_blanks(cursor);
    return cursor->at == cursor->end || *cursor->at == '{';
}

// The next of what stands between braces, blanks around it left out; of no letters where nothing does. Whether it is plain.
static bool next_listed(Cursor *cursor, Word *name) {
    while (peek(cursor) == ' ') cursor->at++;
    *name = (Word){cursor->at, 0};
    for (; cursor->at < cursor->end && *cursor->at != ',' && *cursor->at != '}'; cursor->at++) {
        if (!is_of_name(*cursor->at) && *cursor->at != ' ') return false;
        if (*cursor->at != ' ') name->size = (size_t)(cursor->at + 1 - name->at);
    }
    return cursor->at < cursor->end;
}

#endif
