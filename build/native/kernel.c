// complexity_guard_kernel: parse one source and reduce its tree to flat arrays, without the interpreter's lock.
//
// It knows nothing of complexity: what each node means is a role table that complexity_guard.py computes and `configure`
// stores. The pure-Python scanner there gives the same arrays and is the readable definition of them.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "limited.h"

#include <time.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#if defined(__linux__)
#include <sys/inotify.h>
#endif
#if defined(_WIN32)
#define NOGDI // no TRANSPARENT, a mark of ours, from windows.h
#include <windows.h>
#define CONTEXT KERNEL_CONTEXT // a role of ours; windows.h has a type of that name
#endif

#include "arena.h" // before tree-sitter: its allocations become the arena's

#include "shortcuts.h"

// tree-sitter's core, but for what serves incremental parsing and queries; its parser is in recovery.h.
#include "alloc.c"
#include "get_changed_ranges.c"
#include "language.c"
#include "lexer.c"
#include "node.c"
#include "point.c"
#include "stack.c"
#include "subtree.c"
#include "tree_cursor.c"
#include "tree.c"
#include "wasm_store.c"

typedef struct {
    const uint8_t *bytes;
    uint32_t size;
} Source;

#include "recovery.h"

#include "lexing.h"

#include "comments.h"

#ifdef KERNEL_CHECKED
#define malloc checked_malloc
#define calloc checked_calloc
#define realloc checked_realloc
#endif
#include "clones.h"
#include "digest.h"
#include "fill.h"
#include "graph.h"
#include "pack.h"
#include "squeeze.h"
#include "statements.h"
#include "tally.h"
#undef malloc
#undef calloc
#undef realloc

#ifndef KERNEL_TREE_SITTER
#define KERNEL_TREE_SITTER "unknown"
#endif
#ifndef KERNEL_GRAMMAR
#define KERNEL_GRAMMAR "unknown"
#endif

#ifndef KERNEL_SOURCES
#define KERNEL_SOURCES "unknown"
#endif

enum { SLOTS = 16, GRAMMARS = 2, IDLE_SCANS = 16 };

typedef struct {
    Grammar grammars[GRAMMARS];
    RoleTable *tables[SLOTS];
    Scan *idle[IDLE_SCANS]; // what earlier scans left for later ones; taken and given back under the lock
    int idle_count;
} State;

static State *state_of(PyObject *module) { return (State *)PyModule_GetState(module); }

// ── Parsing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

static int64_t milliseconds(void) { // of a clock that nobody sets
#if defined(_WIN32)
    return (int64_t)GetTickCount64();
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
#endif
}

// What the processor gave this thread: on a busy machine much less than what the clock says.
static int64_t thread_milliseconds(void) {
#if defined(_WIN32)
    FILETIME created, ended, in_system, in_program;
    GetThreadTimes(GetCurrentThread(), &created, &ended, &in_system, &in_program);
    uint64_t system = (uint64_t)in_system.dwHighDateTime << 32 | in_system.dwLowDateTime;
    uint64_t program = (uint64_t)in_program.dwHighDateTime << 32 | in_program.dwLowDateTime;
    return (int64_t)((system + program) / 10000);
#else
    struct timespec spent;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return (int64_t)spent.tv_sec * 1000 + spent.tv_nsec / 1000000;
#endif
}

// Who waits for a parse: the clock, and whoever sends the process a signal. Python's handlers run in its main thread alone,
// between two steps of its own: a parse is one step, and Ctrl-C would wait for its end.
enum { LOOK_MS = 50 }; // between looks for signals; each takes the interpreter's lock

typedef struct Patience {
    int64_t end;      // of the thread's time
    int64_t deadline; // of the clock's: before it the thread cannot have spent its own
    int64_t next_look;
    PyThreadState *thread;
    bool stopped; // a handler has raised
} Patience;

static bool is_over(Patience *patience) {
    int64_t now = milliseconds();
    if (now >= patience->next_look && !patience->stopped) {
        Arena *arena = current_arena;
        Recovery state = recovery; // a handler may scan something itself
        PyEval_RestoreThread(patience->thread);
        patience->stopped = PyErr_CheckSignals() != 0;
        patience->thread = PyEval_SaveThread();
        patience->next_look = milliseconds() + LOOK_MS;
        current_arena = arena;
        recovery = state;
    }
    if (now > patience->deadline) patience->deadline = now + patience->end - thread_milliseconds();
    return patience->stopped || now > patience->deadline;
}

static int impatience(const Patience *patience) { return patience->stopped ? FAILED_SIGNAL : FAILED_TIME; }

static void look_at_the_clock(Arena *arena) {
    if (is_over(arena->patience)) arena_fail(arena, impatience(arena->patience));
}

static bool is_parse_over(TSParseState *parse) { return is_over(parse->payload); }

static const char *read_source(void *payload, uint32_t byte, TSPoint point, uint32_t *length) {
    (void)point;
    const Source *source = payload;
    *length = byte < source->size ? source->size - byte : 0;
    return *length ? (const char *)source->bytes + byte : "";
}

// The parser lives in the arena like its tree, and goes with it.
static Subtree parse(Scan *scan, Source source) {
    Patience *patience = scan->arena.patience;
    TSParser *parser = ts_parser_new();
    if (!ts_parser_set_language(parser, scan->grammar->language)) arena_fail(&scan->arena, FAILED_MEMORY);
    quicken_lexer(&parser->lexer);
    recovery = (Recovery){.lexer = &parser->lexer, .work = &scan->arena.work};
    parser->parse_options = (TSParseOptions){.payload = patience, .progress_callback = is_parse_over};
    parser->parse_state.payload = patience;
    TSInput input = {.payload = &source, .read = read_source, .encoding = TSInputEncodingUTF8};
    Subtree root = parse_bounded(parser, input, source, scan->grammar->transparent);
    if (!root.ptr) arena_fail(&scan->arena, impatience(patience));
    return root;
}

// Everything that happens without the interpreter's lock. 0, or why it failed.
static int run_scan(Scan *scan, Source source, Patience *patience) {
    jmp_buf escape;
    scan->arena.escape = &escape;
    scan->arena.patience = patience;
    current_arena = &scan->arena;
    int failure = setjmp(escape);
    if (failure) return failure;
    text_scan(&scan->arena, &scan->text, source.bytes, source.size);
    Subtree root = parse(scan, source);
    scan->broken = ts_subtree_error_cost(root) > 0;
    walk(scan, root);
    count_lines(scan);
    mark_kept(scan);
    compact_events(scan);
    finish_functions(scan);
    note_uses(scan);
    return 0;
}

// ── Scans and their results ──────────────────────────────────────────────────────────────────────────────────────────

static void table_release(RoleTable *table) {
    if (table && --table->references == 0) PyMem_RawFree(table);
}

static Scan *take_scan(State *state) {
    if (state->idle_count) return state->idle[--state->idle_count];
    Scan *scan = PyMem_RawCalloc(1, sizeof(Scan));
    if (!scan) PyErr_NoMemory();
    return scan;
}

static void delete_scan(Scan *scan) {
    arena_reset(&scan->arena, 0);
    PyMem_RawFree(scan);
}

static void give_scan(State *state, Scan *scan) {
    arena_reset(&scan->arena, KEPT_BYTES);
    Arena arena = scan->arena;
    *scan = (Scan){.arena = arena};
    if (state->idle_count < IDLE_SCANS) state->idle[state->idle_count++] = scan;
    else delete_scan(scan);
}

static PyObject *bytes_of(const Rows *rows, size_t width) {
    return PyBytes_FromStringAndSize(rows->at, (Py_ssize_t)(rows->count * width));
}

static PyObject *results_of(const Scan *scan) {
    return Py_BuildValue(
        "(NNNNNNiNNNNN)", bytes_of(&scan->events, EVENT_WIDTH * sizeof(int32_t)),
        bytes_of(&scan->functions, sizeof(Function)), bytes_of(&scan->comments, sizeof(Comment)),
        bytes_of(&scan->faults, sizeof(Fault)), bytes_of(&scan->text.starts, sizeof(int32_t)),
        bytes_of(&scan->code_prefix, sizeof(int32_t)), (int)scan->file_lines, bytes_of(&scan->codes, 1),
        bytes_of(&scan->hashes, sizeof(uint32_t)), bytes_of(&scan->lines, sizeof(int32_t)),
        bytes_of(&scan->prints, scan->wants & WANT_PRINTS ? sizeof(uint64_t) : 0),
        bytes_of(&scan->imports, sizeof(ImportPlace)));
}

