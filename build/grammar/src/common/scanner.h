#include "tree_sitter/parser.h"

#include <stdbool.h>

enum TokenType {
    AUTOMATIC_SEMICOLON,
    TEMPLATE_CHARS,
    TERNARY_QMARK,
    HTML_COMMENT,
    LOGICAL_OR,
    ESCAPE_SEQUENCE,
    REGEX_PATTERN,
    JSX_TEXT,
    FUNCTION_SIGNATURE_AUTOMATIC_SEMICOLON,
    ERROR_RECOVERY,
    TYPE_MEMBER_AUTOMATIC_SEMICOLON,
    TYPE_ARGUMENTS_END,
    BEHIND_STATIC,
    LESS_THAN,
    BEHIND_ARROW_BLOCK,
};

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

static void skip(TSLexer *lexer) { lexer->advance(lexer, true); }

// ECMAScript's line terminators; \n and \r\n are not the only ones.
static inline bool is_line_terminator(int32_t c) { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029; }

// ECMAScript's white space and line terminators. iswspace() asks the locale, and knows no byte order mark.
static inline bool is_space(int32_t c) {
    if (c < 0x80) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
    return c == 0xA0 || c == 0xFEFF || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x2060 || c == 0x3000;
}

static inline bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }

// Whether `c` would go on a word such as `in`.
static inline bool is_word(int32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '$' || c == '\\' ||
           (c >= 0x80 && !is_space(c));
}

static bool scan_template_chars(TSLexer *lexer) {
    lexer->result_symbol = TEMPLATE_CHARS;
    for (bool has_content = false;; has_content = true) {
        lexer->mark_end(lexer);
        switch (lexer->lookahead) {
            case '`':
                return has_content;
            case '\0':
                if (lexer->eof(lexer)) {
                    return false;
                }
                advance(lexer);
                break;
            case '$':
                advance(lexer);
                if (lexer->lookahead == '{') {
                    return has_content;
                }
                break;
            case '\\':
                return has_content;
            default:
                advance(lexer);
        }
    }
}

// Every comment of a run asks what follows the run, and walks over the rest of it. Past so many comments the answer is
// "a new statement", or time would grow with the square of their number: 16 s for 20,000 of them.
enum { MOST_COMMENTS = 500 };

// Walk over a comment, from the character after its first slash; whether a line ended in it. A line comment's own
// end of line is left for the caller to see. It advances where others skip: what is skipped cannot lie behind a token's
// end, and a `?` has ended before the comment that follows it.
static bool scan_comment(TSLexer *lexer) {
    bool line_ended = false;
    if (lexer->lookahead == '/') {
        while (lexer->lookahead != 0 && !is_line_terminator(lexer->lookahead)) {
            advance(lexer);
        }
        return false;
    }
    advance(lexer);
    while (!lexer->eof(lexer)) {
        bool star = lexer->lookahead == '*';
        line_ended |= is_line_terminator(lexer->lookahead);
        advance(lexer);
        if (star && lexer->lookahead == '/') {
            advance(lexer);
            break;
        }
    }
    return line_ended;
}

static bool scan_whitespace_and_comments(TSLexer *lexer, unsigned *comments) {
    for (;;) {
        while (is_space(lexer->lookahead)) {
            skip(lexer);
        }

        if (lexer->lookahead == '/') {
            skip(lexer);

            if (lexer->lookahead != '/' && lexer->lookahead != '*') {
                return false;
            }
            if (++*comments > MOST_COMMENTS) {
                return true;
            }
            scan_comment(lexer);
        } else {
            return true;
        }
    }
}

// Whether the word just read, an operator elsewhere, names a member of a class: `in: string`, `in?()`.
static bool is_property_name(TSLexer *lexer) {
    while (is_space(lexer->lookahead)) {
        skip(lexer);
    }
    return lexer->lookahead == ':' || lexer->lookahead == '?' || lexer->lookahead == '=' || lexer->lookahead == ';';
}

