// What events do to the numbers of the functions that they are in, by a table of effects.
//
// It knows no rule: which kind of event does what is said by the bits that complexity_guard.py hands over with the events.
// `Reader` in that module does the same, and is the readable definition.
#ifndef KERNEL_TALLY_H
#define KERNEL_TALLY_H

#include "walk.h"

// The word of effects of a kind of event. complexity_guard.py's section "Language" says what each bit means.
enum {
    TALLIED = 1 << 0,
    COUNTS = 1 << 1,
    COSTS = 1 << 2,
    NESTED = 1 << 3,
    OPENS = 1 << 4,
    JOINS = 1 << 5,
    JOINED = 1 << 6,
    CONTINUED = 1 << 7,
    CHAINED = 1 << 8,
    SPOILS = 1 << 9,
    FREES = 1 << 10,
    TRANSPARENT = 1 << 11,
    ARMED = 1 << 12,
    PASSES_ON = 1 << 13,
    SETS_MARK = 1 << 14,
    HOLDS_MARKS = 1 << 15,
    TAKES_MARK = 1 << 16,
    HAS_PARAMETER = 1 << 17,
    LEAVES = 1 << 18,
    REPORTED = 1 << 19,
};

enum { NESTS = 1, OUTSIDE = 2 }; // what a step from an event down to the next one means

typedef struct {
    int32_t kind, via, parent, start, end, line, label_start, label_end, above;
} Row;

typedef struct {
    int64_t outer, counts, costs, depth, parameters, mark; // 64 bits: the costs of deep nests grow with its square
} Tally;

typedef struct {
    int32_t event, function, number, nesting, fault; // number: 0 is the one that COUNTS makes, 1 that of COSTS
} Increment;

typedef struct {
    int32_t event, function;
} Report;

enum { TALLY_WIDTH = sizeof(Tally) / 8, INCREMENT_WIDTH = sizeof(Increment) / 4 };

// What an event hands down: the function that events below it are in and their nesting; and what both would be if it
// were no function itself.
typedef struct {
    int32_t inside, below, outside, beside;
    int32_t mark;     // the line of the first SETS_MARK right below, until somebody takes it
    int32_t chain;    // the first operator of the chain that it is in, -1 for none
    int32_t spoiled;  // an operand of the chain that begins here SPOILS it
} Place;

typedef struct {
    int32_t heir;     // the function that its costs go to
    int32_t blocks;   // open ones
    int32_t fault;    // by how much ARMED nests what follows
} Inner;

typedef struct {
    int32_t end, function;
} Block;

typedef struct {
    int32_t root, position, event;
} Link; // of a chain

typedef struct {
    const Row *rows;
    int32_t count;
    const uint32_t *effects;  // by kind
    const uint8_t *steps;     // by the parent's kind and the field
    Place *places;            // by event; these six have room for every event
    Tally *tallies;
    Inner *inners;
    Report *reports;
    Block *blocks;
    Link *links;
    Increment *increments;    // room for two of each event
    int32_t tally_count, report_count, block_count, link_count, increment_count;
} Reading;

static inline uint32_t effects_of(const Reading *reading, int32_t event) {
    return reading->effects[reading->rows[event].kind];
}

// The effects of the event that this one is a direct child of.
static inline uint32_t effects_above(const Reading *reading, int32_t event) {
    return reading->effects[reading->rows[event].above];
}

static inline uint8_t step_to(const Reading *reading, int32_t event) {
    const Row *row = &reading->rows[event];
    return reading->steps[reading->rows[row->parent].kind << 8 | (row->via & 0xFF)];
}

static int32_t outermost_of(const Reading *reading, int32_t event) {
    while (effects_above(reading, event) & TRANSPARENT) event = reading->rows[event].parent;
    return event;
}

// The event that this one is a direct child of, what is TRANSPARENT aside; 0 where there is none.
static int32_t holder_of(const Reading *reading, int32_t event) {
    event = outermost_of(reading, event);
    return reading->rows[event].via & DIRECT ? reading->rows[event].parent : 0;
}