static PyObject *raise_failure(int failure) {
    switch (failure) {
    case FAILED_SIGNAL: // what the handler raised is set
        return NULL;
    case FAILED_TIME:
        PyErr_SetString(PyExc_TimeoutError, "parsing took longer than its time limit");
        return NULL;
    case FAILED_BUDGET:
        PyErr_SetString(PyExc_MemoryError, "parsing took more than its memory limit");
        return NULL;
    case FAILED_COUNT:
        PyErr_SetString(PyExc_OverflowError, "more rows than a 32-bit index can count");
        return NULL;
    default:
        return PyErr_NoMemory();
    }
}

PyDoc_STRVAR(scan_doc,
    "scan(slot, source, flags, timeout_ms, most_memory=0)\n--\n\n"
    "Parse a UTF-8 source; return (events, functions, comments, errors, line_starts, code_prefix, file_lines, codes,\n"
    "hashes, lines, prints, imports): bytes, but for file_lines. Flag 1: fill codes, hashes and lines, the columns of the\n"
    "tokens; flag 2: prints; flag 4: imports. A timeout of 0 is none, and so are 0 bytes of memory at most.");

static PyObject *kernel_scan(PyObject *module, PyObject *args) {
    State *state = state_of(module);
    int slot, flags, timeout;
    Py_ssize_t most_memory = 0;
    PyObject *source;
    if (!PyArg_ParseTuple(args, "iSii|n:scan", &slot, &source, &flags, &timeout, &most_memory)) return NULL;
    if (slot < 0 || slot >= SLOTS || !state->tables[slot])
        return PyErr_Format(PyExc_ValueError, "slot %d is not configured", slot);
    if (flags & ~(WANT_TOKENS | WANT_PRINTS | WANT_IMPORTS) || timeout < 0 || most_memory < 0)
        return PyErr_Format(PyExc_ValueError, "bad flags, timeout or memory limit");
    if (PyBytes_GET_SIZE(source) >= INT32_MAX) return PyErr_Format(PyExc_ValueError, "the source is too large");
    Scan *scan = take_scan(state);
    if (!scan) return NULL;
    RoleTable *table = state->tables[slot];
    table->references++;
    scan->table = table;
    scan->grammar = table->grammar;
    scan->wants = flags;
    scan->last_token_end = -1;
    scan->arena.most = (size_t)most_memory;
    Source bytes = {(const uint8_t *)PyBytes_AS_STRING(source), (uint32_t)PyBytes_GET_SIZE(source)};
    int64_t now = milliseconds();
    Patience patience = {.deadline = INT64_MAX, .next_look = now + LOOK_MS};
    if (timeout) {
        patience.end = thread_milliseconds() + timeout;
        patience.deadline = now + timeout;
    }
    patience.thread = PyEval_SaveThread();
    int failure = run_scan(scan, bytes, &patience);
    PyEval_RestoreThread(patience.thread);
    PyObject *results = failure ? raise_failure(failure) : results_of(scan);
    give_scan(state, scan);
    table_release(table);
    return results;
}

// ── Role tables ──────────────────────────────────────────────────────────────────────────────────────────────────────

typedef struct {
    int slot, grammar;
    Py_buffer classes, roles, label_fields, body_fields, token_codes;
} Wish; // the arguments of `configure`

