// One pass over a syntax tree: its nodes, by the role table, become rows of integers.
//
// The walk reads tree-sitter's subtrees directly. It sees what `ts_tree_cursor` sees (hidden nodes skipped, aliases and
// inherited fields resolved) but keeps only byte positions and its own stack, so a node costs a few nanoseconds and no
// depth of nesting can overflow the C stack.
#ifndef KERNEL_WALK_H
#define KERNEL_WALK_H

#include "operands.h"
#include "text.h"

// The role word. complexity_guard.py's section "Language" says what each bit means; `constants` in kernel.c tells the
// numbers that stand here, and the program takes no kernel whose numbers are not its own.
enum {
    KIND = 0xFF,
    CONTEXT = 1u << 8,
    SCOPE = 1u << 9,
    PROVISIONAL = 1u << 10,
    REFINES = 1u << 11,
    OPERATOR = 1u << 12,
    OPERAND = 1u << 13,
    TYPE = 1u << 14,
    LEAF = 1u << 15,
    OPERATOR_SHIFT = 16, // 7 bits: the operator's id
    COMMENT = 1u << 23,
    NEEDS_CONTEXT = 1u << 24,
    BARRIER = 1u << 25,
    PARAMETER = 1u << 26,
    OUTER_SCOPE = 1u << 27,
    NAMES_FILE = 1u << 28,
    NAME = 1u << 29,
    ALL_ROLES = (1u << 30) - 1,
};

enum {
    DIRECT = 0x100,          // in an event's `via`
    LABEL_IS_NAME = 0x100,   // with the field of a label
    NOT_IN_PRINTS = 0x100,   // with a token's code
    WANT_TOKENS = 1,         // flags of a scan
    WANT_PRINTS = 2,
    WANT_IMPORTS = 4,
    MOST_TYPE_TOKENS = 25,   // that no clone reaches across
    LEFT_OUT = 2,            // in a fault's `missing`: text was left out, recovery.h says why
    MAX_FIELDS = 255,
};

typedef struct {
    const TSLanguage *language;
    uint32_t symbol_count;
    uint32_t program;          // public id of the root's symbol
    uint32_t export_word;      // id of the token `export`
    uint8_t *fields;           // by production and structural child index: the child's own field id
    uint8_t *transparent;      // by symbol: a node that needs not be made around a single child
} Grammar;

// What `configure` stored, by raw symbol (before aliases of equal name are merged), so that a node needs one look-up.
typedef struct {
    uint32_t references;
    uint32_t class_count;
    const Grammar *grammar;
    bool labels_refined;       // some kind that a token can give to its parent has a label field
    uint8_t label_fields[256], body_fields[256];
    bool label_is_name[256];   // by kind: its label is a name, and fingerprints start behind it
    uint8_t *classes;          // by symbol: the class that it gives its children
    uint16_t *token_codes;     // by symbol: the token's code, and NOT_IN_PRINTS
    uint32_t *roles;           // by class, then symbol
} RoleTable;

typedef struct {
    int32_t kind, via, parent, start, end, line, label_start, label_end;
    int32_t above;             // the kind of the event that this one is a direct child of, 0 for none
    uint32_t role;             // of the event's own node
    int32_t place;             // its index among the kept events, -1 when dropped
    bool open;                 // provisional, and not refined yet
    bool labelled;
    bool needed;               // by a kept event that is a direct child
} Event;

enum { EVENT_WIDTH = 9, EVENT_LINE = 5 };

typedef struct {
    int32_t event, n1, n2, N1, N2, parameters, start_column, end_line, end_column, code_lines;
} Function;

enum { FUNCTION_WIDTH = sizeof(Function) / sizeof(int32_t) };

typedef struct {
    int32_t start, end, line;
} Comment;

// What surrounds a comment: the end of the token before it and the start of the token after it, -1 for none.
typedef struct {
    int64_t before, after;
} Surrounding;

typedef struct {
    int32_t start, end, line, column, missing, symbol;
} Fault;

// What may say that another file is imported: a node, one among types, or where a name is used.
enum { VALUE_PLACE, TYPE_PLACE, NAME_PLACE };

typedef struct {
    int32_t what, start, end, line;
} ImportPlace;