static inline bool starts_member_name(int32_t c) {
    return is_word(c) || c == '[' || c == '#' || c == '*' || c == '"' || c == '\'' || c == '{';
}

// What might go on an expression before it, but here begins one, or a member of a class.
static inline bool starts_operand(int32_t c) {
    return c == '(' || c == '[' || c == '`' || c == '<' || c == '*' || c == '+' || c == '-';
}

static bool scan_automatic_semicolon(TSLexer *lexer, const bool *valid_symbols, unsigned *comments) {
    bool in_statement = valid_symbols[AUTOMATIC_SEMICOLON] || valid_symbols[FUNCTION_SIGNATURE_AUTOMATIC_SEMICOLON];
    lexer->result_symbol = in_statement ? AUTOMATIC_SEMICOLON : TYPE_MEMBER_AUTOMATIC_SEMICOLON;
    lexer->mark_end(lexer);

    for (;;) {
        if (lexer->lookahead == 0) {
            return true;
        }
        if (lexer->lookahead == '}') {
            return in_statement;
        }
        if (is_line_terminator(lexer->lookahead)) {
            break;
        }
        if (lexer->lookahead == '/') {
            // A comment up to the end of the line, or across it, is no part of the statement it follows.
            skip(lexer);
            if (lexer->lookahead != '/' && lexer->lookahead != '*') {
                return false;
            }
            if (++*comments > MOST_COMMENTS) {
                return true;
            }
            if (scan_comment(lexer)) {
                break;
            }
        } else if (is_space(lexer->lookahead)) {
            skip(lexer);
        } else {
            return false;
        }
    }

    bool behind_arrow_block = valid_symbols[BEHIND_ARROW_BLOCK] && !valid_symbols[ERROR_RECOVERY];
    if (!scan_whitespace_and_comments(lexer, comments)) {
        return behind_arrow_block;
    }
    if (*comments > MOST_COMMENTS) {
        return true;
    }
    if (behind_arrow_block && starts_operand(lexer->lookahead)) {
        return true;
    }

    if (valid_symbols[BEHIND_STATIC] && !valid_symbols[ERROR_RECOVERY] && starts_member_name(lexer->lookahead)) {
        return false;
    }

    switch (lexer->lookahead) {
        case '}':
            return in_statement;

        case '`':
        case ',':
        case '.':
        case ';':
        case '%':
        case '>':
        case '=':
        case '?':
        case '^':
        case '|':
        case '&':
        case '/':
        case ':':
            return false;

        case '{':
            if (valid_symbols[FUNCTION_SIGNATURE_AUTOMATIC_SEMICOLON]) {
                return false;
            }
            break;

            // Don't insert a semicolon before a '[' or '(', unless we're parsing
            // a type. Detect whether we're parsing a type or an expression using
            // the validity of a binary operator token.
        case '*':
        case '<':
        case '(':
        case '[':
            if (valid_symbols[LOGICAL_OR]) {
                return false;
            }
            break;

            // Insert a semicolon before `--` and `++`, but not before binary `+` or `-`.
        case '+':
            skip(lexer);
            return lexer->lookahead == '+';
        case '-':
            skip(lexer);
            return lexer->lookahead == '-';

            // Don't insert a semicolon before `!=`, but do insert one before a unary `!`.
        case '!':
            skip(lexer);
            return lexer->lookahead != '=';

            // Don't insert a semicolon before `in` or `instanceof`, but do insert one
            // before an identifier.
        case 'i':
            skip(lexer);

            if (lexer->lookahead != 'n') {
                return true;
            }
            skip(lexer);

            if (!is_word(lexer->lookahead)) {
                return !in_statement || is_property_name(lexer);
            }

            for (unsigned i = 0; i < 8; i++) {
                if (lexer->lookahead != "stanceof"[i]) {
                    return true;
                }
                skip(lexer);
            }

            if (!is_word(lexer->lookahead)) {
                return !in_statement || is_property_name(lexer);
            }
            break;
    }

    return true;
}