static void add_cost(Reading *reading, int32_t event, int32_t function, int32_t nesting, int32_t fault) {
    function = reading->inners[function].heir;
    reading->tallies[function].costs += 1 + nesting;
    reading->increments[reading->increment_count++] = (Increment){event, function, 1, nesting, fault};
}

static void begin_function(Reading *reading, int32_t event, uint32_t effects, int32_t outer) {
    const Row *row = &reading->rows[event];
    Place *place = &reading->places[event];
    int32_t number = reading->tally_count++;
    bool is_inner = effects & PASSES_ON && outer;
    if (event) {
        int32_t outermost = outermost_of(reading, event);
        bool is_arm = effects_above(reading, outermost) & ARMED && step_to(reading, outermost) == NESTS;
        reading->inners[outer].fault += is_arm;
    }
    Tally tally = {.outer = outer, .parameters = effects & HAS_PARAMETER && row->label_start >= 0};
    if (effects & TAKES_MARK && event) {
        tally.mark = reading->places[row->parent].mark;
        reading->places[row->parent].mark = 0;
    }
    reading->tallies[number] = tally;
    reading->inners[number] = (Inner){.heir = is_inner ? reading->inners[outer].heir : number};
    place->inside = number;
    place->below = is_inner ? place->below + 1 : 0;
}

static void charge(Reading *reading, int32_t event, uint32_t effects, int32_t function) {
    int32_t next = event + 1;
    bool goes_on = effects & CONTINUED && next < reading->count && reading->rows[next].parent == event &&
                   reading->rows[next].via & DIRECT && effects_of(reading, next) & JOINS;
    if (goes_on) return;
    Place *place = &reading->places[event];
    int32_t fault = 0, nesting = 0;
    if (effects & JOINS && effects_above(reading, event) & CONTINUED) {
        place->below = reading->places[reading->rows[event].parent].below;
    } else if (effects & NESTED) {
        fault = reading->inners[function].fault;
        nesting = place->below + fault;
    }
    add_cost(reading, event, function, nesting, fault);
}

static void open_block(Reading *reading, int32_t event, uint32_t effects, int32_t function) {
    const Row *row = &reading->rows[event];
    Tally *tally = &reading->tallies[function];
    while (reading->block_count && reading->blocks[reading->block_count - 1].end <= row->start)
        reading->inners[reading->blocks[--reading->block_count].function].blocks--;
    if (!(effects & JOINS && effects_above(reading, event) & JOINED)) {
        int32_t depth = ++reading->inners[function].blocks;
        if (depth > tally->depth) tally->depth = depth;
    }
    reading->blocks[reading->block_count++] = (Block){row->end, function};
}

static void link_operator(Reading *reading, int32_t event) {
    int32_t chain = reading->places[holder_of(reading, event)].chain;
    if (chain < 0) chain = event;
    reading->places[event].chain = chain;
    reading->links[reading->link_count++] = (Link){chain, reading->rows[event].label_start, event};
}

static void spoil(Reading *reading, int32_t event) {
    int32_t chain = reading->places[holder_of(reading, event)].chain;
    if (chain >= 0) reading->places[chain].spoiled = 1;
}

static void mark_line(Reading *reading, int32_t event) {
    const Row *row = &reading->rows[event];
    int32_t *mark = &reading->places[row->parent].mark;
    if (effects_above(reading, event) & HOLDS_MARKS && !*mark) *mark = row->line;
}

static void leave_function(Reading *reading, int32_t event) {
    Place *parent = &reading->places[reading->rows[event].parent];
    parent->inside = parent->outside;
    parent->below = parent->beside;
}

static void apply(Reading *reading, int32_t event, uint32_t effects, int32_t function) {
    if (effects & COUNTS) {
        reading->tallies[function].counts++;
        reading->increments[reading->increment_count++] = (Increment){event, function, 0, 0, 0};
    }
    if (effects & CHAINED) link_operator(reading, event);
    else if (effects & COSTS) charge(reading, event, effects, function);
    if (effects & OPENS) open_block(reading, event, effects, function);
    if (effects & SPOILS) spoil(reading, event);
    if (effects & SETS_MARK) mark_line(reading, event);
    if (effects & LEAVES) leave_function(reading, event);
    if (effects & REPORTED) reading->reports[reading->report_count++] = (Report){event, function};
    if (effects & TALLIED) begin_function(reading, event, effects, function);
}

