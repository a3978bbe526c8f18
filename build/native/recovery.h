// Error recovery that ends soon: tree-sitter's parse loop, with a bound on its work.
//
// On a program, the parser does work in proportion to its size. On text that is none, what it does can grow with the
// square of its size or worse: trailing errors are popped and pushed again by each reduction, a comment that nothing closes
// is read to the end of the file at each `/*`, ways to read `x<y<` add up. So work is counted, and once there was an error
// the parser may do so much for each byte and no more. Past that it gives the stretch up that it is in: all since the
// last such place becomes one ERROR node, some text is skipped, and parsing begins anew behind it as at the start of a file.
// Functions inside the ERROR are measured as inside any other. Counts, not clocks, decide: results are the same on each
// machine and at each time.
#ifndef KERNEL_RECOVERY_H
#define KERNEL_RECOVERY_H

// One unit of work is about one block of memory taken, 50 ns of a parse.
enum {
    FREE_WORK = 2 * 1000 * 1000,
    WORK_PER_BYTE = 20,
    FREE_READING = 64 * 1024 * 1024, // bytes in tokens, and in looks ahead, of more than 64 bytes
    READING_PER_BYTE = 64,
    ERROR_WORK = 500,          // of an error: all tokens are tried in all states that may lie behind it
    SHORTEST_SKIP = 1024,      // bytes given up at a time, which pay for the work that may follow
    LONGEST_LINE = 16 * 1024,  // what is skipped ends with its line, or where a statement may on a longer one
    MOST_GATHERED = 400 * 1000, // trees on all paths through a stack that are worth comparing
};

static inline void note_work(uint64_t units) { *recovery.work += units; }

// ── What is counted, besides the blocks that the arena counts ────────────────────────────────────────────────────────

static StackSliceArray counted_pop(Stack *stack, StackVersion version, uint32_t count) {
    StackSliceArray slices = ts_stack_pop_count(stack, version, count);
    uint32_t trees = slices.size ? array_get(&slices, 0)->subtrees.size : 0;
    if (slices.size > 1 || trees > 32) note_work((uint64_t)slices.size * trees);
    return slices;
}

static void counted_start(Lexer *lexer) {
    recovery.lexed_from = lexer->current_position.bytes;
    ts_lexer_start(lexer);
}

static void counted_finish(Lexer *lexer, uint32_t *end) {
    ts_lexer_finish(lexer, end);
    uint32_t read = lexer->current_position.bytes - recovery.lexed_from;
    if (read <= 64) return;
    note_work(read / 16);
    recovery.lexed += read;
}

static void counted_summary(Stack *stack, StackVersion version, unsigned depth) {
    recovery.erred = true;
    note_work(ERROR_WORK);
    ts_stack_record_summary(stack, version, depth);
}

// A tree is no different from itself, of which the core convinces itself node by node.
static int counted_compare(Subtree left, Subtree right, SubtreePool *pool) {
    if (left.ptr == right.ptr) return 0;
    note_work(1 + ts_subtree_visible_descendant_count(left));
    return ts_subtree_compare(left, right, pool);
}

// ── All trees of a stack ─────────────────────────────────────────────────────────────────────────────────────────────

static uint32_t cost_through(const StackLink *link) {
    return link->node->error_cost + (link->subtree.ptr ? ts_subtree_error_cost(link->subtree) : 0);
}

// The trees of a version from the first to the last, along the links that cost least.
static SubtreeArray one_path(Stack *stack, StackVersion version) {
    SubtreeArray trees = array_new();
    for (const StackNode *node = array_get(&stack->heads, version)->node; node->link_count;) {
        const StackLink *best = &node->links[0];
        for (unsigned i = 1; i < node->link_count; i++)
            if (cost_through(&node->links[i]) < cost_through(best)) best = &node->links[i];
        if (best->subtree.ptr) {
            ts_subtree_retain(best->subtree);
            array_push(&trees, best->subtree);
        }
        node = best->node;
    }
    ts_subtree_array_reverse(&trees);
    return trees;
}

// As the core's, which goes along 64 paths at once: 8 GB for 100 KB of `x<y<`. Where there is so much, one has to do.
static StackSliceArray bounded_pop_all(Stack *stack, StackVersion version) {
    uint64_t depth = 0, paths = 1;
    const StackNode *node = array_get(&stack->heads, version)->node;
    for (; node->link_count; node = node->links[0].node) {
        depth++;
        if (paths < MAX_ITERATOR_COUNT) paths *= node->link_count;
    }
    note_work(depth);
    if (depth * paths <= MOST_GATHERED || paths == 1) return ts_stack_pop_all(stack, version);
    SubtreeArray trees = one_path(stack, version);
    array_clear(&stack->slices);
    ts_stack__add_slice(stack, version, stack->base_node, &trees);
    return stack->slices;
}