static bool scan_ternary_qmark(TSLexer *lexer) {
    for (;;) {
        if (!is_space(lexer->lookahead)) {
            break;
        }
        skip(lexer);
    }

    if (lexer->lookahead == '?') {
        advance(lexer);

        if (lexer->lookahead == '?') {
            return false;
        }

        lexer->mark_end(lexer);
        lexer->result_symbol = TERNARY_QMARK;

        /* Optional chaining, unless a digit follows: `a?.5:1` is a ternary. */
        if (lexer->lookahead == '.') {
            advance(lexer);
            return is_digit(lexer->lookahead);
        }

        /* TypeScript optional arguments contain the ?: sequence, possibly
           with whitespace and comments. */
        for (;;) {
            if (is_space(lexer->lookahead)) {
                advance(lexer);
                continue;
            }
            if (lexer->lookahead != '/') {
                break;
            }
            advance(lexer);
            if (lexer->lookahead != '/' && lexer->lookahead != '*') {
                return true;
            }
            scan_comment(lexer);
        }

        if (lexer->lookahead == ':' || lexer->lookahead == ')' || lexer->lookahead == ',') {
            return false;
        }

        if (lexer->lookahead == '.') {
            advance(lexer);
            if (is_digit(lexer->lookahead)) {
                return true;
            }
            return false;
        }
        return true;
    }
    return false;
}

static bool scan_closing_comment(TSLexer *lexer) {
    while (is_space(lexer->lookahead)) {
        skip(lexer);
    }

    const char *comment_start = "<!--";
    const char *comment_end = "-->";

    if (lexer->lookahead == '<') {
        for (unsigned i = 0; i < 4; i++) {
            if (lexer->lookahead != comment_start[i]) {
                return false;
            }
            advance(lexer);
        }
    } else if (lexer->lookahead == '-') {
        for (unsigned i = 0; i < 3; i++) {
            if (lexer->lookahead != comment_end[i]) {
                return false;
            }
            advance(lexer);
        }
    } else {
        return false;
    }

    while (lexer->lookahead != 0 && !is_line_terminator(lexer->lookahead)) {
        advance(lexer);
    }

    lexer->result_symbol = HTML_COMMENT;
    lexer->mark_end(lexer);

    return true;
}

// Whether a character reference (`&amp;`, `&#38;`, `&#x26;`) starts here. Walks over what it looked at.
static bool scan_character_reference(TSLexer *lexer) {
    advance(lexer);
    bool numeric = lexer->lookahead == '#';
    bool hexadecimal = false;
    if (numeric) {
        advance(lexer);
        hexadecimal = lexer->lookahead == 'x' || lexer->lookahead == 'X';
        if (hexadecimal) {
            advance(lexer);
        }
    }
    bool empty = true;
    for (;; empty = false) {
        int32_t c = lexer->lookahead;
        bool digit = c >= '0' && c <= '9';
        bool hex_letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!(numeric ? digit || (hexadecimal && hex_letter) : letter || (digit && !empty))) {
            return !empty && c == ';';
        }
        advance(lexer);
    }
}

static bool scan_jsx_text(TSLexer *lexer) {
    // saw_text will be true if we see any non-whitespace content, or any whitespace content that is not a newline and
    // does not immediately follow a newline.
    bool saw_text = false;
    // at_newline will be true if we are currently at a newline, or if we are at whitespace that is not a newline but
    // immediately follows a newline.
    bool at_newline = false;

    while (lexer->lookahead != 0 && lexer->lookahead != '<' && lexer->lookahead != '>' && lexer->lookahead != '{' &&
           lexer->lookahead != '}') {
        if (lexer->lookahead == '&') {
            lexer->mark_end(lexer);
            if (scan_character_reference(lexer)) {
                lexer->result_symbol = JSX_TEXT;
                return saw_text;
            }
            // An ampersand that starts no reference is text like any other.
            at_newline = false;
            saw_text = true;
            continue;
        }
        bool is_wspace = is_space(lexer->lookahead);
        if (lexer->lookahead == '\n') {
            at_newline = true;
        } else {
            // If at_newline is already true, and we see some whitespace, then it must stay true.
            // Otherwise, it should be false.
            //
            // See the table below to determine the logic for computing `saw_text`.
            //
            // |------------------------------------|
            // | at_newline | is_wspace | saw_text  |
            // |------------|-----------|-----------|
            // | false (0)  | false (0) | true  (1) |
            // | false (0)  | true  (1) | true  (1) |
            // | true  (1)  | false (0) | true  (1) |
            // | true  (1)  | true  (1) | false (0) |
            // |------------------------------------|

            at_newline &= is_wspace;
            if (!at_newline) {
                saw_text = true;
            }
        }

        advance(lexer);
    }

    lexer->mark_end(lexer);
    lexer->result_symbol = JSX_TEXT;
    return saw_text;
}