typedef struct {
    uint32_t start, end;
    bool bound; // it stands in an import, or in a list of exports
} Name;

typedef struct {
    int32_t field, start, end;
} Label;

// A node whose children are being walked. A hidden node's frame passes on what its visible parent's frame says.
typedef struct {
    const Subtree *next, *end;
    const TSSymbol *aliases;   // by structural index, NULL for none
    const uint8_t *fields;     // by structural index
    const uint32_t *roles;     // the children's roles by symbol
    uint32_t position;         // where the next child's padding starts
    uint32_t structural;       // the next child's index, extras not counted
    int32_t event;             // nearest event around the children
    int32_t function;          // row of the innermost function around them
    int32_t scope;             // row that counts their operators and operands, -1 for none
    int32_t outer_scope;       // the scope around the innermost function
    uint32_t labels;           // where this node's own entries in `Scan.labels` start
    uint8_t via;               // the field by which one came here from the event's node (if not WATCHED)
    uint8_t body_field;        // of the function whose direct children these are
    uint8_t wrapper_field;     // of a hidden node: its own field in its parent
    uint8_t state;
} Frame;

enum { WATCHED = 1, HIDDEN = 2, IN_TYPE = 4, IN_BARRIER = 8, IN_ERROR = 16 }; // WATCHED: the event's own direct children

typedef struct {
    uint32_t start, end, structural;
    uint32_t children;         // visible ones
    TSSymbol symbol;
    bool extra, missing;
} Node;

typedef struct {
    Arena arena;
    Text text;
    const RoleTable *table;
    const Grammar *grammar;
    int wants;                 // WANT_TOKENS, WANT_PRINTS, WANT_IMPORTS
    bool broken;
    int32_t line;              // of the latest start asked for; starts never go back
    int64_t last_token_end;    // -1 before the first token
    size_t settled;            // comments whose next token is known
    uint32_t type_tokens;      // since the latest token that is in `codes`
    Rows frames, events, functions, comments, surroundings, faults, labels;
    Rows codes, hashes;        // of the tokens, one row each
    Rows lines;                // how many tokens stand before each line
    Rows prints;               // by function row; then aside
    Rows imports, names;       // ImportPlaces; the Names outside of types
    Operands bound, used;      // names that imports bind, and those of them that are used
    uint64_t aside;            // of types and imports, in whatever order
    Rows operators;            // Operators by function row
    Operands operands;
    int32_t file_lines;
    Rows code_prefix;
} Scan;

typedef struct {
    uint64_t bits[2];
} Operators;

#define PUSH(scan, rows, type) ((type *)rows_push(&(scan)->arena, &(scan)->rows, sizeof(type)))
#define AT(scan, rows, type, index) ((type *)(scan)->rows.at + (index))

static int32_t line_at(Scan *scan, uint32_t position) {
    int32_t last = line_count(&scan->text) - 1;
    while (scan->line < last && (uint32_t)line_start(&scan->text, (size_t)scan->line + 1) <= position) scan->line++;
    return scan->line;
}

// ── What is noted of a node ──────────────────────────────────────────────────────────────────────────────────────────

static void note_comment(Scan *scan, const Node *node) {
    int32_t line = line_at(scan, node->start);
    *PUSH(scan, comments, Comment) = (Comment){(int32_t)node->start, (int32_t)node->end, line + 1};
    *PUSH(scan, surroundings, Surrounding) = (Surrounding){scan->last_token_end, -1};
}

static inline void note_token(Scan *scan, const Node *node) {
    scan->last_token_end = node->end;
    for (; scan->settled < scan->surroundings.count; scan->settled++)
        AT(scan, surroundings, Surrounding, scan->settled)->after = node->start;
}

static void note_fault(Scan *scan, const Node *node, TSSymbol symbol) {
    int32_t line = line_at(scan, node->start);
    int32_t column = column_of(&scan->arena, &scan->text, node->start, line);
    *PUSH(scan, faults, Fault) =
        (Fault){(int32_t)node->start, (int32_t)node->end, line + 1, column, node->missing, symbol};
}

static uint32_t fnv1a(const uint8_t *at, const uint8_t *end) {
    uint32_t hash = 2166136261u;
    for (; at < end; at++) hash = (hash ^ *at) * 16777619u;
    return hash;
}