#define ts_stack_pop_count counted_pop
#define ts_stack_pop_all bounded_pop_all
#define ts_stack_record_summary counted_summary
#define ts_lexer_start counted_start
#define ts_lexer_finish counted_finish
#define ts_subtree_compare counted_compare
#include "parser.c"
#undef ts_stack_pop_count
#undef ts_stack_pop_all
#undef ts_stack_record_summary
#undef ts_lexer_start
#undef ts_lexer_finish
#undef ts_subtree_compare

// ── Stretches given up ───────────────────────────────────────────────────────────────────────────────────────────────

// Work done beyond what is allowed up to where the best version is.
static int64_t excess_work(const TSParser *self) {
    uint32_t position = ts_stack_version_count(self->stack) ? ts_stack_position(self->stack, 0).bytes : 0;
    return (int64_t)*recovery.work - recovery.granted - FREE_WORK - (int64_t)WORK_PER_BYTE * position;
}

// Where there was no error, reading far ahead alone is bounded: `/* /* ` may be regular expressions, as far as a parser sees.
static bool is_spent(const TSParser *self) {
    return recovery.erred ? excess_work(self) > 0 : recovery.lexed > recovery.most_lexed;
}

// What a given-up stretch ends with: the character of a leaf that no source has.
enum { GIVEN_UP = -2 };

static bool is_given_up(Subtree tree) {
    if (!ts_subtree_is_error(tree) || !ts_subtree_child_count(tree)) return false;
    Subtree last = ts_subtree_children(tree)[ts_subtree_child_count(tree) - 1];
    return ts_subtree_is_error(last) && !ts_subtree_child_count(last) && last.ptr->lookahead_char == GIVEN_UP;
}

// Where to begin anew: behind the end of a line, or on a very long one behind what may end a statement.
static uint32_t resumption(Source source, uint32_t from, uint64_t skipped) {
    if (source.size - from <= skipped) return source.size;
    uint32_t start = from + (uint32_t)skipped, at = start;
    for (; at < source.size && at < start + LONGEST_LINE; at++)
        if (source.bytes[at] == '\n') return at + 1;
    for (at = start; at < source.size; at++)
        if (source.bytes[at] == ';' || source.bytes[at] == '}' || source.bytes[at] == '\n') return at + 1;
    return source.size;
}

static Length length_between(Source source, uint32_t from, uint32_t to) {
    Length length = {to - from, {0, to - from}};
    for (uint32_t at = from; at < to; at++)
        if (source.bytes[at] == '\n') length.extent = (TSPoint){length.extent.row + 1, to - at - 1};
    return length;
}

// All of the best version becomes an ERROR, with some of the text that follows; parsing goes on behind it.
static void give_up_stretch(TSParser *self, Source source) {
    uint64_t excess = excess_work(self) > 0 ? (uint64_t)excess_work(self) : 0;
    uint32_t from = ts_stack_position(self->stack, 0).bytes;
    uint32_t to = resumption(source, from, SHORTEST_SKIP + excess / WORK_PER_BYTE);
    SubtreeArray trees = one_path(self->stack, 0);
    ts_stack_clear(self->stack);
    uint32_t kept = 0;
    for (; kept < trees.size && ts_subtree_is_error(*array_get(&trees, kept)); kept++) // of earlier stretches
        ts_stack_push(self->stack, 0, *array_get(&trees, kept), false, 1);
    array_splice(&trees, 0, kept, 0, NULL);
    Length skipped = length_between(source, from, to);
    array_push(&trees, ts_subtree_new_error(&self->tree_pool, GIVEN_UP, length_zero(), skipped, 0, 0, self->language));
    ts_stack_push(self->stack, 0, ts_subtree_new_error_node(&trees, true, self->language), false, 1);
    StackHead *head = array_get(&self->stack->heads, 0);
    head->node_count_at_last_error = head->node->node_count;
    recovery.erred = true;
    recovery.granted += SHORTEST_SKIP * WORK_PER_BYTE;
}

// ── The parse loop ───────────────────────────────────────────────────────────────────────────────────────────────────

// `expression` around `primary_expression` around a name: a hidden node with one child, of which nobody sees anything. Where
// there is but one way to read the text, it is not made; the state on top of the stack changes as if it had been. That saves
// half of the nodes of dense code. With more than one version, trees may be compared node by node, and stay as published.
static bool reduce_in_place(TSParser *self, StackVersion version, TSParseAction action, const uint8_t *transparent) {
    if (action.reduce.child_count != 1 || action.reduce.production_id || action.reduce.dynamic_precedence ||
        !transparent[action.reduce.symbol] || ts_stack_version_count(self->stack) != 1 || self->finished_tree.ptr)
        return false;
    StackNode *node = array_get(&self->stack->heads, version)->node;
    if (node->link_count != 1 || node->ref_count != 1 || !node->links[0].subtree.ptr ||
        ts_subtree_extra(node->links[0].subtree)) return false;
    node->state = ts_language_next_state(self->language, node->links[0].node->state, action.reduce.symbol);
    return true;
}