static void read_event(Reading *reading, int32_t event) {
    const Place *parent = &reading->places[reading->rows[event].parent];
    uint8_t step = step_to(reading, event);
    int32_t function = step == OUTSIDE ? parent->outside : parent->inside;
    int32_t nesting = step == OUTSIDE ? parent->beside : parent->below + (step == NESTS);
    reading->places[event] = (Place){function, nesting, function, nesting, .chain = -1};
    uint32_t effects = effects_of(reading, event);
    if (effects) apply(reading, event, effects, function);
}

static int compare_links(const void *one, const void *other) {
    const Link *a = one, *b = other;
    if (a->root != b->root) return a->root < b->root ? -1 : 1;
    if (a->position != b->position) return a->position < b->position ? -1 : 1;
    return a->event < b->event ? -1 : a->event > b->event;
}

static bool is_free(const Reading *reading, const Link *links, int32_t count) {
    int32_t root = links->root, kind = reading->rows[root].kind;
    if (!(effects_of(reading, holder_of(reading, root)) & FREES) || reading->places[root].spoiled) return false;
    for (int32_t i = 0; i < count; i++)
        if (reading->rows[links[i].event].kind != kind) return false;
    return true;
}

// The operators of each chain, as they stand in the source: a run of those of one kind costs once.
static void charge_chains(Reading *reading) {
    qsort(reading->links, (size_t)reading->link_count, sizeof(Link), compare_links);
    for (int32_t first = 0, next; first < reading->link_count; first = next) {
        const Link *links = &reading->links[first];
        for (next = first; next < reading->link_count && reading->links[next].root == links->root;) next++;
        if (is_free(reading, links, next - first)) continue;
        for (int32_t i = 0, previous = 0; i < next - first; i++) {
            int32_t event = links[i].event, kind = reading->rows[event].kind;
            if (kind != previous && effects_of(reading, event) & COSTS)
                add_cost(reading, event, reading->places[event].inside, 0, 0);
            previous = kind;
        }
    }
}

// Whether events are such as a scan leaves: the root first, then each below one before it.
static bool rows_are_sound(const Row *rows, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        const Row *row = &rows[i];
        if (row->kind < 1 || row->kind > 255 || row->via < 0 || row->via > (DIRECT | 0xFF)) return false;
        if (row->above < 0 || row->above > 255) return false;
        if (i ? row->parent < 0 || row->parent >= i : row->parent != -1 || row->via & DIRECT) return false;
    }
    return count > 0;
}

// False where there is no memory. What `room` points to has to be freed.
static bool read_events(Reading *reading, void **room) {
    size_t count = (size_t)reading->count;
    size_t each = sizeof(Tally) + sizeof(Place) + sizeof(Inner) + sizeof(Report) + sizeof(Block) + sizeof(Link) +
                  2 * sizeof(Increment);
    char *at = *room = malloc(count * each);
    if (!at) return false;
    reading->tallies = (Tally *)at, at += count * sizeof(Tally); // first: the others need less alignment
    reading->places = (Place *)at, at += count * sizeof(Place);
    reading->inners = (Inner *)at, at += count * sizeof(Inner);
    reading->reports = (Report *)at, at += count * sizeof(Report);
    reading->blocks = (Block *)at, at += count * sizeof(Block);
    reading->links = (Link *)at, at += count * sizeof(Link);
    reading->increments = (Increment *)at;
    reading->places[0] = (Place){.chain = -1};
    begin_function(reading, 0, effects_of(reading, 0), 0);
    for (int32_t event = 1; event < reading->count; event++) read_event(reading, event);
    charge_chains(reading);
    return true;
}

#endif