// Code 0 is a barrier: what stands there is in no clone. One more stands where many types were left out.
static void note_code(Scan *scan, const Node *node, uint8_t code) {
    const uint8_t *bytes = scan->text.bytes;
    bool is_far = scan->type_tokens > MOST_TYPE_TOKENS;
    scan->type_tokens = 0;
    if (code && is_far) note_code(scan, node, 0);
    int32_t line = line_at(scan, node->start);
    while (scan->lines.count <= (size_t)line) *PUSH(scan, lines, int32_t) = (int32_t)scan->codes.count;
    *PUSH(scan, codes, uint8_t) = code;
    *PUSH(scan, hashes, uint32_t) = code ? fnv1a(bytes + node->start, bytes + node->end) : 0;
}

// A text's 64-bit FNV-1a whatever its quotes and the width of white space in it; 0 for white space alone.
static uint64_t loose_hash(const uint8_t *at, const uint8_t *end) {
    const uint64_t prime = 0x100000001b3u;
    bool quoted = end - at > 1 && (*at == '"' || *at == '\'' || *at == '`'), space = false, empty = true;
    uint64_t hash = 0xcbf29ce484222325u;
    at += quoted, end -= quoted;
    for (; at < end && *at > ' ' && *at != '\\'; at++) hash = (hash ^ *at) * prime, empty = false; // all of most tokens
    for (; at < end; at++) {
        uint8_t byte = *at;
        if (quoted && byte == '\\' && at + 1 < end && (at[1] == '"' || at[1] == '\'')) byte = *++at;
        if (byte == ' ' || (byte >= '\t' && byte <= '\r')) {
            space = !empty;
            continue;
        }
        if (space) hash = (hash ^ ' ') * prime;
        hash = (hash ^ byte) * prime;
        space = empty = false;
    }
    return empty ? 0 : hash;
}

static void note_print(Scan *scan, const Node *node, int32_t function) {
    const Event *event = AT(scan, events, Event, AT(scan, functions, Function, function)->event);
    if (scan->table->label_is_name[event->kind] && (int64_t)node->start < event->label_end) return;
    uint64_t hash = loose_hash(scan->text.bytes + node->start, scan->text.bytes + node->end);
    uint64_t *print = AT(scan, prints, uint64_t, function), mixed = (*print ^ hash) * 0x9E3779B97F4A7C15u;
    if (hash) *print = mixed ^ mixed >> 32;
}

// A formatter may set "|" and "&" before the first of several types.
static void note_aside(Scan *scan, const Node *node) {
    const uint8_t *at = scan->text.bytes + node->start, *end = scan->text.bytes + node->end;
    if (end - at == 1 && (*at == '|' || *at == '&')) return;
    uint64_t mixed = loose_hash(at, end) * 0x9E3779B97F4A7C15u;
    scan->aside += mixed ^ mixed >> 32;
}

static int32_t note_event(Scan *scan, const Node *node, uint32_t role, int32_t parent, int32_t via) {
    int32_t line = line_at(scan, node->start), index = (int32_t)scan->events.count;
    *PUSH(scan, events, Event) = (Event){
        .kind = role & KIND, .via = via, .parent = parent, .start = (int32_t)node->start, .end = (int32_t)node->end,
        .line = line + 1, .label_start = -1, .label_end = -1, .role = role, .place = index,
        .open = (role & PROVISIONAL) != 0};
    return index;
}

static int32_t note_function(Scan *scan, const Node *node, int32_t event) {
    int32_t start_line = AT(scan, events, Event, event)->line - 1, end_line = line_of(&scan->text, node->end);
    int32_t row = (int32_t)scan->functions.count;
    Function function = {.event = event, .end_line = end_line + 1};
    function.start_column = column_of(&scan->arena, &scan->text, node->start, start_line);
    function.end_column = column_of(&scan->arena, &scan->text, node->end, end_line);
    *PUSH(scan, functions, Function) = function;
    *PUSH(scan, operators, Operators) = (Operators){{0, 0}};
    *PUSH(scan, prints, uint64_t) = 0;
    return row;
}