static uint32_t word_at(const Py_buffer *buffer, size_t index) { // little-endian
    const uint8_t *at = (const uint8_t *)buffer->buf + 4 * index;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint16_t short_at(const Py_buffer *buffer, size_t index) {
    const uint8_t *at = (const uint8_t *)buffer->buf + 2 * index;
    return (uint16_t)(at[0] | at[1] << 8);
}

static const char *role_complaint(uint32_t role) {
    if (role & ~(uint32_t)ALL_ROLES) return "roles: unknown bits";
    if (!(role & SCOPE)) return NULL;
    if (!(role & KIND)) return "roles: SCOPE without a kind";
    return role & (PROVISIONAL | CONTEXT | REFINES | TYPE | COMMENT) ? "roles: SCOPE with a bit it cannot have" : NULL;
}

static const char *roles_complaint(const Wish *wish, size_t classes, const Grammar *grammar) {
    for (size_t i = 0; i < grammar->symbol_count; i++)
        if (((const uint8_t *)wish->classes.buf)[i] >= classes) return "classes: one without roles";
    for (size_t i = 0; i < classes * grammar->symbol_count; i++) {
        const char *complaint = role_complaint(word_at(&wish->roles, i));
        if (complaint) return complaint;
    }
    return word_at(&wish->roles, grammar->program) & SCOPE ? NULL : "roles: the root is not a SCOPE";
}

static const char *wish_complaint(const Wish *wish, const Grammar *grammar) {
    size_t symbols = grammar->symbol_count, row = symbols * 4, size = (size_t)wish->roles.len;
    if ((size_t)wish->classes.len != symbols) return "classes: one byte per symbol";
    if (size == 0 || size % row || size / row > 256) return "roles: one word per class and symbol";
    if (wish->label_fields.len != 512 || wish->body_fields.len != 512) return "fields: 256 entries of 16 bits";
    if ((size_t)wish->token_codes.len != symbols * 2) return "token_codes: 16 bits per symbol";
    for (size_t kind = 0; kind < 256; kind++)
        if ((short_at(&wish->label_fields, kind) & ~LABEL_IS_NAME) > (int)grammar->language->field_count ||
            short_at(&wish->body_fields, kind) > grammar->language->field_count) return "fields: no such field";
    for (size_t i = 0; i < symbols; i++)
        if (short_at(&wish->token_codes, i) > (NOT_IN_PRINTS | 255)) return "token_codes: a code is above 255";
    return roles_complaint(wish, size / row, grammar);
}

static void fill_table(RoleTable *table, const Wish *wish) {
    const TSLanguage *language = table->grammar->language;
    size_t symbols = table->grammar->symbol_count;
    for (size_t raw = 0; raw < symbols; raw++) {
        TSSymbol symbol = ts_language_public_symbol(language, (TSSymbol)raw);
        table->classes[raw] = ((const uint8_t *)wish->classes.buf)[symbol];
        table->token_codes[raw] = short_at(&wish->token_codes, symbol);
        for (size_t class = 0; class < table->class_count; class++) {
            uint32_t role = word_at(&wish->roles, class * symbols + symbol);
            table->roles[class * symbols + raw] = role;
            if (role & REFINES && (uint8_t)short_at(&wish->label_fields, role & KIND)) table->labels_refined = true;
        }
    }
    for (size_t kind = 0; kind < 256; kind++) {
        table->label_fields[kind] = (uint8_t)short_at(&wish->label_fields, kind);
        table->label_is_name[kind] = short_at(&wish->label_fields, kind) & LABEL_IS_NAME;
        table->body_fields[kind] = (uint8_t)short_at(&wish->body_fields, kind);
    }
}

static RoleTable *new_table(const Wish *wish, const Grammar *grammar) {
    size_t symbols = grammar->symbol_count, roles = (size_t)wish->roles.len, own = sizeof(RoleTable);
    RoleTable *table = PyMem_RawCalloc(1, own + roles + symbols * 3);
    if (!table) return NULL;
    table->references = 1;
    table->grammar = grammar;
    table->class_count = (uint32_t)(roles / (symbols * 4));
    table->roles = (uint32_t *)((char *)table + own);
    table->token_codes = (uint16_t *)((char *)table->roles + roles);
    table->classes = (uint8_t *)(table->token_codes + symbols);
    fill_table(table, wish);
    return table;
}

// The first field that a production gives to each of its children, hidden wrappers' inherited ones left out.
static void fill_fields(Grammar *grammar) {
    const TSLanguage *language = grammar->language;
    for (uint32_t production = 0; production < language->production_id_count; production++) {
        const TSFieldMapEntry *entry, *end;
        ts_language_field_map(language, production, &entry, &end);
        uint8_t *fields = grammar->fields + (size_t)production * language->max_alias_sequence_length;
        for (; entry < end; entry++)
            if (!entry->inherited && entry->child_index < language->max_alias_sequence_length &&
                !fields[entry->child_index]) fields[entry->child_index] = (uint8_t)entry->field_id;
    }
}

// Hidden nodes that play no role but to hold others, and that no production shows under another name.
static void fill_transparent(const Grammar *grammar) {
    const TSLanguage *language = grammar->language;
    for (uint32_t symbol = language->token_count; symbol < language->symbol_count; symbol++)
        grammar->transparent[symbol] = !ts_language_symbol_metadata(language, (TSSymbol)symbol).visible;
    for (const uint16_t *at = language->alias_map; *at; at += 2 + at[1]) grammar->transparent[*at] = 0;
}

static const Grammar *open_grammar(Grammar *grammar, const TSLanguage *language) {
    if (language->abi_version > TREE_SITTER_LANGUAGE_VERSION || language->field_count > MAX_FIELDS)
        return PyErr_Format(PyExc_ImportError, "a grammar does not fit this kernel"), NULL;
    size_t cells = (size_t)language->production_id_count * language->max_alias_sequence_length;
    uint8_t *fields = PyMem_RawCalloc(cells + language->symbol_count, 1);
    if (!fields) return PyErr_NoMemory(), NULL;
    *grammar = (Grammar){.language = language, .symbol_count = ts_language_symbol_count(language), .fields = fields,
                          .transparent = fields + cells};
    grammar->program = ts_language_symbol_for_name(language, "program", 7, true);
    grammar->export_word = ts_language_symbol_for_name(language, "export", 6, false);
    fill_fields(grammar);
    fill_transparent(grammar);
    return grammar;
}

// A grammar is opened when it is first asked for: most runs need one of the two, and where its tables are packed, that
// takes as long as parsing a thousand lines. It is asked for under the GIL, and always before the first scan with it.
static const Grammar *grammar_at(State *state, long number) {
    if (number < 0 || number >= GRAMMARS) return PyErr_Format(PyExc_ValueError, "grammar: no such one"), NULL;
    Grammar *grammar = &state->grammars[number];
    if (grammar->language) return grammar;
    if (number == 0) return open_grammar(grammar, tree_sitter_typescript());
    second_language = tree_sitter_tsx();
    return open_grammar(grammar, second_language);
}

static PyObject *grant(State *state, const Wish *wish) {
    if (wish->slot < 0 || wish->slot >= SLOTS) return PyErr_Format(PyExc_ValueError, "slot: 0 to %d", SLOTS - 1);
    const Grammar *grammar = grammar_at(state, wish->grammar);
    if (!grammar) return NULL;
    const char *complaint = wish_complaint(wish, grammar);
    if (complaint) return PyErr_Format(PyExc_ValueError, "%s", complaint);
    RoleTable *table = new_table(wish, grammar);
    if (!table) return PyErr_NoMemory();
    table_release(state->tables[wish->slot]); // scans under way keep their own reference
    state->tables[wish->slot] = table;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(configure_doc,
    "configure(slot, grammar, classes, roles, label_fields, body_fields, token_codes)\n--\n\n"
    "Store a role table for `scan`; ValueError when it does not fit the grammar.");

static PyObject *kernel_configure(PyObject *module, PyObject *args) {
    Wish wish;
    if (!PyArg_ParseTuple(args, "iiy*y*y*y*y*:configure", &wish.slot, &wish.grammar, &wish.classes, &wish.roles,
                          &wish.label_fields, &wish.body_fields, &wish.token_codes)) return NULL;
    PyObject *result = grant(state_of(module), &wish);
    PyBuffer_Release(&wish.classes);
    PyBuffer_Release(&wish.roles);
    PyBuffer_Release(&wish.label_fields);
    PyBuffer_Release(&wish.body_fields);
    PyBuffer_Release(&wish.token_codes);
    return result;
}

// ── Clones ───────────────────────────────────────────────────────────────────────────────────────────────────────────

PyDoc_STRVAR(clones_doc,
    "clones(codes, hashes, minimum)\n--\n\n"
    "Groups of equal runs of at least `minimum` tokens. `codes` holds a byte per token, 0 for a barrier, and `hashes` an\n"
    "int32. The answer holds int32: for each group its length, 1 where the hashes are equal too, the number of places, and\n"
    "the places.");

static PyObject *clones_of(const Py_buffer *codes, const Py_buffer *hashes, int minimum) {
    if (hashes->len % 4 || codes->len != hashes->len / 4 || codes->len >= INT32_MAX || minimum < 2)
        return PyErr_Format(PyExc_ValueError,
                            "codes are bytes, hashes int32 of the same number, below 2**31, and minimum is at least 2");
    Numbers groups = {0};
    bool done;
    Py_BEGIN_ALLOW_THREADS
    done = find_clones(codes->buf, hashes->buf, (size_t)codes->len, minimum, &groups);
    Py_END_ALLOW_THREADS
    Py_ssize_t size = (Py_ssize_t)(groups.count * sizeof *groups.at);
    PyObject *answer = done ? PyBytes_FromStringAndSize((const char *)groups.at, size) : PyErr_NoMemory();
    free(groups.at);
    return answer;
}

static PyObject *kernel_clones(PyObject *module, PyObject *args) {
    Py_buffer codes, hashes;
    int minimum;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*i:clones", &codes, &hashes, &minimum)) return NULL;
    PyObject *answer = clones_of(&codes, &hashes, minimum);
    PyBuffer_Release(&codes);
    PyBuffer_Release(&hashes);
    return answer;
}

// ── Tallies ──────────────────────────────────────────────────────────────────────────────────────────────────────────

PyDoc_STRVAR(tally_doc,
    "tally(events, effects, steps)\n--\n\n"
    "What the events of a scan do to the numbers of the functions that they are in: (tallies, increments, reports).\n"
    "`effects` holds a word of 32 bits by kind, `steps` a byte by the parent's kind and the field.");

static PyObject *tallies_of(const Py_buffer *events, const Py_buffer *effects, const Py_buffer *steps) {
    size_t count = (size_t)events->len / sizeof(Row);
    if (events->len % sizeof(Row) || count > INT32_MAX / 2 || effects->len != 256 * 4 || steps->len != 256 * 256 ||
        !rows_are_sound(events->buf, (int32_t)count))
        return PyErr_Format(PyExc_ValueError, "events of a scan, 256 effects of 32 bits and 65,536 steps of a byte");
    Reading reading = {.rows = events->buf, .count = (int32_t)count, .effects = effects->buf, .steps = steps->buf};
    void *room = NULL;
    bool done;
    Py_BEGIN_ALLOW_THREADS
    done = read_events(&reading, &room);
    Py_END_ALLOW_THREADS
    PyObject *answer = done ? Py_BuildValue(
        "(y#y#y#)", reading.tallies, (Py_ssize_t)((size_t)reading.tally_count * sizeof(Tally)), reading.increments,
        (Py_ssize_t)((size_t)reading.increment_count * sizeof(Increment)), reading.reports,
        (Py_ssize_t)((size_t)reading.report_count * sizeof(Report))) : PyErr_NoMemory();
    free(room);
    return answer;
}

static PyObject *kernel_tally(PyObject *module, PyObject *args) {
    Py_buffer events, effects, steps;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*:tally", &events, &effects, &steps)) return NULL;
    PyObject *answer = tallies_of(&events, &effects, &steps);
    PyBuffer_Release(&events);
    PyBuffer_Release(&effects);
    PyBuffer_Release(&steps);
    return answer;
}

// ── Imports and exports ──────────────────────────────────────────────────────────────────────────────────────────────

PyDoc_STRVAR(imports_doc,
    "imports(source, places, comments, type, words)\n--\n\n"
    "What a file says of others, from the columns `imports` and `comments` of its scan: (imports, exports, spans), or None where\n"
    "not all of that is written plainly. Imports are of the type, a named tuple; exports are a list of names in a text; spans, of\n"
    "imports and of exports from elsewhere, each a line and an end, are None where nothing from elsewhere is exported.");

// The words of an import's kind and use, as they are handed over.
enum { IMPORT_WORD, EXPORT_WORD, REQUIRE_WORD, DYNAMIC_WORD, TYPE_WORD, IS_VALUE, IS_TYPE, IS_UNUSED, WORDS };

typedef struct {
    const uint8_t *bytes;
    Py_ssize_t size;
    PyObject *type, *words;
    PyObject *used, *found, *exports, *spans; // a set, and lists
    int32_t end_of_export; // in what is exported as a whole, a namespace, stand names of its own
    bool passes_on;
} ImportReading;

static PyObject *text_of(Word word) { return ascii_text(word.at, (Py_ssize_t)word.size); }

static PyObject *text_and_gone(PyObject *bytes) {
    PyObject *text = ascii_text((const uint8_t *)PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes));
    Py_DECREF(bytes);
    return text;
}

// A name, and what it is called elsewhere.
static PyObject *text_of_both(Word there, const char *here, size_t size) {
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(there.size + 4 + size));
    if (!bytes) return NULL;
    char *to = PyBytes_AS_STRING(bytes);
    memcpy(to, there.at, there.size);
    memcpy(to + there.size, " as ", 4);
    memcpy(to + there.size + 4, here, size);
    return text_and_gone(bytes);
}