// Whether `word` comes next, and is not the beginning of a longer one. Walks over what it looked at.
static bool scan_word(TSLexer *lexer, const char *word) {
    for (; *word; word++) {
        if (lexer->lookahead != *word) {
            return false;
        }
        advance(lexer);
    }
    return !is_word(lexer->lookahead);
}

// Whether type arguments may end an expression here, behind their `>`: not where the operand of a comparison follows
// on the same line. The rule is TypeScript's (canFollowTypeArgumentsInExpression).
static bool scan_type_arguments_end(TSLexer *lexer) {
    lexer->result_symbol = TYPE_ARGUMENTS_END;
    lexer->mark_end(lexer);
    if (lexer->lookahead == '=') {
        return false;
    }
    bool line_ended = false;
    for (unsigned comments = 0; is_space(lexer->lookahead) || lexer->lookahead == '/';) {
        bool slash = lexer->lookahead == '/';
        line_ended |= is_line_terminator(lexer->lookahead);
        advance(lexer);
        if (slash) {
            if (lexer->lookahead != '/' && lexer->lookahead != '*') {
                return true;
            }
            if (++comments > MOST_COMMENTS) {
                return true;
            }
            line_ended |= scan_comment(lexer);
        }
    }
    switch (lexer->lookahead) {
        case '(':
        case '`':
        case '<':
        case '>':
        case '+':
        case '-':
        case '{': // also the body of a class: `class A extends B<C>⏎{`
            return false;
        case 'i':
            advance(lexer);
            if (lexer->lookahead == 'n') {
                advance(lexer);
                return line_ended || !is_word(lexer->lookahead) || scan_word(lexer, "stanceof");
            }
            return !scan_word(lexer, "mplements") && line_ended;
        case 'a':
            return scan_word(lexer, "as") || line_ended;
        case 's':
            return scan_word(lexer, "satisfies") || line_ended;
        case '!':
            advance(lexer);
            return line_ended || lexer->lookahead == '=';
        case '.':
            advance(lexer);
            return line_ended || !is_digit(lexer->lookahead);
        case '?': // `f<T>?.()` is a call
            advance(lexer);
            if (lexer->lookahead != '.') {
                return true;
            }
            advance(lexer);
            return lexer->lookahead != '(';
        case '[':
        case '~':
        case '"':
        case '\'':
        case '#':
        case '@':
            return line_ended;
        default:
            return line_ended || !is_word(lexer->lookahead);
    }
}

static bool skip_space_and_comments(TSLexer *lexer) {
    for (;;) {
        while (is_space(lexer->lookahead)) {
            advance(lexer);
        }
        if (lexer->lookahead != '/') {
            return true;
        }
        advance(lexer);
        if (lexer->lookahead != '/' && lexer->lookahead != '*') {
            return false;
        }
        scan_comment(lexer);
    }
}

// How far to look for the `=>` of a function type, in characters: each `1 << a` of a long line may ask.
enum { LONGEST_SIGNATURE = 1000 };