// As `ts_parser__advance`, without an older tree to take nodes from.
static bool advance_version(TSParser *self, StackVersion version, const uint8_t *transparent) {
    TSStateId state = ts_stack_state(self->stack, version);
    uint32_t position = ts_stack_position(self->stack, version).bytes;
    Subtree external = ts_stack_last_external_token(self->stack, version);
    TableEntry entry = {.action_count = 0};
    Subtree lookahead = ts_parser__get_cached_token(self, state, position, external, &entry);
    for (bool needs_lex = !lookahead.ptr;;) {
        if (needs_lex) {
            needs_lex = false;
            lookahead = ts_parser__lex(self, version, state);
            if (lookahead.ptr) ts_parser__set_cached_token(self, position, external, lookahead);
            // Without a token, an extra of several tokens ends here.
            TSSymbol symbol = lookahead.ptr ? ts_subtree_symbol(lookahead) : ts_builtin_sym_end;
            ts_language_table_entry(self->language, state, symbol, &entry);
        }
        if (!ts_parser__check_progress(self, &lookahead, &position, 1)) return false;
        StackVersion reduced = STACK_VERSION_NONE;
        bool did_reduce = false;
        for (uint32_t i = 0; i < entry.action_count; i++) {
            TSParseAction action = entry.actions[i];
            switch (action.type) {
            case TSParseActionTypeShift:
                if (action.shift.repetition) break;
                ts_parser__shift(self, version, action.shift.extra ? state : action.shift.state, lookahead,
                                 action.shift.extra);
                return true;
            case TSParseActionTypeReduce:
                did_reduce = true;
                if (entry.action_count == 1 && lookahead.ptr && reduce_in_place(self, version, action, transparent)) {
                    reduced = version;
                    break;
                }
                StackVersion made = ts_parser__reduce(
                    self, version, action.reduce.symbol, action.reduce.child_count, action.reduce.dynamic_precedence,
                    action.reduce.production_id, entry.action_count > 1, !lookahead.ptr);
                if (made != STACK_VERSION_NONE) reduced = made;
                break;
            case TSParseActionTypeAccept:
                ts_parser__accept(self, version, lookahead);
                return true;
            case TSParseActionTypeRecover:
                ts_parser__recover(self, version, lookahead);
                return true;
            }
        }
        if (reduced != STACK_VERSION_NONE) {
            ts_stack_renumber_version(self->stack, reduced, version);
            state = ts_stack_state(self->stack, version);
            needs_lex = !lookahead.ptr;
            if (lookahead.ptr)
                ts_language_table_entry(self->language, state, ts_subtree_leaf_symbol(lookahead), &entry);
            continue;
        }
        if (did_reduce) { // and what came of it was merged into another version
            if (lookahead.ptr) ts_subtree_release(&self->tree_pool, lookahead);
            ts_stack_halt(self->stack, version);
            return true;
        }
        TSSymbol word = self->language->keyword_capture_token;
        if (ts_subtree_is_keyword(lookahead) && ts_subtree_symbol(lookahead) != word &&
            !ts_language_is_reserved_word(self->language, state, ts_subtree_symbol(lookahead))) {
            ts_language_table_entry(self->language, state, word, &entry);
            if (entry.action_count > 0) { // a name, here
                MutableSubtree name = ts_subtree_make_mut(&self->tree_pool, lookahead);
                ts_subtree_set_symbol(&name, word, self->language);
                lookahead = ts_subtree_from_mut(name);
                continue;
            }
        }
        if (state == ERROR_STATE) ts_parser__recover(self, version, lookahead);
        else ts_stack_pause(self->stack, version, lookahead);
        return true;
    }
}

// As `ts_parser_parse`, for a first parse. NULL_SUBTREE where the progress callback had enough.
static Subtree parse_bounded(TSParser *self, TSInput input, Source source, const uint8_t *transparent) {
    uint32_t last_position = 0, version_count = 0;
    recovery.most_lexed = FREE_READING + (uint64_t)READING_PER_BYTE * source.size;
    ts_lexer_set_input(&self->lexer, input);
    ts_parser__external_scanner_create(self);
    do {
        for (StackVersion version = 0; version_count = ts_stack_version_count(self->stack), version < version_count;
             version++) {
            while (ts_stack_is_active(self->stack, version)) {
                if (!advance_version(self, version, transparent)) return NULL_SUBTREE;
                uint32_t position = ts_stack_position(self->stack, version).bytes;
                if (position > last_position || (version > 0 && position == last_position)) {
                    last_position = position;
                    break;
                }
            }
        }
        unsigned least_cost = ts_parser__condense_stack(self);
        if (self->finished_tree.ptr && (ts_subtree_error_cost(self->finished_tree) < least_cost || is_spent(self))) {
            ts_stack_clear(self->stack);
            break;
        }
        if (version_count != 0 && is_spent(self)) give_up_stretch(self, source);
    } while (version_count != 0);
    return ts_parser__balance_subtree(self) ? self->finished_tree : NULL_SUBTREE;
}

#endif