static PyObject *clause_of(const Statement *statement) {
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)joined_words(statement->clause, NULL));
    if (!bytes) return NULL;
    joined_words(statement->clause, (uint8_t *)PyBytes_AS_STRING(bytes));
    return text_and_gone(bytes);
}

// What is added is given away.
static int add_to(PyObject *list, PyObject *item) {
    int failed = item ? PyList_Append(list, item) : -1;
    Py_XDECREF(item);
    return failed ? -1 : 1;
}

static int is_used(const ImportReading *reading, Word name) {
    PyObject *bytes = PyBytes_FromStringAndSize((const char *)name.at, (Py_ssize_t)name.size);
    int found = bytes ? PySet_Contains(reading->used, bytes) : -1;
    Py_XDECREF(bytes);
    return found;
}

static int add_used(const ImportReading *reading, Word name) {
    PyObject *bytes = PyBytes_FromStringAndSize((const char *)name.at, (Py_ssize_t)name.size);
    int failed = bytes ? PySet_Add(reading->used, bytes) : -1;
    Py_XDECREF(bytes);
    return failed ? -1 : 1;
}

static int add_import(const ImportReading *reading, Word specifier, int kind, int use, int32_t line, PyObject *clause) {
    PyObject *text = text_of(specifier), *made = NULL;
    PyObject *row = text && clause ? Py_BuildValue("((OOOiO))", text, PyTuple_GET_ITEM(reading->words, kind),
                                                   PyTuple_GET_ITEM(reading->words, use), (int)line, clause) : NULL;
    if (row) made = NEW_TUPLE(reading->type, row);
    Py_XDECREF(row);
    Py_XDECREF(text);
    Py_XDECREF(clause);
    return add_to(reading->found, made);
}

// A list of exports: 1, or 0 where it is none or not plain, or -1. First the names that it uses are noted, then what it exports.
static int read_list(const ImportReading *reading, Cursor cursor, ImportPlace row, bool for_uses) {
    bool is_type;
    if (!begins_list(&cursor, &is_type)) return 0;
    Cursor end = cursor;
    Item item;
    do {
        end.at++;
        if (!next_item(&end, &item)) return 0;
    } while (peek(&end) == ',');
    end.at++;
    if (end.at[-1] != '}' || !is_end(end)) return 0;
    do {
        cursor.at++;
        next_item(&cursor, &item);
        int added = 1;
        if (item.here.size && for_uses) added = item.is_type || is_type ? 1 : add_used(reading, item.there);
        else if (item.here.size && item.there.at == item.here.at) added = add_to(reading->exports, text_of(item.here));
        else if (item.here.size)
            added = add_to(reading->exports, text_of_both(item.there, (const char *)item.here.at, item.here.size));
        if (added < 0) return -1;
    } while (peek(&cursor) == ',');
    return for_uses || is_type ? 1 : add_to(reading->spans, Py_BuildValue("(ii)", (int)row.line, (int)row.end));
}

static int use_of(const ImportReading *reading, const Statement *statement) {
    if (statement->is_type) return IS_TYPE;
    if (statement->is_export || statement->is_effect) return IS_VALUE;
    for (size_t i = 0; i < statement->count; i++) {
        int used = is_used(reading, statement->bound[i]);
        if (used) return used < 0 ? -1 : IS_VALUE;
    }
    return IS_UNUSED;
}

static int add_statement(ImportReading *reading, const Statement *statement, ImportPlace row) {
    int use = use_of(reading, statement);
    PyObject *clause = use < 0 ? NULL : clause_of(statement);
    if (!clause) return -1;
    reading->passes_on |= statement->is_export;
    int kind = statement->is_export ? EXPORT_WORD : IMPORT_WORD;
    if (add_import(reading, statement->specifier, kind, use, row.line, clause) < 0) return -1;
    return add_to(reading->spans, Py_BuildValue("(ii)", (int)row.line, (int)row.end));
}

// What a pattern binds where it is exported: 1, or 0 where there is none or it is not plain, or -1.
static int read_pattern(ImportReading *reading, Cursor cursor, ImportPlace row) {
    if (!begins_pattern(&cursor)) return 0;
    Cursor end = cursor;
    uint8_t last = *cursor.at == '{' ? '}' : ']';
    Word name;
    do if (!next_in_pattern(&end, last, &name)) return 0;
    while (*end.at == ',');
    end.at++;
    if (!is_only_name(&end)) return 0;
    if (row.what != VALUE_PLACE || row.start < reading->end_of_export) return 1;
    reading->end_of_export = row.end;
    do {
        next_in_pattern(&cursor, last, &name);
        if (name.size && add_to(reading->exports, text_of(name)) < 0) return -1;
    } while (*cursor.at == ',');
    return 1;
}

// What is declared where it is exported.
static int read_declaration(ImportReading *reading, Cursor cursor, ImportPlace row) {
    Word name = {cursor.at, 0};
    int listed = read_pattern(reading, cursor, row);
    if (listed) return listed;
    int is_default = next_is_default(cursor, &name);
    if (!is_default) name = declared_name(cursor);
    if (is_default < 0 || (!is_default && !name.size)) return 0;
    if (row.what != VALUE_PLACE || row.start < reading->end_of_export) return 1;
    reading->end_of_export = row.end;
    if (!is_default) return add_to(reading->exports, text_of(name));
    if (!name.size) return add_to(reading->exports, PyUnicode_FromString("default"));
    return add_to(reading->exports, text_of_both(name, "default", 7));
}

static int read_call(const ImportReading *reading, ImportPlace row, int kind, int use) {
    Py_ssize_t most = reading->size - row.end < 4096 ? reading->size - row.end : 4096;
    Cursor cursor = {reading->bytes + row.end, reading->bytes + row.end + most};
    Word text;
    if (!next_argument(cursor, &text)) return 0;
    return add_import(reading, text, kind, use, row.line, ascii_text((const uint8_t *)"", 0));
}

// What stands at a place: 1, or 0 where it is not plain, or -1.
static int read_place(ImportReading *reading, ImportPlace row) {
    Cursor cursor = {reading->bytes + row.start, reading->bytes + row.end};
    Word word = next_word(&cursor);
    bool is_type = row.what == TYPE_PLACE;
    if (row.what == NAME_PLACE)
        return may_follow_import(reading->bytes, word.at) ? 0 : read_call(reading, row, REQUIRE_WORD, IS_VALUE);
    Statement statement = {.is_export = is_word(word, "export"), .more = PyMem_Realloc};
    if (!statement.is_export && !is_word(word, "import")) return 0;
    if (row.end - row.start == 6)
        return read_call(reading, row, is_type ? TYPE_WORD : DYNAMIC_WORD, is_type ? IS_TYPE : IS_VALUE);
    int found = statement.is_export ? read_list(reading, cursor, row, false) : 0;
    if (found) return found;
    Cursor ahead = cursor;
    found = read_statement(&ahead, &statement);
    if (found > 0) found = add_statement(reading, &statement, row);
    else if (found < 0) PyErr_NoMemory();
    else if (statement.is_export) found = read_declaration(reading, cursor, row);
    PyMem_Free(statement.bound);
    return found;
}