static void note_halstead(Scan *scan, const Node *node, uint32_t role, int32_t scope) {
    Function *function = AT(scan, functions, Function, scope);
    if (role & OPERATOR) {
        uint32_t id = role >> OPERATOR_SHIFT & 127;
        AT(scan, operators, Operators, scope)->bits[id / 64] |= (uint64_t)1 << id % 64;
        function->N1++;
    }
    if (role & OPERAND) {
        function->N2++;
        if (operands_add(&scan->arena, &scan->operands, scan->text.bytes, node->start, node->end, scope))
            function->n2++;
    }
}

// Where a statement begins: one with decorators at its `export`, which is no part of them.
static uint32_t behind_decorators(const Scan *scan, const Node *node, Subtree subtree) {
    if (!node->children) return node->start;
    const Subtree *children = ts_subtree_children(subtree);
    uint32_t at = node->start - ts_subtree_padding(*children).bytes;
    for (uint32_t i = 0; i < ts_subtree_child_count(subtree); i++) {
        at += ts_subtree_padding(children[i]).bytes;
        if (ts_subtree_symbol(children[i]) == scan->grammar->export_word) return at;
        at += ts_subtree_size(children[i]).bytes;
    }
    return node->start;
}

// What may name a file, and names: which of them an import binds, and whether they are used as values.
static void note_import(Scan *scan, const Node *node, Subtree subtree, uint32_t role, uint8_t state) {
    if (role & NAMES_FILE) {
        int32_t line = line_at(scan, node->start), what = state & IN_TYPE ? TYPE_PLACE : VALUE_PLACE;
        int32_t start = (int32_t)behind_decorators(scan, node, subtree);
        *PUSH(scan, imports, ImportPlace) = (ImportPlace){what, start, (int32_t)node->end, line + 1};
    } else if (!(state & IN_TYPE)) {
        *PUSH(scan, names, Name) = (Name){node->start, node->end, (state & IN_BARRIER) != 0};
    }
}

// ── Labels and refinement ────────────────────────────────────────────────────────────────────────────────────────────

static void set_label(Event *event, int32_t start, int32_t end) {
    event->label_start = start;
    event->label_end = end;
    event->labelled = true;
}

// A direct child in a field: the label of its event, or perhaps its label once a later child refines it.
static void note_label(Scan *scan, const Frame *frame, const Node *node, uint8_t field) {
    Event *event = AT(scan, events, Event, frame->event);
    if (event->labelled) return;
    if (event->open) {
        if (!scan->table->labels_refined) return;
        for (size_t i = frame->labels; i < scan->labels.count; i++)
            if (AT(scan, labels, Label, i)->field == field) return;
        *PUSH(scan, labels, Label) = (Label){field, (int32_t)node->start, (int32_t)node->end};
    } else if (scan->table->label_fields[event->kind] == field) {
        set_label(event, (int32_t)node->start, (int32_t)node->end);
        if (scan->table->label_is_name[event->kind] && event->role & SCOPE)
            *AT(scan, prints, uint64_t, frame->function) = 0; // what stands before the name has no part in it
    }
}

static void refine(Scan *scan, const Frame *frame, const Node *node, uint32_t role) {
    Event *event = AT(scan, events, Event, frame->event);
    if (!event->open) return;
    event->open = false;
    event->kind = role & KIND;
    int32_t field = scan->table->label_fields[event->kind];
    if (!field) set_label(event, (int32_t)node->start, (int32_t)node->end);
    for (size_t i = frame->labels; field && i < scan->labels.count; i++) {
        const Label *label = AT(scan, labels, Label, i);
        if (label->field == field) set_label(event, label->start, label->end);
    }
}

// ── The walk ─────────────────────────────────────────────────────────────────────────────────────────────────────────

static inline uint8_t field_of(const Scan *scan, const Frame *frame, const Node *node) {
    if (node->extra) return 0;
    uint8_t field = node->structural < scan->grammar->language->max_alias_sequence_length
                        ? frame->fields[node->structural] : 0;
    return field || !(frame->state & HIDDEN) ? field : frame->wrapper_field;
}