// Walk behind the bracket that closes the one just passed, as far as `budget` allows.
static bool scan_to_closing(TSLexer *lexer, int32_t closing, unsigned *budget) {
    unsigned depth = 0;
    for (int32_t before = 0; (*budget)-- > 0 && !lexer->eof(lexer);) {
        int32_t c = lexer->lookahead;
        advance(lexer);
        switch (c) {
            case '<':
            case '(':
            case '[':
            case '{':
                depth++;
                break;
            case '>':
                if (before == '=') {
                    break;
                }
                // fall through
            case ')':
            case ']':
            case '}':
                if (depth == 0) {
                    return c == closing;
                }
                depth--;
                break;
            case '"':
            case '\'':
            case '`':
                for (; lexer->lookahead != c; advance(lexer)) {
                    if ((*budget)-- == 0 || lexer->eof(lexer) || lexer->lookahead == '\\') {
                        return false;
                    }
                }
                advance(lexer);
                break;
            case '/':
                if (lexer->lookahead != '/' && lexer->lookahead != '*') {
                    return false;
                }
                scan_comment(lexer);
                break;
            case ';':
                if (depth == 0) {
                    return false;
                }
                break;
            default:
                break;
        }
        before = c;
    }
    return false;
}

// The first `<` of `f<<T>(x: T) => U>()`: type arguments that begin with a generic function type. A shift is never
// followed by `a>(…) =>`.
static bool scan_generic_type_argument(TSLexer *lexer) {
    advance(lexer);
    if (lexer->lookahead != '<') {
        return false;
    }
    lexer->result_symbol = LESS_THAN;
    lexer->mark_end(lexer);
    advance(lexer);
    if (!skip_space_and_comments(lexer) || is_digit(lexer->lookahead)) {
        return false;
    }
    unsigned budget = LONGEST_SIGNATURE;
    while (is_word(lexer->lookahead) && budget-- > 0) {
        advance(lexer);
    }
    if (!skip_space_and_comments(lexer)) {
        return false;
    }
    switch (lexer->lookahead) {
        case '>':
        case ',':
        case '=':
            break;
        default:
            if (!is_word(lexer->lookahead)) {
                return false;
            }
    }
    if (!scan_to_closing(lexer, '>', &budget) || !skip_space_and_comments(lexer) || lexer->lookahead != '(') {
        return false;
    }
    advance(lexer);
    if (!scan_to_closing(lexer, ')', &budget) || !skip_space_and_comments(lexer) || lexer->lookahead != '=') {
        return false;
    }
    advance(lexer);
    return lexer->lookahead == '>';
}

static inline bool external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
    if (valid_symbols[TYPE_ARGUMENTS_END] && !valid_symbols[ERROR_RECOVERY]) {
        return scan_type_arguments_end(lexer);
    }

    // Where an operator may stand, and no HTML comment.
    if (valid_symbols[LESS_THAN] && valid_symbols[LOGICAL_OR] && lexer->lookahead == '<') {
        return scan_generic_type_argument(lexer);
    }

    if (valid_symbols[TEMPLATE_CHARS]) {
        if (valid_symbols[AUTOMATIC_SEMICOLON]) {
            return false;
        }
        return scan_template_chars(lexer);
    }

    if (valid_symbols[JSX_TEXT] && scan_jsx_text(lexer)) {
        return true;
    }

    if (valid_symbols[AUTOMATIC_SEMICOLON] || valid_symbols[FUNCTION_SIGNATURE_AUTOMATIC_SEMICOLON] ||
        valid_symbols[TYPE_MEMBER_AUTOMATIC_SEMICOLON]) {
        unsigned comments = 0;
        bool ret = scan_automatic_semicolon(lexer, valid_symbols, &comments);
        if (!ret && comments == 0 && valid_symbols[TERNARY_QMARK] && lexer->lookahead == '?') {
            return scan_ternary_qmark(lexer);
        }
        return ret;
    }
    if (valid_symbols[TERNARY_QMARK]) {
        return scan_ternary_qmark(lexer);
    }

    if (valid_symbols[HTML_COMMENT] && !valid_symbols[LOGICAL_OR] && !valid_symbols[ESCAPE_SEQUENCE] &&
        !valid_symbols[REGEX_PATTERN]) {
        return scan_closing_comment(lexer);
    }

    return false;
}