// Whether a `/// <reference` may stand before all code.
static bool may_have_references(const ImportReading *reading, const Comment *comments, Py_ssize_t count) {
    int32_t before = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        Comment comment = comments[i];
        if (comment.start < before || comment.end < comment.start || comment.end > reading->size) return true;
        for (int32_t at = before; at < comment.start; at++)
            if (reading->bytes[at] > ' ' && reading->bytes[at] < 128) return false;
        if (may_refer((Word){reading->bytes + comment.start, (size_t)(comment.end - comment.start)})) return true;
        before = comment.end;
    }
    return false;
}

static bool is_require(const ImportReading *reading, ImportPlace row) {
    return row.what == NAME_PLACE && row.end - row.start == 7 && !memcmp(reading->bytes + row.start, "require", 7);
}

// All places, in the order of the text; names come last. 1, or 0 where not all are plain, or -1.
static int read_places(ImportReading *reading, const ImportPlace *rows, Py_ssize_t count) {
    Py_ssize_t names = 0, next = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (rows[i].start < 0 || rows[i].start > rows[i].end || rows[i].end > reading->size) return 0;
        Cursor cursor = {reading->bytes + rows[i].start, reading->bytes + rows[i].end};
        bool is_name = rows[i].what == NAME_PLACE;
        if (i > names && !is_name && rows[i].start < rows[i - 1].start) return 0;
        if (!is_name && i > names) return 0;
        if (!is_name) names = i + 1;
        Word whole = {cursor.at, (size_t)(cursor.end - cursor.at)};
        if (is_name ? add_used(reading, whole) < 0
                    : is_word(next_word(&cursor), "export") && read_list(reading, cursor, rows[i], true) < 0) return -1;
    }
    for (Py_ssize_t i = names; next < names || i < count;) {
        if (i < count && !is_require(reading, rows[i])) {
            i++;
            continue;
        }
        bool is_statement = i == count || (next < names && rows[next].start <= rows[i].start);
        int found = read_place(reading, rows[is_statement ? next++ : i++]);
        if (found < 1) return found;
    }
    return 1;
}

static PyObject *said_by(const ImportReading *reading) {
    PyObject *comma = PyUnicode_FromString(", "), *found = PyList_AsTuple(reading->found), *exports = NULL, *said = NULL;
    if (comma) exports = PyUnicode_Join(comma, reading->exports);
    if (found && exports) said = PyTuple_Pack(3, found, exports, reading->passes_on ? reading->spans : Py_None);
    Py_XDECREF(comma);
    Py_XDECREF(found);
    Py_XDECREF(exports);
    return said;
}

static PyObject *imports_in(ImportReading *reading, const Py_buffer *places, const Py_buffer *comments) {
    if (may_have_references(reading, comments->buf, comments->len / (Py_ssize_t)sizeof(Comment))) Py_RETURN_NONE;
    reading->used = PySet_New(NULL);
    reading->found = PyList_New(0), reading->exports = PyList_New(0), reading->spans = PyList_New(0);
    PyObject *said = NULL;
    if (reading->used && reading->found && reading->exports && reading->spans) {
        int is_plain = add_used(reading, (Word){(const uint8_t *)"React", 5}); // JSX may use it, and writes no name
        if (is_plain > 0) is_plain = read_places(reading, places->buf, places->len / (Py_ssize_t)sizeof(ImportPlace));
        if (is_plain > 0) said = said_by(reading);
        else if (!is_plain) said = Py_NewRef(Py_None);
    }
    Py_CLEAR(reading->used);
    Py_CLEAR(reading->found);
    Py_CLEAR(reading->exports);
    Py_CLEAR(reading->spans);
    return said;
}

static PyObject *kernel_imports(PyObject *module, PyObject *args) {
    Py_buffer source, places, comments;
    ImportReading reading = {0};
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*O!O!:imports", &source, &places, &comments, &PyType_Type, &reading.type, &PyTuple_Type,
                          &reading.words)) return NULL;
    PyObject *answer = NULL;
    reading.bytes = source.buf, reading.size = source.len;
    if (PyTuple_GET_SIZE(reading.words) != WORDS || !PyType_IsSubtype((PyTypeObject *)reading.type, &PyTuple_Type))
        PyErr_SetString(PyExc_TypeError, "imports() wants a named tuple, and its words");
    else answer = imports_in(&reading, &places, &comments);
    PyBuffer_Release(&source);
    PyBuffer_Release(&places);
    PyBuffer_Release(&comments);
    return answer;
}

PyDoc_STRVAR(names_doc,
    "names(clause)\n--\n\nA list of the names that a clause of an import takes; None where they are not plainly written.");
PyDoc_STRVAR(bindings_doc,
    "bindings(clause, with_types)\n--\n\n"
    "The same as pairs: the name there and the name here, with those that say `type` or without them.");

enum { NAMES, BINDINGS, BINDINGS_OF_VALUES };

// What a clause takes as the one asks for it. 1, or 0 where it is not plain, or -1; and so below.
static int add_taken(PyObject *found, Word whole, int want) {
    if (want == NAMES) return add_to(found, text_of(whole));
    Cursor cursor = {whole.at, whole.at + whole.size};
    Item item;
    if (!next_item(&cursor, &item) || cursor.at != cursor.end) return 0;
    if (item.is_type && want == BINDINGS_OF_VALUES) return 1;
    PyObject *there = text_of(item.there), *here = NULL, *pair = NULL;
    if (there) here = item.here.at == item.there.at ? Py_NewRef(there) : text_of(item.here);
    if (here) pair = PyTuple_Pack(2, there, here);
    Py_XDECREF(there);
    Py_XDECREF(here);
    return add_to(found, pair);
}

// What is taken as a whole, or by default.
static int add_first(PyObject *found, Cursor *cursor, int want) {
    Word name;
    bool is_default;
    if (!next_before_braces(cursor, &name, &is_default)) return 0;
    Word there = is_default ? (Word){(const uint8_t *)"default", 7} : (Word){name.at, 1};
    Word here = is_default || name.size == 1 ? name : (Word){name.at + 5, name.size - 5};
    if (want == NAMES) return add_to(found, is_default ? text_of_both(there, (const char *)name.at, name.size) : text_of(name));
    if (name.size == 1 && !is_default) here.size = 0; // a star has no name here
    return add_to(found, Py_BuildValue("(s#s#)", there.at, (Py_ssize_t)there.size, here.at, (Py_ssize_t)here.size));
}

static int add_clause(PyObject *found, Cursor cursor, int want) {
    int added = cursor.at < cursor.end && *cursor.at != '{' ? add_first(found, &cursor, want) : 1;
    if (added < 1 || cursor.at == cursor.end) return added;
    do {
        Word name;
        cursor.at++; // a brace, then commas
        if (!next_listed(&cursor, &name)) return 0;
        added = name.size ? add_taken(found, name, want) : 1;
        if (added < 1) return added;
    } while (*cursor.at == ',');
    return cursor.at + 1 == cursor.end;
}

static PyObject *taken_by(PyObject *clause, int want) {
    if (!PyUnicode_Check(clause)) return PyErr_Format(PyExc_TypeError, "a text is needed");
    if (!PyUnicode_IS_ASCII(clause)) Py_RETURN_NONE;
    PyObject *found = PyList_New(0);
    const uint8_t *text = PyUnicode_1BYTE_DATA(clause);
    int is_plain = found ? add_clause(found, (Cursor){text, text + PyUnicode_GET_LENGTH(clause)}, want) : -1;
    if (is_plain > 0) return found;
    Py_XDECREF(found);
    if (is_plain < 0) return NULL;
    Py_RETURN_NONE;
}

static PyObject *kernel_names(PyObject *module, PyObject *clause) {
    (void)module;
    return taken_by(clause, NAMES);
}

static PyObject *kernel_bindings(PyObject *module, PyObject *args) {
    PyObject *clause;
    int with_types;
    (void)module;
    if (!PyArg_ParseTuple(args, "Op:bindings", &clause, &with_types)) return NULL;
    return taken_by(clause, with_types ? BINDINGS : BINDINGS_OF_VALUES);
}