// Start on a node's children; `frame` already says what holds for them.
static void descend(Scan *scan, Frame frame, Subtree subtree, uint32_t start) {
    const TSLanguage *language = scan->grammar->language;
    uint32_t production = subtree.ptr->production_id;
    frame.next = ts_subtree_children(subtree);
    frame.end = frame.next + subtree.ptr->child_count;
    frame.aliases = ts_language_alias_sequence(language, production);
    frame.fields = scan->grammar->fields + (size_t)production * language->max_alias_sequence_length;
    frame.position = start - ts_subtree_padding(*frame.next).bytes; // the first child's padding lies before its parent
    frame.structural = 0;
    *PUSH(scan, frames, Frame) = frame;
}

// The event, function and scope that the children of a node belong to.
static void enter_event(Scan *scan, Frame *inner, const Node *node, uint32_t role, int32_t via) {
    inner->event = note_event(scan, node, role, inner->event, via);
    inner->state |= WATCHED;
    inner->body_field = 0;
    if (role & SCOPE) {
        inner->function = note_function(scan, node, inner->event);
        inner->body_field = scan->table->body_fields[role & KIND];
        inner->outer_scope = inner->scope;
        inner->scope = inner->event == 0 ? 0 : -1; // the root's own code counts from the start
    }
}

// A node of any interest: note it, and say in `inner` what holds for its children.
static void visit(Scan *scan, const Frame *frame, const Node *node, Subtree subtree, uint32_t role, Frame *inner) {
    *inner = *frame;
    inner->state &= ~(WATCHED | HIDDEN);
    inner->body_field = 0;
    inner->labels = (uint32_t)scan->labels.count;
    int32_t via = frame->via;
    if (frame->state & WATCHED) {
        uint8_t field = field_of(scan, frame, node);
        if (role & REFINES && !(role & TYPE) && !(frame->state & IN_TYPE)) refine(scan, frame, node, role);
        if (field) note_label(scan, frame, node, field);
        if (field && field == frame->body_field) inner->scope = frame->function;
        inner->via = field;
        inner->labels = (uint32_t)scan->labels.count;
        via = field | DIRECT;
    }
    if (role & TYPE) inner->state |= IN_TYPE;
    if (role & (NAMES_FILE | NAME) && scan->wants & WANT_IMPORTS) note_import(scan, node, subtree, role, inner->state);
    if (inner->state & IN_TYPE) return;
    if (role & OUTER_SCOPE) inner->scope = frame->outer_scope;
    if (role & PARAMETER && frame->function >= 0) AT(scan, functions, Function, frame->function)->parameters++;
    if (role & KIND && !(role & REFINES)) enter_event(scan, inner, node, role, via);
    if (role & (OPERATOR | OPERAND) && inner->scope >= 0) note_halstead(scan, node, role, inner->scope);
    if (role & BARRIER && !(inner->state & IN_BARRIER)) {
        if (scan->wants & WANT_TOKENS) note_code(scan, node, 0);
        inner->state |= IN_BARRIER;
    }
}

// ERROR and MISSING nodes: list the outermost, and let them play no role.
static uint8_t visit_fault(Scan *scan, const Frame *frame, const Node *node, Subtree subtree) {
    bool missing = node->symbol != ts_builtin_sym_error;
    if (!(frame->state & IN_ERROR))
        note_fault(scan, node, ts_language_public_symbol(scan->grammar->language, node->symbol));
    if (is_given_up(subtree)) AT(scan, faults, Fault, scan->faults.count - 1)->missing = LEFT_OUT;
    return missing ? 0 : IN_ERROR;
}

static inline void visit_leaf(Scan *scan, const Node *node, uint8_t state, int32_t function) {
    if (node->end == node->start) return;
    note_token(scan, node);
    scan->type_tokens += (state & (IN_TYPE | IN_BARRIER)) == IN_TYPE;
    if (!scan->wants || node->symbol == ts_builtin_sym_error) return;
    uint16_t code = scan->table->token_codes[node->symbol];
    if (!(uint8_t)code) return;
    if (state & (IN_TYPE | IN_BARRIER)) {
        if (scan->wants & WANT_PRINTS && !(code & NOT_IN_PRINTS)) note_aside(scan, node);
        return;
    }
    if (scan->wants & WANT_TOKENS) note_code(scan, node, (uint8_t)code);
    if (scan->wants & WANT_PRINTS && !(code & NOT_IN_PRINTS)) note_print(scan, node, function);
}