// ── What imports each other ──────────────────────────────────────────────────────────────────────────────────────────

PyDoc_STRVAR(graph_doc,
    "graph(count, edges)\n--\n\n"
    "A directed graph of the nodes below a count: (links, back, groups). Edges are a list of tuples that begin with two nodes.\n"
    "Links and back: of each node those that it leads to, and that lead to it, sorted; groups: nodes that all lead to each\n"
    "other, each before those that it leads to. MemoryError, or ValueError for what is no node.");

// The ends of all edges; whether all are nodes. What was no tuple of numbers has left an exception.
static bool read_edges(const Network *network, PyObject *rows) {
    for (int32_t i = 0; i < network->edges; i++) {
        PyObject *row = PyList_GetItem(rows, i);
        if (!row || !PyTuple_Check(row) || PyTuple_GET_SIZE(row) < 2) return false;
        long from = PyLong_AsLong(PyTuple_GET_ITEM(row, 0)), to = PyLong_AsLong(PyTuple_GET_ITEM(row, 1));
        if (from < 0 || to < 0 || from >= network->count || to >= network->count) return false;
        network->from[i] = (int32_t)from, network->to[i] = (int32_t)to;
    }
    return true;
}

// Lists of nodes, one behind the other in a row: where each begins, and the end behind the last.
static PyObject *lists_of(PyObject *nodes, const int32_t *row, const int32_t *at, int32_t count) {
    PyObject *lists = PyList_New(count);
    for (int32_t i = 0; lists && i < count; i++) {
        PyObject *list = PyList_New(at[i + 1] - at[i]);
        for (int32_t j = at[i]; list && j < at[i + 1]; j++)
            PyList_SET_ITEM(list, j - at[i], Py_NewRef(PyList_GetItem(nodes, row[j])));
        if (list) PyList_SET_ITEM(lists, i, list);
        else Py_CLEAR(lists);
    }
    return lists;
}

static PyObject *told_network(const Network *network) {
    PyObject *nodes = PyList_New(network->count), *links = NULL, *back = NULL, *groups = NULL, *told = NULL;
    for (int32_t node = 0; nodes && node < network->count; node++) { // each number is made once
        PyObject *number = PyLong_FromLong(node);
        if (number) PyList_SET_ITEM(nodes, node, number);
        else Py_CLEAR(nodes);
    }
    if (nodes) links = lists_of(nodes, network->to, network->links_at, network->count);
    if (links) back = lists_of(nodes, network->back, network->back_at, network->count);
    if (back) groups = lists_of(nodes, network->order, network->groups_at, network->group_count);
    if (groups) told = PyTuple_Pack(3, links, back, groups);
    Py_XDECREF(nodes);
    Py_XDECREF(links);
    Py_XDECREF(back);
    Py_XDECREF(groups);
    return told;
}

static PyObject *kernel_graph(PyObject *module, PyObject *args) {
    Py_ssize_t count;
    PyObject *rows, *told = NULL;
    Network network;
    (void)module;
    if (!PyArg_ParseTuple(args, "nO!:graph", &count, &PyList_Type, &rows)) return NULL;
    Py_ssize_t edges = PyList_Size(rows);
    if (count < 0 || count >= INT32_MAX || edges >= INT32_MAX) return PyErr_Format(PyExc_ValueError, "too large a graph");
    if (!network_opened(&network, (int32_t)count, (int32_t)edges)) return PyErr_NoMemory();
    int32_t *block = network.from;
    if (read_edges(&network, rows)) {
        link_edges(&network);
        group_nodes(&network);
        told = told_network(&network);
    } else if (!PyErr_Occurred()) {
        PyErr_SetString(PyExc_ValueError, "an edge leads from a node to a node");
    }
    free(block);
    return told;
}

// ── What repeats itself ──────────────────────────────────────────────────────────────────────────────────────────────

PyDoc_STRVAR(squeezed_doc, "squeezed(data)\n--\n\nThe same without what it repeats; MemoryError, or OverflowError from 2 GiB on.");

// The steps and the fresh bytes of a text, as they are written.
static PyObject *written_squeeze(const Squeeze *squeeze, const uint8_t *steps, Stream streams[2]) {
    uint8_t head[50], *end = put_number(head, squeeze->size);
    const uint8_t *fresh = steps + squeeze->size;
    Py_BEGIN_ALLOW_THREADS;
    plan_stream(&streams[0], steps, (size_t)(squeeze->steps - steps));
    plan_stream(&streams[1], fresh, (size_t)(squeeze->fresh - fresh));
    Py_END_ALLOW_THREADS;
    for (int i = 0; i < 2; i++) end = put_number(put_number(end, streams[i].size), streams[i].coded);
    size_t size = (size_t)(end - head);
    PyObject *found = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(size + stream_bytes(&streams[0]) + stream_bytes(&streams[1])));
    if (!found) return NULL;
    uint8_t *to = (uint8_t *)PyBytes_AS_STRING(found);
    memcpy(to, head, size);
    put_stream(put_stream(to + size, &streams[0]), &streams[1]);
    return found;
}

static PyObject *kernel_squeezed(PyObject *module, PyObject *data) {
    (void)module;
    if (!PyBytes_Check(data)) return PyErr_Format(PyExc_TypeError, "bytes are needed");
    size_t size = (size_t)PyBytes_GET_SIZE(data);
    if (size > INT32_MAX) return PyErr_Format(PyExc_OverflowError, "2 GiB or more");
    uint32_t *places = calloc((size_t)1 << PLACE_BITS, sizeof *places);
    uint8_t *steps = malloc(2 * size + 8); // the last fresh bytes are copied by eight
    Stream *streams = malloc(2 * sizeof *streams);
    PyObject *found = NULL;
    if (places && steps && streams) {
        Squeeze squeeze = {.text = (const uint8_t *)PyBytes_AS_STRING(data), .size = size, .places = places,
                           .steps = steps, .fresh = steps + size};
        Py_BEGIN_ALLOW_THREADS;
        squeeze_all(&squeeze);
        Py_END_ALLOW_THREADS;
        found = written_squeeze(&squeeze, steps, streams);
    } else {
        PyErr_NoMemory();
    }
    free(places);
    free(steps);
    free(streams);
    return found;
}

PyDoc_STRVAR(unsqueezed_doc,
    "unsqueezed(squeezed, most)\n--\n\n"
    "What was squeezed. ValueError for what no text gives, and for one of more bytes than that.");

// The text that two streams stand for, in a buffer of their own; NULL, without an exception, for what nobody squeezed.
static PyObject *unsqueezed_text(Reader all, size_t size, const uint64_t sizes[4]) {
    uint8_t *bytes = malloc((size_t)(sizes[0] + sizes[2]) + 1);
    PyObject *found = bytes ? PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size) : PyErr_NoMemory();
    if (!found) return free(bytes), NULL;
    uint8_t *fresh = bytes + sizes[0], *end = fresh + sizes[2];
    size_t first = (size_t)(sizes[1] ? sizes[1] : sizes[0]);
    bool is_whole = read_stream(all.at, (size_t)sizes[1], bytes, (size_t)sizes[0]) &&
                    read_stream(all.at + first, (size_t)sizes[3], fresh, (size_t)sizes[2]) &&
                    unsqueeze((Reader){bytes, fresh}, (Reader){fresh, end}, (uint8_t *)PyBytes_AS_STRING(found), size);
    free(bytes);
    if (!is_whole) Py_CLEAR(found);
    return found;
}

// Whether the sizes of two streams fit: they stand for no more than bits can, and what follows is theirs.
static bool sizes_fit(const uint64_t sizes[4], uint64_t left) {
    for (int i = 0; i < 4; i += 2) {
        uint64_t follow = sizes[i + 1] ? sizes[i + 1] : sizes[i];
        if (follow > left || sizes[i] > 8 * follow) return false;
        left -= follow;
    }
    return !left;
}

static PyObject *kernel_unsqueezed(PyObject *module, PyObject *arguments) {
    Py_buffer squeezed;
    unsigned long long most;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*K:unsqueezed", &squeezed, &most)) return NULL;
    Reader all = {squeezed.buf, (const uint8_t *)squeezed.buf + squeezed.len};
    uint64_t size, sizes[4];
    PyObject *found = NULL;
    bool is_whole = read_number(&all, &size) && size <= most && size <= INT32_MAX;
    for (int i = 0; i < 4; i++) is_whole = is_whole && read_number(&all, &sizes[i]);
    is_whole = is_whole && sizes[0] <= size && sizes[2] <= size;
    if (is_whole && sizes_fit(sizes, (uint64_t)(all.end - all.at)))
        found = unsqueezed_text(all, (size_t)size, sizes);
    PyBuffer_Release(&squeezed);
    if (found || PyErr_Occurred()) return found;
    return PyErr_Format(PyExc_ValueError, "nothing that was squeezed");
}

// ── What is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────────

PyDoc_STRVAR(packed_doc, "packed(value)\n--\n\nPlain values as bytes; TypeError and others for what is none.");

static PyObject *kernel_packed(PyObject *module, PyObject *value) {
    Pack pack = {NULL, 0, 0};
    (void)module;
    bool is_whole = pack_value(&pack, value, 0);
    PyObject *found = is_whole ? PyBytes_FromStringAndSize((const char *)pack.bytes, (Py_ssize_t)pack.size) : NULL;
    free(pack.bytes);
    return found;
}

PyDoc_STRVAR(unpacked_doc, "unpacked(data)\n--\n\nThe values that were packed; ValueError for what nobody packed.");

static PyObject *kernel_unpacked(PyObject *module, PyObject *data) {
    Py_buffer buffer;
    (void)module;
    if (PyObject_GetBuffer(data, &buffer, PyBUF_SIMPLE)) return NULL;
    Reader reader = {buffer.buf, (const uint8_t *)buffer.buf + buffer.len};
    PyObject *found = unpack_value(&reader, 0);
    if (found && reader.at < reader.end) {
        Py_CLEAR(found);
        no_pack();
    }
    PyBuffer_Release(&buffer);
    return found;
}

// What stands at each of so many places of all rows.
static PyObject *turned(PyTypeObject *kind, PyObject *rows, Py_ssize_t count) {
    PyObject *list = PyList_New(count);
    for (Py_ssize_t place = 0; list && place < count; place++) {
        PyObject *row = across(kind, rows, place);
        if (row) PyList_SET_ITEM(list, place, row);
        else Py_CLEAR(list);
    }
    return list;
}

PyDoc_STRVAR(rows_doc,
    "rows(kind, types, columns, least)\n--\n\n"
    "Columns as a list of rows of a class of tuples. `types` has a letter for each column: i, s or b.\n"
    "ValueError for values of other types, for numbers that are less, and where columns are of unlike sizes.");

static PyObject *kernel_rows(PyObject *module, PyObject *arguments) {
    PyObject *given, *list = NULL;
    PyTypeObject *kind;
    const char *types;
    Py_ssize_t width, length = 0;
    long long least;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "O!s#OL:rows", &PyType_Type, &kind, &types, &width, &given, &least)) return NULL;
    if (!PyType_IsSubtype(kind, &PyTuple_Type)) return PyErr_Format(PyExc_TypeError, "rows are tuples");
    PyObject *columns = even_rows(given, &length);
    if (!columns) return NULL;
    if (PyTuple_GET_SIZE(columns) != width || !are_of_types(columns, length, types, least))
        PyErr_SetString(PyExc_ValueError, "columns of other types");
    else list = turned(kind, columns, length);
    Py_DECREF(columns);
    return list;
}

PyDoc_STRVAR(columns_doc, "columns(rows)\n--\n\nRows of one size as their columns, which are tuples; none of no rows.");

static PyObject *kernel_columns(PyObject *module, PyObject *given) {
    Py_ssize_t width = 0;
    (void)module;
    PyObject *rows = even_rows(given, &width), *list = rows ? turned(NULL, rows, width) : NULL;
    PyObject *columns = list ? PyList_AsTuple(list) : NULL;
    Py_XDECREF(list);
    Py_XDECREF(rows);
    return columns;
}

PyDoc_STRVAR(digest_doc, "digest(key, data)\n--\n\nWhat a content goes by, for whoever has the key, of 16 bytes or more.");

static PyObject *kernel_digest(PyObject *module, PyObject *arguments) {
    Py_buffer key, data;
    uint64_t halves[2], found[2];
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*y*:digest", &key, &data)) return NULL;
    bool is_key = (size_t)key.len >= sizeof halves;
    if (is_key) {
        memcpy(halves, key.buf, sizeof halves);
        Py_BEGIN_ALLOW_THREADS;
        digest_bytes(halves, data.buf, (size_t)data.len, found);
        Py_END_ALLOW_THREADS;
    }
    PyBuffer_Release(&key);
    PyBuffer_Release(&data);
    if (!is_key) return PyErr_Format(PyExc_ValueError, "a key has 16 bytes");
    return PyBytes_FromStringAndSize((const char *)found, sizeof found);
}

// ── What the grammars offer ──────────────────────────────────────────────────────────────────────────────────────────

static const Grammar *grammar_argument(PyObject *module, PyObject *index) {
    long number = PyLong_AsLong(index);
    return PyErr_Occurred() ? NULL : grammar_at(state_of(module), number);
}

PyDoc_STRVAR(grammars_doc, "grammars()\n--\n\nThe grammars' names; elsewhere they go by their index.");

static PyObject *kernel_grammars(PyObject *module, PyObject *unused) {
    (void)module, (void)unused;
    return Py_BuildValue("(ss)", "typescript", "tsx");
}

PyDoc_STRVAR(symbols_doc, "symbols(grammar)\n--\n\n(name, named) by symbol id.");

static PyObject *kernel_symbols(PyObject *module, PyObject *index) {
    const Grammar *grammar = grammar_argument(module, index);
    PyObject *list = grammar ? PyList_New(grammar->symbol_count) : NULL;
    for (uint32_t i = 0; list && i < grammar->symbol_count; i++) {
        bool named = ts_language_symbol_type(grammar->language, (TSSymbol)i) == TSSymbolTypeRegular;
        PyObject *pair = Py_BuildValue("(sO)", ts_language_symbol_name(grammar->language, (TSSymbol)i),
                                       named ? Py_True : Py_False);
        if (pair) PyList_SET_ITEM(list, i, pair);
        else Py_CLEAR(list);
    }
    return list;
}

PyDoc_STRVAR(fields_doc, "fields(grammar)\n--\n\nThe fields' names by id; the first is empty.");

static PyObject *kernel_fields(PyObject *module, PyObject *index) {
    const Grammar *grammar = grammar_argument(module, index);
    PyObject *list = grammar ? PyList_New(grammar->language->field_count + 1) : NULL;
    for (uint32_t i = 0; list && i <= grammar->language->field_count; i++) {
        PyObject *name = PyUnicode_FromString(i ? ts_language_field_name_for_id(grammar->language, (TSFieldId)i) : "");
        if (name) PyList_SET_ITEM(list, i, name);
        else Py_CLEAR(list);
    }
    return list;
}

#define NAMED(name) {#name, name}

// The numbers that the program goes by too, by the names that they have there.
static const struct {
    const char *name;
    uint32_t value;
} CONSTANTS[] = {
    NAMED(KIND), NAMED(CONTEXT), NAMED(SCOPE), NAMED(PROVISIONAL), NAMED(REFINES), NAMED(OPERATOR), NAMED(OPERAND),
    NAMED(TYPE), NAMED(LEAF), NAMED(OPERATOR_SHIFT), NAMED(COMMENT), NAMED(NEEDS_CONTEXT), NAMED(BARRIER),
    NAMED(PARAMETER), NAMED(OUTER_SCOPE), NAMED(NAMES_FILE), NAMED(NAME), NAMED(DIRECT), NAMED(LABEL_IS_NAME), NAMED(NOT_IN_PRINTS), NAMED(WANT_TOKENS),
    NAMED(WANT_PRINTS), NAMED(WANT_IMPORTS), NAMED(MOST_TYPE_TOKENS), NAMED(EVENT_WIDTH), NAMED(FUNCTION_WIDTH),
    NAMED(TALLIED), NAMED(COUNTS), NAMED(COSTS), NAMED(NESTED), NAMED(OPENS), NAMED(JOINS), NAMED(JOINED),
    NAMED(CONTINUED), NAMED(CHAINED), NAMED(SPOILS), NAMED(FREES), NAMED(TRANSPARENT), NAMED(ARMED), NAMED(PASSES_ON),
    NAMED(SETS_MARK), NAMED(HOLDS_MARKS), NAMED(TAKES_MARK), NAMED(HAS_PARAMETER), NAMED(LEAVES), NAMED(REPORTED),
    NAMED(NESTS), NAMED(OUTSIDE), NAMED(TALLY_WIDTH), NAMED(INCREMENT_WIDTH),
    {"ERROR_SYMBOL", ts_builtin_sym_error},
};