static void visit_visible(Scan *scan, const Frame *frame, const Node *node, Subtree subtree) {
    const RoleTable *table = scan->table;
    bool error = node->symbol == ts_builtin_sym_error, fault = scan->broken && (error || node->missing);
    uint32_t role = fault ? 0 : frame->roles[node->symbol];
    if (role & COMMENT) {
        note_comment(scan, node);
        return;
    }
    bool leaf = node->children == 0 || role & LEAF;
    if (leaf && !role && !fault && !(frame->state & WATCHED)) { // most tokens: nobody asks about them
        visit_leaf(scan, node, frame->state, frame->function);
        return;
    }
    Frame inner;
    visit(scan, frame, node, subtree, role, &inner);
    if (fault) inner.state |= visit_fault(scan, frame, node, subtree);
    if (leaf) {
        visit_leaf(scan, node, inner.state, inner.function);
        return;
    }
    inner.roles = table->roles + (error ? 0 : table->classes[node->symbol]) * (size_t)scan->grammar->symbol_count;
    descend(scan, inner, subtree, node->start);
}

static void visit_hidden(Scan *scan, const Frame *frame, const Node *node, Subtree subtree) {
    if (node->children == 0) return;
    Frame inner = *frame;
    inner.state |= HIDDEN;
    inner.wrapper_field = frame->state & WATCHED ? field_of(scan, frame, node) : 0;
    descend(scan, inner, subtree, node->start);
}

// The next child and where it lies, with its alias for a symbol if its parent's production gives it one.
static inline Node node_of(Frame *frame, Subtree subtree, uint32_t structural_limit, bool *visible) {
    Node node = {.structural = frame->structural};
    if (subtree.data.is_inline) {
        node.start = frame->position + subtree.data.padding_bytes;
        node.end = node.start + subtree.data.size_bytes;
        node.symbol = subtree.data.symbol;
        node.extra = subtree.data.extra;
        node.missing = subtree.data.is_missing;
        *visible = subtree.data.visible;
    } else {
        const SubtreeHeapData *data = subtree.ptr;
        node.start = frame->position + data->padding.bytes;
        node.end = node.start + data->size.bytes;
        node.children = data->child_count ? data->visible_child_count : 0;
        node.symbol = data->symbol;
        node.extra = data->extra;
        node.missing = data->is_missing;
        *visible = data->visible;
    }
    frame->position = node.end;
    if (node.extra) return node;
    frame->structural++;
    TSSymbol alias = frame->aliases && node.structural < structural_limit ? frame->aliases[node.structural] : 0;
    if (alias) node.symbol = alias;
    *visible |= alias != 0;
    return node;
}

// A whole parse in error is measured as the program it should have been.
static void walk_root(Scan *scan, Subtree root) {
    const RoleTable *table = scan->table;
    Frame around = {.roles = table->roles, .event = -1, .function = -1, .scope = -1, .outer_scope = -1}, inner;
    bool visible, failed = ts_subtree_is_error(root);
    Node node = node_of(&around, root, 0, &visible);
    if (failed) {
        note_fault(scan, &node, ts_builtin_sym_error);
        around.state |= IN_ERROR;
        node.symbol = (TSSymbol)scan->grammar->program;
    }
    visit(scan, &around, &node, root, around.roles[node.symbol], &inner);
    inner.roles = table->roles + (size_t)table->classes[node.symbol] * scan->grammar->symbol_count;
    if (node.children) descend(scan, inner, root, node.start);
    else visit_leaf(scan, &node, inner.state, inner.function);
}

static void walk(Scan *scan, Subtree root) {
    uint32_t structural_limit = scan->grammar->language->max_alias_sequence_length;
    walk_root(scan, root);
    while (scan->frames.count) {
        Frame *frame = AT(scan, frames, Frame, scan->frames.count - 1);
        if (frame->next == frame->end) {
            if (!(frame->state & HIDDEN)) scan->labels.count = frame->labels;
            scan->frames.count--;
            continue;
        }
        Subtree subtree = *frame->next++;
        bool visible;
        Node node = node_of(frame, subtree, structural_limit, &visible);
        if (visible) visit_visible(scan, frame, &node, subtree);
        else visit_hidden(scan, frame, &node, subtree);
    }
}