PyDoc_STRVAR(constants_doc, "constants()\n--\n\nThe numbers that this kernel goes by, by the names that complexity_guard.py has for them.");

static PyObject *kernel_constants(PyObject *module, PyObject *unused) {
    (void)module, (void)unused;
    PyObject *found = PyDict_New();
    for (size_t i = 0; found && i < sizeof CONSTANTS / sizeof *CONSTANTS; i++) {
        PyObject *value = PyLong_FromUnsignedLong(CONSTANTS[i].value);
        if (!value || PyDict_SetItemString(found, CONSTANTS[i].name, value)) Py_CLEAR(found);
        Py_XDECREF(value);
    }
    return found;
}

PyDoc_STRVAR(capsule_doc, "capsule(grammar)\n--\n\nThe grammar for py-tree-sitter's Language(); keep this module loaded.");

static PyObject *kernel_capsule(PyObject *module, PyObject *index) {
    const Grammar *grammar = grammar_argument(module, index);
    return grammar ? PyCapsule_New((void *)grammar->language, "tree_sitter.Language", NULL) : NULL;
}

PyDoc_STRVAR(trim_doc,
    "trim()\n--\n\n"
    "Give the system what idle scans and the C library's heap hold on to: up to 2 MB each, and with glibc 37 MB after a\n"
    "source of 3 MB, for blocks of which it will ask again only for the next such source.");

static PyObject *kernel_trim(PyObject *module, PyObject *unused) {
    State *state = state_of(module);
    (void)unused;
    for (int i = 0; i < state->idle_count; i++) arena_reset(&state->idle[i]->arena, 0);
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
    Py_RETURN_NONE;
}

PyDoc_STRVAR(info_doc, "info()\n--\n\nWhat this kernel was built from.");

static PyObject *kernel_info(PyObject *module, PyObject *unused) {
    (void)module, (void)unused;
    return Py_BuildValue("{s:s,s:s,s:{s:s,s:s},s:s}", "sources", KERNEL_SOURCES, "tree_sitter", KERNEL_TREE_SITTER, "grammars", "typescript",
                         KERNEL_GRAMMAR, "tsx", KERNEL_GRAMMAR, "allocator",
                         FIRST_LARGE ? "arena" : "checked");
}

#if defined(__linux__)
PyDoc_STRVAR(inotify_doc, "inotify()\n--\n\nA descriptor from which events in folders can be read. Python has no such call.");

static PyObject *kernel_inotify(PyObject *module, PyObject *unused) {
    (void)module, (void)unused;
    int descriptor = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    return descriptor < 0 ? PyErr_SetFromErrno(PyExc_OSError) : PyLong_FromLong(descriptor);
}

PyDoc_STRVAR(inotify_add_doc, "inotify_add(descriptor, path, mask)\n--\n\nThe number of a watch on a folder.");

static PyObject *kernel_inotify_add(PyObject *module, PyObject *arguments) {
    int descriptor, number;
    unsigned int mask;
    const char *path;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "iyI:inotify_add", &descriptor, &path, &mask)) return NULL;
    number = inotify_add_watch(descriptor, path, mask);
    return number < 0 ? PyErr_SetFromErrno(PyExc_OSError) : PyLong_FromLong(number);
}

PyDoc_STRVAR(inotify_remove_doc, "inotify_remove(descriptor, number)\n--\n\nEnd a watch, if there is one of that number.");

static PyObject *kernel_inotify_remove(PyObject *module, PyObject *arguments) {
    int descriptor, number;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "ii:inotify_remove", &descriptor, &number)) return NULL;
    inotify_rm_watch(descriptor, number);
    Py_RETURN_NONE;
}
#endif

#ifdef KERNEL_CHECKED
PyDoc_STRVAR(fail_after_doc, "fail_after(count)\n--\n\nLet this thread have so many more blocks of memory, and then none; -1: all it wants.");

static PyObject *kernel_fail_after(PyObject *module, PyObject *count) {
    (void)module;
    allocations_left = PyLong_AsLongLong(count);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}
#endif

// ── The module ───────────────────────────────────────────────────────────────────────────────────────────────────────

static int kernel_exec(PyObject *module) {
    State *state = state_of(module);
    if (!hash_key[0]) { // another interpreter may be scanning by it already
        hash_key[1] = (uint64_t)(uintptr_t)&hash_key * 0xC2B2AE3D27D4EB4Fu ^ (uint64_t)clock();
        hash_key[0] = ((uint64_t)(uintptr_t)state * 0x9E3779B97F4A7C15u ^ (uint64_t)milliseconds()) | 1;
    }
    return 0;
}

static void kernel_free_module(void *module) {
    State *state = state_of(module);
    if (!state) return;
    for (int i = 0; i < GRAMMARS; i++) PyMem_RawFree(state->grammars[i].fields);
    for (int i = 0; i < SLOTS; i++) table_release(state->tables[i]);
    while (state->idle_count) delete_scan(state->idle[--state->idle_count]);
}

static PyMethodDef kernel_methods[] = {
    {"grammars", kernel_grammars, METH_NOARGS, grammars_doc},
    {"symbols", kernel_symbols, METH_O, symbols_doc},
    {"fields", kernel_fields, METH_O, fields_doc},
    {"constants", kernel_constants, METH_NOARGS, constants_doc},
    {"configure", kernel_configure, METH_VARARGS, configure_doc},
    {"scan", kernel_scan, METH_VARARGS, scan_doc},
    {"clones", kernel_clones, METH_VARARGS, clones_doc},
    {"tally", kernel_tally, METH_VARARGS, tally_doc},
    {"imports", kernel_imports, METH_VARARGS, imports_doc},
    {"names", kernel_names, METH_O, names_doc},
    {"bindings", kernel_bindings, METH_VARARGS, bindings_doc},
    {"graph", kernel_graph, METH_VARARGS, graph_doc},
    {"squeezed", kernel_squeezed, METH_O, squeezed_doc},
    {"unsqueezed", kernel_unsqueezed, METH_VARARGS, unsqueezed_doc},
    {"packed", kernel_packed, METH_O, packed_doc},
    {"unpacked", kernel_unpacked, METH_O, unpacked_doc},
    {"rows", kernel_rows, METH_VARARGS, rows_doc},
    {"columns", kernel_columns, METH_O, columns_doc},
    {"digest", kernel_digest, METH_VARARGS, digest_doc},
    {"filled", kernel_filled, METH_VARARGS, filled_doc},
    {"capsule", kernel_capsule, METH_O, capsule_doc},
    {"trim", kernel_trim, METH_NOARGS, trim_doc},
    {"info", kernel_info, METH_NOARGS, info_doc},
#if defined(__linux__)
    {"inotify", kernel_inotify, METH_NOARGS, inotify_doc},
    {"inotify_add", kernel_inotify_add, METH_VARARGS, inotify_add_doc},
    {"inotify_remove", kernel_inotify_remove, METH_VARARGS, inotify_remove_doc},
#endif
#ifdef KERNEL_CHECKED
    {"fail_after", kernel_fail_after, METH_O, fail_after_doc},
#endif
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot kernel_slots[] = {
    {Py_mod_exec, kernel_exec},
    {0, NULL},
};

static PyModuleDef kernel_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "complexity_guard_kernel",
    .m_doc = "Parses TypeScript and reduces each tree to flat arrays, by role tables.",
    .m_size = sizeof(State),
    .m_methods = kernel_methods,
    .m_slots = kernel_slots,
    .m_free = kernel_free_module,
};

PyMODINIT_FUNC PyInit_complexity_guard_kernel(void) { return PyModuleDef_Init(&kernel_module); }