// ── After the walk ───────────────────────────────────────────────────────────────────────────────────────────────────

// Children before parents: an event stays if it was refined where it had to be, and needed where it had to be.
static void mark_kept(Scan *scan) {
    Event *events = AT(scan, events, Event, 0);
    for (int64_t i = (int64_t)scan->events.count - 1; i >= 0; i--) {
        Event *event = &events[i];
        bool dropped = event->open || (event->role & CONTEXT && !event->needed);
        if (dropped) event->place = -1;
        else if (event->role & (CONTEXT | NEEDS_CONTEXT) && event->via & DIRECT) events[event->parent].needed = true;
    }
}

// Parents before children: a child of a dropped event goes to that event's parent, by that event's field.
static void compact_events(Scan *scan) {
    Event *events = AT(scan, events, Event, 0);
    int32_t count = 0;
    for (size_t i = 0; i < scan->events.count; i++) {
        Event *event = &events[i];
        if (event->parent >= 0) {
            const Event *parent = &events[event->parent];
            if (parent->place < 0) event->via = parent->via & ~DIRECT;
            event->above = event->via & DIRECT ? parent->kind : 0;
            event->parent = parent->place < 0 ? parent->parent : parent->place;
        }
        if (event->place >= 0) event->place = count++;
    }
    for (size_t i = 0; i < scan->functions.count; i++) {
        Function *function = AT(scan, functions, Function, i);
        function->event = events[function->event].place;
    }
    int32_t *out = (int32_t *)events;
    for (size_t i = 0, n = scan->events.count; i < n; i++) {
        Event event = events[i];
        if (event.place >= 0) memmove(out + (size_t)event.place * EVENT_WIDTH, &event, EVENT_WIDTH * sizeof *out);
    }
    scan->events.count = (size_t)count;
}

static int bit_count(uint64_t bits) {
    int count = 0;
    for (; bits; bits &= bits - 1) count++;
    return count;
}

static void finish_functions(Scan *scan) {
    *PUSH(scan, prints, uint64_t) = scan->aside;
    const int32_t *prefix = AT(scan, code_prefix, int32_t, 0);
    const int32_t *events = AT(scan, events, int32_t, 0);
    for (size_t i = 0; i < scan->functions.count; i++) {
        Function *function = AT(scan, functions, Function, i);
        const Operators *operators = AT(scan, operators, Operators, i);
        int32_t line = events[(size_t)function->event * EVENT_WIDTH + EVENT_LINE];
        function->n1 = bit_count(operators->bits[0]) + bit_count(operators->bits[1]);
        function->code_lines = prefix[function->end_line] - prefix[line - 1];
    }
}

static inline uint8_t shape_of(const uint8_t *bytes, uint32_t start, uint32_t end) {
    return (uint8_t)(bytes[start] + 31 * (end - start));
}

// The names that imports bind, each where it is first used; and `require`, wherever it stands.
static void note_uses(Scan *scan) {
    const uint8_t *bytes = scan->text.bytes;
    const Name *names = AT(scan, names, Name, 0);
    size_t count = scan->names.count;
    uint64_t shapes[4] = {0}; // by first byte and length: most names are none that is bound
    for (size_t i = 0; i < count; i++) {
        if (!names[i].bound) continue;
        uint8_t shape = shape_of(bytes, names[i].start, names[i].end);
        shapes[shape / 64] |= (uint64_t)1 << shape % 64;
        operands_add(&scan->arena, &scan->bound, bytes, names[i].start, names[i].end, 0);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t start = names[i].start, end = names[i].end;
        if (names[i].bound) continue;
        bool is_require = end - start == 7 && !memcmp(bytes + start, "require", 7);
        uint8_t shape = shape_of(bytes, start, end);
        bool may_be_bound = shapes[shape / 64] >> shape % 64 & 1;
        if (!is_require && !(may_be_bound && operands_has(&scan->bound, bytes, start, end, 0) &&
                             operands_add(&scan->arena, &scan->used, bytes, start, end, 0)))
            continue;
        int32_t line = line_of(&scan->text, start) + 1;
        *PUSH(scan, imports, ImportPlace) = (ImportPlace){NAME_PLACE, (int32_t)start, (int32_t)end, line};
    }
}

#endif
